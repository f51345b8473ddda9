package websub

import (
	"crypto/hmac"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"hash"
	"strings"
)

// algorithms are the recognised names of section 7.1.1. SHA-1 is among them since most
// hubs know no other; within HMAC it is not broken (RFC 6194, section 3.3).
var algorithms = map[string]func() hash.Hash{
	"sha1": sha1.New, "sha256": sha256.New, "sha384": sha512.New384, "sha512": sha512.New,
}

// maxSignature is longer than any X-Hub-Signature header.
const maxSignature = 256

// Authentic says whether a header X-Hub-Signature ("sha256=…") is the HMAC of the body
// with the secret, in a time that does not tell how much of it is right.
func Authentic(header, secret string, body []byte) bool {
	if secret == "" || len(header) > maxSignature {
		return false
	}
	name, value, ok := strings.Cut(strings.TrimSpace(header), "=")
	algorithm := algorithms[strings.ToLower(name)]
	if !ok || algorithm == nil {
		return false
	}
	signature, err := hex.DecodeString(value)
	if err != nil {
		return false
	}
	mac := hmac.New(algorithm, []byte(secret))
	mac.Write(body)
	return hmac.Equal(signature, mac.Sum(nil))
}

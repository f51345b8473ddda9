// Package sealed frames the data files that programs embed: a magic that names
// the layout, and a checksum, so that a damaged file is told from a good one.
package sealed

import (
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"sync"
)

// Seal puts the magic and the CRC-32 (IEEE, little endian) of body before it.
func Seal(magic string, body []byte) []byte {
	out := binary.LittleEndian.AppendUint32([]byte(magic), crc32.ChecksumIEEE(body))
	return append(out, body...)
}

// Open checks the magic and the sum and gives the body, which shares file's bytes.
func Open(magic string, file []byte) ([]byte, error) {
	head := len(magic) + 4
	if len(file) < head || string(file[:len(magic)]) != magic {
		return nil, fmt.Errorf("no file of layout %s", magic)
	}
	body := file[head:]
	if binary.LittleEndian.Uint32(file[len(magic):]) != crc32.ChecksumIEEE(body) {
		return nil, fmt.Errorf("file of layout %s is damaged: checksum", magic)
	}
	return body, nil
}

// Lazy opens and decodes a file when it is first asked for.
func Lazy[T any](file []byte, decode func(file []byte) (T, error)) func() (T, error) {
	return sync.OnceValues(func() (T, error) { return decode(file) })
}

package config

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"
)

// Bytes is a number of bytes. It is written with a decimal unit (kB, MB, GB,
// TB) or a binary one (KiB, MiB, GiB, TiB; IEC 80000-13), in either case of
// letters, or with none.
type Bytes int64

// Binary units.
const (
	KiB Bytes = 1 << 10
	MiB Bytes = 1 << 20
	GiB Bytes = 1 << 30
	TiB Bytes = 1 << 40
)

// byteUnits are tried in this order by String: the largest first, and of
// neighbours the binary one.
var byteUnits = []struct {
	name string
	size Bytes
}{
	{"TiB", TiB},
	{"TB", 1e12},
	{"GiB", GiB},
	{"GB", 1e9},
	{"MiB", MiB},
	{"MB", 1e6},
	{"KiB", KiB},
	{"kB", 1e3},
	{"B", 1},
}

var errBytes = errors.New("not a size in bytes")

// ParseBytes reads a size such as 10MiB, 1GB or 4096. Fractions, negative sizes
// and bare letters such as 10M, which mean different things to different people,
// are errors.
func ParseBytes(s string) (Bytes, error) {
	digits := strings.TrimRight(s, "BKMGTIbkmgti ")
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || n < 0 || strings.HasPrefix(s, "+") {
		return 0, fmt.Errorf("%w: %q", errBytes, s)
	}
	unit := strings.TrimSpace(s[len(digits):])
	if unit == "" {
		return Bytes(n), nil
	}
	for _, u := range byteUnits {
		if !strings.EqualFold(u.name, unit) {
			continue
		}
		if n > math.MaxInt64/int64(u.size) {
			return 0, fmt.Errorf("%w: %q is too large", errBytes, s)
		}
		return Bytes(n) * u.size, nil
	}
	return 0, fmt.Errorf("%w: %q", errBytes, s)
}

// String is the size in the largest unit that divides it, so that ParseBytes
// reads the same number again.
func (b Bytes) String() string {
	if b == 0 {
		return "0B"
	}
	for _, u := range byteUnits {
		if b%u.size == 0 {
			return strconv.FormatInt(int64(b/u.size), 10) + u.name
		}
	}
	return strconv.FormatInt(int64(b), 10) + "B"
}

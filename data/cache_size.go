package data

import (
	"fmt"
	"math"
	"strconv"
	"strings"
)

// CacheSize is the memory for decoded images as a user names it: "2GiB",
// "500MB", "0" or "none" for no cache. The zero value, "auto", is a quarter of
// the memory that is free.
type CacheSize int64

const (
	noCache    CacheSize = -1
	leastCache           = 64 << 20
)

// cacheUnits from the longest suffix.
var cacheUnits = []struct {
	suffix string
	bytes  float64
}{{"KiB", 1 << 10}, {"MiB", 1 << 20}, {"GiB", 1 << 30}, {"TiB", 1 << 40},
	{"kB", 1e3}, {"KB", 1e3}, {"MB", 1e6}, {"GB", 1e9}, {"TB", 1e12}, {"B", 1}, {"", 1}}

// UnmarshalText reads a number of bytes with or without a unit.
func (s *CacheSize) UnmarshalText(text []byte) error {
	word := strings.TrimSpace(string(text))
	switch word {
	case "", "auto":
		*s = 0
		return nil
	case "none":
		*s = noCache
		return nil
	}
	for _, unit := range cacheUnits {
		number, ok := strings.CutSuffix(word, unit.suffix)
		if !ok {
			continue
		}
		value, err := strconv.ParseFloat(strings.TrimSpace(number), 64)
		value *= unit.bytes
		if err != nil || !(value >= 0 && value < math.MaxInt64) {
			break
		}
		if *s = CacheSize(value); *s == 0 {
			*s = noCache
		}
		return nil
	}
	return fmt.Errorf("cache size %q, expected a number of bytes such as 2GiB or 500MB, none or auto", word)
}

// MarshalText writes what UnmarshalText reads.
func (s CacheSize) MarshalText() ([]byte, error) {
	switch {
	case s == 0:
		return []byte("auto"), nil
	case s < 0:
		return []byte("none"), nil
	}
	return strconv.AppendInt(nil, int64(s), 10), nil
}

// Bytes is the number for [Cached].
func (s CacheSize) Bytes() int {
	switch {
	case s < 0:
		return 0
	case s == 0:
		return max(FreeMemory()/4, leastCache)
	}
	return int(s)
}

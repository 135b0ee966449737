package data

import (
	"bytes"
	"fmt"
	"math"
	"os"
	"strconv"
	"strings"
)

// CacheSize is the memory for decoded images as a user names it: "2GiB",
// "500MB", "0" or "none" for no cache. The zero value, "auto", is a quarter of
// the memory that is free.
type CacheSize int64

const (
	noCache       CacheSize = -1
	leastCache              = 64 << 20
	unknownMemory           = 4 << 30 // where the system does not say
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
		return max(freeMemory()/4, leastCache)
	}
	return int(s)
}

// freeMemory is what the system can still give, or the container where that is less.
func freeMemory() int {
	free := unknownMemory
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		for line := range bytes.Lines(text) {
			var kib int
			if n, _ := fmt.Sscanf(string(line), "MemAvailable: %d kB", &kib); n == 1 {
				free = kib << 10
			}
		}
	}
	limit, used := readNumber("/sys/fs/cgroup/memory.max"), readNumber("/sys/fs/cgroup/memory.current")
	if limit > 0 && limit-used < free {
		free = max(limit-used, 0)
	}
	return free
}

// readNumber is 0 where the file holds none ("max").
func readNumber(path string) int {
	text, err := os.ReadFile(path)
	if err != nil {
		return 0
	}
	n, _ := strconv.Atoi(strings.TrimSpace(string(text)))
	return n
}

package data

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
)

const unknownMemory = 4 << 30 // where the system does not say

// FreeMemory is what this process can still be given, in bytes: the least of
// what the system has, what its control groups allow (a container, Slurm,
// systemd) and what its address space is limited to (ulimit -v).
func FreeMemory() int {
	free := unknownMemory
	if text, err := os.ReadFile("/proc/meminfo"); err == nil {
		for line := range bytes.Lines(text) {
			var kib int
			if n, _ := fmt.Sscanf(string(line), "MemAvailable: %d kB", &kib); n == 1 {
				free = kib << 10
			}
		}
	}
	if limit, used := addressSpace(); limit > 0 {
		free = min(free, max(limit-used, 0))
	}
	groups, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		return free
	}
	for line := range bytes.Lines(groups) {
		// "0::/PATH" of version 2, "4:memory:/PATH" of version 1.
		fields := strings.SplitN(strings.TrimSpace(string(line)), ":", 3)
		switch {
		case len(fields) != 3:
		case fields[1] == "":
			free = min(free, groupFree("/sys/fs/cgroup", fields[2], "memory.max", "memory.current", "inactive_file"))
		case fields[1] == "memory":
			free = min(free, groupFree("/sys/fs/cgroup/memory", fields[2], "memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file"))
		}
	}
	return free
}

// groupFree is what a control group and those above it leave. Files that the
// system keeps in memory count as used there, and give way.
func groupFree(root, group, limitFile, usedFile, givesWay string) int {
	free := int(^uint(0) >> 1)
	for path := filepath.Clean("/" + group); ; path = filepath.Dir(path) {
		dir := filepath.Join(root, path)
		if limit := readNumber(filepath.Join(dir, limitFile)); limit > 0 {
			used := readNumber(filepath.Join(dir, usedFile)) - statOf(filepath.Join(dir, "memory.stat"), givesWay)
			free = min(free, max(limit-max(used, 0), 0))
		}
		if path == "/" {
			return free
		}
	}
}

// statOf is one number of a memory.stat, 0 where it is not there.
func statOf(path, name string) int {
	text, _ := os.ReadFile(path)
	for line := range strings.Lines(string(text)) {
		if number, ok := strings.CutPrefix(line, name+" "); ok {
			n, _ := strconv.Atoi(strings.TrimSpace(number))
			return n
		}
	}
	return 0
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

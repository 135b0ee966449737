package bench

import (
	"os"
	"runtime"
	"strconv"
	"strings"
)

// procField reads a field of a /proc file, such as "VmHWM:" of /proc/self/status;
// "" where there is none.
func procField(file, field string) string {
	text, err := os.ReadFile(file)
	if err != nil {
		return ""
	}
	for line := range strings.Lines(string(text)) {
		if value, ok := strings.CutPrefix(line, field); ok {
			return strings.Trim(value, ": \t\n")
		}
	}
	return ""
}

// peakMiB is the most memory that this process has had, 0 where the system does
// not say. The kernel's VmHWM starts anew with the program, unlike getrusage's.
func peakMiB() float64 {
	kib, err := strconv.ParseFloat(strings.TrimSuffix(procField("/proc/self/status", "VmHWM:"), " kB"), 64)
	if err != nil {
		return 0
	}
	return kib / 1024
}

// busy is the load that others put on the machine as the bench begins: processes
// that ran or waited in the last minute; 0 where the system does not say.
func busy() float64 {
	text, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return 0
	}
	minute, _, _ := strings.Cut(string(text), " ")
	load, err := strconv.ParseFloat(minute, 64)
	if err != nil {
		return 0
	}
	return load
}

// processor names the CPU.
func processor() string {
	if name := procField("/proc/cpuinfo", "model name"); name != "" {
		return name
	}
	return runtime.GOARCH
}

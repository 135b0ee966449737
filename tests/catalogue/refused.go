package catalogue

import (
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// Bounds of what one hostile file may cost over an idle command.
const (
	mostCPU    = time.Second
	mostMemory = 64 << 20
)

var (
	idleOnce sync.Once
	idleCost Outcome
)

// idle is what the command costs without any work.
func idle(t *testing.T) Outcome {
	idleOnce.Do(func() {
		for range 3 {
			one := Run(t, nil, "--help")
			idleCost.CPU, idleCost.Peak = max(idleCost.CPU, one.CPU), max(idleCost.Peak, one.Peak)
		}
	})
	return idleCost
}

// ownPeak is the test's own peak, with which its children start.
func ownPeak() int64 {
	var own syscall.Rusage
	if syscall.Getrusage(syscall.RUSAGE_SELF, &own) != nil {
		return 0
	}
	return peakBytes(&own)
}

// Refused runs the command on a hostile input and demands the house's error:
// exit code 1, one text that has each of the words (the file among them) and a
// next step, no stack trace; at most 1 s of processor and 64 MiB over idle.
func Refused(t *testing.T, words []string, args ...string) Outcome {
	t.Helper()
	base := idle(t)
	base.Peak = max(base.Peak, ownPeak())
	o := Run(t, nil, args...)
	CheckRefused(t, o, words...)
	if used := o.CPU - base.CPU; used > mostCPU {
		t.Errorf("it took %v of processor time, at most %v allowed", used, mostCPU)
	}
	if used := o.Peak - base.Peak; used > mostMemory {
		t.Errorf("it took %d MiB over idle, at most %d allowed", used>>20, mostMemory>>20)
	}
	return o
}

// CheckRefused demands the form of the house's errors of a command that ended.
func CheckRefused(t *testing.T, o Outcome, words ...string) {
	t.Helper()
	if o.Code != 1 {
		t.Errorf("exit code %d, expected 1\n%s", o.Code, o)
	}
	for _, word := range words {
		if !strings.Contains(o.Err, word) {
			t.Errorf("the error lacks %q:\n%s", word, o.Err)
		}
	}
	for _, bad := range []string{"goroutine ", "panic:", "runtime error", "\x00"} {
		if strings.Contains(o.Err, bad) || strings.Contains(o.Out, bad) {
			t.Errorf("the output has %q:\n%s", bad, o)
		}
	}
	if !strings.Contains(o.Err, "robustvit: ") || !strings.Contains(o.Err, ";") {
		t.Errorf("the error has no next step after a semicolon:\n%s", o.Err)
	}
	if len(o.Err) > 4000 {
		t.Errorf("the error has %d bytes", len(o.Err))
	}
}

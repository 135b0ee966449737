package tests

import (
	"crypto/sha256"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"os/signal"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/tests/catalogue"
)

// moment is when a process is killed: some time after a condition first holds.
type moment struct {
	when  func() bool // nil: from the start on
	later time.Duration
}

// look is how long lies between two looks at a condition.
const look = 200 * time.Microsecond

// killed starts a command and kills it at the moment. It says whether it came in time.
func (m moment) killed(t *testing.T, dir string, env []string, args ...string) (catalogue.Outcome, bool) {
	t.Helper()
	o := m.signalled(t, dir, env, []os.Signal{os.Kill}, args...)
	if o.Signal != syscall.SIGKILL && o.Code != 0 {
		t.Fatalf("it ended by itself, before it was killed: %v", o)
	}
	return o, o.Signal == syscall.SIGKILL
}

// signalled sends signals at the moment, a tenth of a second apart, and waits for the end.
func (m moment) signalled(t *testing.T, dir string, env []string, signals []os.Signal, args ...string) catalogue.Outcome {
	t.Helper()
	hear(signals)
	p := catalogue.Start(t, dir, env, args...)
	ended, sent := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(sent)
		for m.when != nil && !m.when() {
			select {
			case <-ended:
				return
			case <-time.After(look):
			}
		}
		time.Sleep(m.later)
		for i, s := range signals {
			if i > 0 {
				time.Sleep(100 * time.Millisecond)
			}
			_ = p.Process.Signal(s) // the process may have ended by then: its outcome says so
		}
	}()
	o := p.Wait(t)
	close(ended)
	<-sent
	return o
}

// hear lets children begin with signals that this process ignores, because it
// was started by nohup or in the background: they would keep ignoring them.
func hear(signals []os.Signal) {
	for _, s := range signals {
		if signal.Ignored(s) {
			signal.Notify(make(chan os.Signal, 1), s) // for good: Stop would have them ignored again
		}
	}
}

// killedAt runs the command that kills itself before the named operation.
func killedAt(t *testing.T, dir, point string, args ...string) catalogue.Outcome {
	t.Helper()
	o := catalogue.StartProgram(t, catalogue.Command(t, "failpoints"), dir, []string{"ROBUSTVIT_KILL_AT=" + point}, args...).Wait(t)
	name, _, _ := strings.Cut(point, ":")
	if o.Signal != syscall.SIGKILL || !strings.HasSuffix(o.Err, "point "+name+"\n") {
		t.Fatalf("not killed at %s: %v", point, o)
	}
	return o
}

// tries is how often a process that ended too early is started again.
const tries = 8

// kills counts what a row did, for the test's log.
type kills struct{ killed, late int }

func (k kills) String() string {
	return fmt.Sprintf("%d kills; %d more came too late and were tried again", k.killed, k.late)
}

// until tries a kill in new places until it comes in time. The moment gets the
// number of the try: later tries should come earlier.
func (k *kills) until(t *testing.T, args []string, place func() string, at func(dir string, try int) moment) (dir string, o catalogue.Outcome) {
	t.Helper()
	for try := range tries {
		dir = place()
		o, caught := at(dir, try).killed(t, dir, nil, args...)
		if caught {
			k.killed++
			return dir, o
		}
		k.late++
	}
	t.Fatalf("robustvit %s ended before it was killed, %d times", strings.Join(args, " "), tries)
	return "", o
}

// random draws the moments of a row, the same in every run of the test.
func random(row string) *rand.Rand {
	sum := sha256.Sum256([]byte(row))
	return rand.New(rand.NewChaCha8(sum))
}

// upTo is a random part of d.
func upTo(rng *rand.Rand, d time.Duration) time.Duration {
	return time.Duration(rng.Int64N(int64(d) + 1))
}

// files are the files below a folder that the pattern of their base name fits.
func files(dir, pattern string) (names []string) {
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil { // being written: it comes and goes
			return nil
		}
		if ok, _ := filepath.Match(pattern, d.Name()); ok && !d.IsDir() {
			names = append(names, path)
		}
		return nil
	})
	return names
}

// clocked may differ: durations, a line a start, locks, and what only saves typing.
var clocked = []string{run.TimingFile, run.EnvironmentFile, run.OutputFile, "lock", ".command.json", ".detached.json"}

// endState is the SHA-256 of every file of a folder that promises the same
// bytes. A name with a dot that is none of ours is left behind by a kill.
func endState(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || clockedName(d.Name()) {
			return err
		}
		if strings.HasPrefix(d.Name(), ".") {
			t.Errorf("left behind: %s", path)
		}
		name, err := filepath.Rel(dir, path)
		all[name] = sumOf(t, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// clockedName says whether the file may differ.
func clockedName(name string) bool { return slices.Contains(clocked, filepath.Base(name)) }

func sumOf(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%x", sha256.Sum256(text))
}

// sameEnd fails unless the folder holds the files of the unbroken one, byte for byte.
func sameEnd(t *testing.T, want map[string]string, dir string) {
	t.Helper()
	got := endState(t, dir)
	if len(want) == 0 {
		t.Fatal("the unbroken folder is empty")
	}
	for name := range want {
		if sum, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		} else if sum != want[name] {
			t.Errorf("%s differs from the unbroken one", name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is not in the unbroken folder", name)
		}
	}
}

package run

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"testing"
)

// A child process trains in the folder childDir; see TestMain.
const (
	childDir   = "RUN_TEST_CHILD_DIR"
	childKill  = "RUN_TEST_KILL_AT"    // operation before which it kills itself
	childLimit = "RUN_TEST_FILE_LIMIT" // largest file, in bytes
	childSize  = "RUN_TEST_STATE_SIZE" // floats in the state
	childSteps = "RUN_TEST_STEPS"
	childStuck = "RUN_TEST_STUCK" // interrupt thyself so often, and never end
)

func TestMain(m *testing.M) {
	if dir := os.Getenv(childDir); dir != "" {
		if err := child(dir); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		os.Exit(0)
	}
	os.Exit(m.Run())
}

// child trains as its environment says and prints each step that was saved.
func child(dir string) error {
	if n := envInt(childStuck); n > 0 {
		return stuck(n)
	}
	if limit := envInt(childLimit); limit > 0 {
		signal.Ignore(syscall.SIGXFSZ) // a write over the limit then fails like one on a full Disk
		l := syscall.Rlimit{Cur: uint64(limit), Max: uint64(limit)}
		if err := syscall.Setrlimit(syscall.RLIMIT_FSIZE, &l); err != nil {
			return err
		}
	}
	at := envInt(childKill)
	shim := &faulty{hook: func(n int, _, _ string) error {
		if n == at {
			syscall.Kill(os.Getpid(), syscall.SIGKILL)
			select {}
		}
		return nil
	}}
	c := childRun()
	c.saved = func(step int) { fmt.Println(step) }
	return c.trainIn(shim, dir)
}

func childRun() toyRun {
	return toyRun{steps: max(envInt(childSteps), 5), every: 1, size: max(envInt(childSize), 32)}
}

func envInt(name string) int {
	n, _ := strconv.Atoi(os.Getenv(name))
	return n
}

// process is a running child.
type process struct {
	*exec.Cmd
	first  chan struct{} // closed once it has saved something or ended
	last   chan int
	stderr bytes.Buffer
}

func spawn(t *testing.T, dir string, env ...string) *process {
	t.Helper()
	p := &process{Cmd: exec.Command(os.Args[0]), first: make(chan struct{}), last: make(chan int, 1)}
	p.Env = append(append(os.Environ(), childDir+"="+dir), env...)
	p.Stderr = &p.stderr
	out, err := p.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := p.Start(); err != nil {
		t.Fatal(err)
	}
	go func() {
		begun := sync.OnceFunc(func() { close(p.first) })
		n := 0
		for in := bufio.NewScanner(out); in.Scan(); begun() {
			n, _ = strconv.Atoi(in.Text())
		}
		begun()
		p.last <- n
	}()
	return p
}

// wait waits for the end; saved is the last step that was reported as saved.
func (p *process) wait() (saved int) {
	saved = <-p.last
	p.Wait()
	return saved
}

// wantCheckpoint fails unless the folder's newest checkpoint is sound and at
// least as new as the last one that was reported as saved.
func wantCheckpoint(t *testing.T, where, dir string, saved int) {
	t.Helper()
	if saved == 0 {
		return
	}
	r, err := Open(dir)
	if err != nil {
		t.Fatalf("%s: %v", where, err)
	}
	_, at, warnings, err := r.Latest()
	if err != nil || len(warnings) > 0 || at.Step < saved {
		t.Errorf("%s: step %d was reported as saved; found step %d, warnings %q, error %v", where, saved, at.Step, warnings, err)
	}
}

// stride thins out loops over every file operation: each one is tried where
// ROBUSTVIT_KILLS is set, every n-th by default, a few with -short.
func stride(n int) int {
	switch {
	case os.Getenv("ROBUSTVIT_KILLS") != "":
		return 1
	case testing.Short():
		return 7 * n
	}
	return n
}

// A file size limit stands for a full disk (S2): the error says so, what was
// saved stays, and with room again the run ends as if nothing had been.
func TestFileSizeLimit(t *testing.T) {
	c := childRun()
	want := c.unbroken(t)
	for _, limit := range []int{100, 250, 300, 420, 700} { // in the config, the log, the state, the manifest
		dir := t.TempDir()
		p := spawn(t, dir, fmt.Sprintf("%s=%d", childLimit, limit))
		saved := p.wait()
		if p.ProcessState.Success() {
			t.Logf("limit %d: no file is so large", limit)
			continue
		}
		if text := p.stderr.String(); !strings.Contains(text, dir) || !strings.Contains(text, "free some space") {
			t.Errorf("limit %d: %s", limit, text)
		}
		wantCheckpoint(t, fmt.Sprintf("limit %d", limit), dir, saved)
		if err := c.trainIn(calm(), dir); err != nil {
			t.Fatalf("limit %d: cannot resume: %v", limit, err)
		}
		sameTree(t, want, dir)
	}
}

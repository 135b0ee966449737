package catalogue

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
)

// built are the commands of this process by their build tags.
var built = struct {
	sync.Mutex
	dir   string
	paths map[string]string
}{paths: map[string]string{}}

// Command builds the real command, once a process, and returns its path.
// With the tag failpoints it kills itself where ROBUSTVIT_KILL_AT says.
func Command(t testing.TB, tags ...string) string {
	t.Helper()
	built.Lock()
	defer built.Unlock()
	key := strings.Join(tags, ",")
	if path := built.paths[key]; path != "" {
		return path
	}
	if built.dir == "" {
		dir, err := os.MkdirTemp("", "robustvit-")
		if err != nil {
			t.Fatal(err)
		}
		built.dir = dir
	}
	noteSources(t)
	path := filepath.Join(built.dir, "robustvit"+strings.ReplaceAll(key, ",", "-"))
	Build(t, path, "-tags", key)
	built.paths[key] = path
	return path
}

// Build builds the real command at a path with flags of go build.
func Build(t testing.TB, path string, flags ...string) {
	t.Helper()
	cmd := exec.Command("go", append(append([]string{"build", "-o", path}, flags...), "github.com/robustvit/workbench/cmd/robustvit")...)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("build the command: %v\n%s", err, text)
	}
}

// noteSources looks at every source, so that go test knows what its cached
// result depends on: nothing imports the command.
func noteSources(t testing.TB) {
	t.Helper()
	err := filepath.WalkDir(Root(), func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && path != Root() && strings.HasPrefix(d.Name(), "."):
			return filepath.SkipDir
		case strings.HasSuffix(path, ".go"):
			_, err = os.Stat(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}

// Cleanup removes what [Command] built; [Main] calls it.
func Cleanup() {
	built.Lock()
	defer built.Unlock()
	if launcher.end != nil {
		launcher.end()
	}
	if built.dir != "" {
		os.RemoveAll(built.dir)
	}
	built.dir, built.paths = "", map[string]string{}
}

// Root is the folder of the checkout.
func Root() string {
	_, file, _, _ := runtime.Caller(0)
	return filepath.Dir(filepath.Dir(filepath.Dir(file)))
}

// Outcome is what a command left.
type Outcome struct {
	Code   int // -1: killed by a signal
	Out    string
	Err    string
	CPU    time.Duration // user and system
	Peak   int64         // largest resident memory, bytes; of the test's own process, where that is larger
	Signal syscall.Signal
}

// Run runs the command on the Go backend, which every machine has, in a folder
// that is not the checkout. Entries of env win.
func Run(t testing.TB, env []string, args ...string) Outcome {
	t.Helper()
	return RunIn(t, "", env, args...)
}

// RunIn is [Run] in the folder dir.
func RunIn(t testing.TB, dir string, env []string, args ...string) Outcome {
	t.Helper()
	cmd := Start(t, dir, env, args...)
	return cmd.Wait(t)
}

// Process is a command that runs.
type Process struct {
	*exec.Cmd
	out, err bytes.Buffer
}

// Start starts the command; call [Process.Wait].
func Start(t testing.TB, dir string, env []string, args ...string) *Process {
	t.Helper()
	return StartProgram(t, Command(t), dir, env, args...)
}

// StartProgram is [Start] for a path that [Command] returned.
func StartProgram(t testing.TB, program, dir string, env []string, args ...string) *Process {
	t.Helper()
	p := &Process{Cmd: exec.Command(program, args...)}
	p.Dir = dir
	p.Env = environment(env)
	p.Stdout, p.Stderr = &p.out, &p.err
	if err := p.Cmd.Start(); err != nil {
		t.Fatal(err)
	}
	return p
}

// environment is that of every command; entries of more win.
func environment(more []string) []string {
	return append(append(os.Environ(), "GOMLX_BACKEND=go", "NO_COLOR=1", "ROBUSTVIT_ROOT="+Root()), more...)
}

// Wait waits for the end.
func (p *Process) Wait(t testing.TB) Outcome {
	t.Helper()
	o, err := p.outcome()
	if err != nil {
		t.Fatal(err)
	}
	return o
}

func (p *Process) outcome() (Outcome, error) {
	err := p.Cmd.Wait()
	if exit := new(exec.ExitError); err != nil && !errors.As(err, &exit) {
		return Outcome{}, err
	}
	o := Outcome{Code: p.ProcessState.ExitCode(), Out: p.out.String(), Err: p.err.String(),
		CPU: p.ProcessState.UserTime() + p.ProcessState.SystemTime()}
	if usage, ok := p.ProcessState.SysUsage().(*syscall.Rusage); ok {
		o.Peak = peakBytes(usage)
	}
	if status, ok := p.ProcessState.Sys().(syscall.WaitStatus); ok && status.Signaled() {
		o.Signal = status.Signal()
	}
	return o, nil
}

// peakBytes: the system counts in KiB, macOS in bytes.
func peakBytes(u *syscall.Rusage) int64 {
	if runtime.GOOS == "darwin" {
		return u.Maxrss
	}
	return u.Maxrss << 10
}

// String is the outcome for a failure's text.
func (o Outcome) String() string {
	return fmt.Sprintf("exit code %d, signal %v, %v, %d MiB\nout: %.800s\nerr: %.2000s", o.Code, o.Signal, o.CPU, o.Peak>>20, o.Out, o.Err)
}

package setup

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// Venv is the virtual Python environment of a project folder.
type Venv struct {
	Root string // the project folder
	Name string // of the environment's folder in it, "" = .venv
}

// Dir is the environment's folder.
func (v Venv) Dir() string { return filepath.Join(v.Root, v.name()) }

func (v Venv) name() string { return cmp.Or(v.Name, ".venv") }

// Path joins names below the environment's folder.
func (v Venv) Path(names ...string) string {
	return filepath.Join(append([]string{v.Dir()}, names...)...)
}

// Python is the environment's interpreter.
func (v Venv) Python() string {
	if runtime.GOOS == "windows" {
		return v.Path("Scripts", "python.exe")
	}
	return v.Path("bin", "python")
}

// Works reports whether the environment's Python starts and has all of pip. A
// creation that was interrupted, or a Python that was removed, shows here.
func (v Venv) Works(ctx context.Context) bool {
	if _, err := os.Stat(v.Python()); err != nil {
		return false
	}
	const program = `import importlib.metadata as m, sys
sys.exit(not all(f.locate().exists() for f in m.files("pip") if f.suffix == ".py"))`
	cmd := exec.CommandContext(ctx, v.Python(), "-c", program)
	cmd.Env = v.Env()
	return cmd.Run() == nil
}

// Create makes the environment, or completes one that was left half-made.
func (v Venv) Create(ctx context.Context, python Python, lock *Lock) error {
	// venv repairs neither a link that points nowhere nor half of a pip.
	if _, err := os.Stat(v.Python()); errors.Is(err, fs.ErrNotExist) {
		_ = os.RemoveAll(v.Path("bin"))
	}
	half, _ := filepath.Glob(v.Path("lib", "python3*", "site-packages", "pip*"))
	for _, folder := range half {
		_ = os.RemoveAll(folder)
	}
	if err := os.MkdirAll(v.tmp(), 0o755); err != nil {
		return fmt.Errorf("prepare %q: %w", v.tmp(), err)
	}
	defer os.RemoveAll(v.tmp())
	text, err := v.run(ctx, lock, python.Path, "-m", "venv", v.Dir())
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("make %q with %s: %w: %s", v.Dir(), python.Path, err, lastLines(text, 3))
	}
	return err
}

// run starts a program of the environment and returns what it printed. The
// child holds the lock too: if we are killed, the next command waits for it.
func (v Venv) run(ctx context.Context, lock *Lock, name string, args ...string) (string, error) {
	var text bytes.Buffer
	cmd := exec.CommandContext(ctx, name, args...)
	cmd.Env = v.Env()
	cmd.Stdout, cmd.Stderr = &text, &text
	cmd.ExtraFiles = lock.files()
	cmd.WaitDelay = 3 * time.Second
	err := cmd.Run()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return text.String(), err
}

// Env is the process environment for Python and pip in the environment:
// the user's own (with pip's configuration), less what would lead a package
// elsewhere, and with temporary files inside the project.
func (v Venv) Env() []string {
	drop := []string{"PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_TARGET", "PIP_PREFIX", "PIP_ROOT", "PIP_USER",
		"PIP_REQUIREMENT", "TMPDIR", "TEMP", "TMP", "PYTHONDONTWRITEBYTECODE", "PIP_DISABLE_PIP_VERSION_CHECK"}
	var env []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if !contains(drop, name) {
			env = append(env, entry)
		}
	}
	return append(env, "TMPDIR="+v.tmp(), "PYTHONDONTWRITEBYTECODE=1", "PIP_USER=0",
		"PIP_DISABLE_PIP_VERSION_CHECK=1", "PIP_NO_INPUT=1")
}

func contains(list []string, name string) bool {
	for _, each := range list {
		if each == name {
			return true
		}
	}
	return false
}

// tmp is where pip unpacks; what a kill leaves there goes with the next start.
func (v Venv) tmp() string { return v.Path("tmp") }

// PipInstall installs the requirements with hashes checked and wheels only (a
// source package would run its own code). It reports on out how much has been
// fetched. Failures of pip are [*PipError].
func (v Venv) PipInstall(ctx context.Context, lock *Lock, out io.Writer, requirements string, flags ...string) error {
	_ = os.RemoveAll(v.tmp())
	if err := os.MkdirAll(v.tmp(), 0o755); err != nil {
		return fmt.Errorf("prepare %q: %w", v.tmp(), err)
	}
	defer os.RemoveAll(v.tmp())
	file := filepath.Join(v.tmp(), "requirements.txt")
	if err := os.WriteFile(file, []byte(requirements), 0o644); err != nil {
		return fmt.Errorf("prepare %q: %w", file, err)
	}
	args := append([]string{"-m", "pip", "install", "--require-hashes", "--only-binary=:all:", "--no-cache-dir",
		"--retries=2", "--progress-bar=off", "-r", file}, flags...)
	stop := reportGrowth(out, v.tmp())
	text, err := v.run(ctx, lock, v.Python(), args...)
	stop()
	if err != nil && ctx.Err() == nil {
		return &PipError{Output: text, Err: err}
	}
	return err
}

// reportGrowth writes every few seconds how many MB lie below folder, until
// the returned function is called.
func reportGrowth(out io.Writer, folder string) (stop func()) {
	done, finished := make(chan struct{}), make(chan struct{})
	start := time.Now()
	go func() {
		defer close(finished)
		tick := time.NewTicker(5 * time.Second)
		defer tick.Stop()
		for {
			select {
			case <-done:
				return
			case <-tick.C:
				if size := folderSize(folder); size > 1e6 {
					fmt.Fprintf(out, "   %.0f MB fetched after %.0f s\n", float64(size)/1e6, time.Since(start).Seconds())
				}
			}
		}
	}()
	return func() { close(done); <-finished }
}

func folderSize(folder string) (size int64) {
	_ = filepath.WalkDir(folder, func(_ string, entry fs.DirEntry, err error) error {
		if err == nil && !entry.IsDir() {
			if info, err := entry.Info(); err == nil {
				size += info.Size()
			}
		}
		return nil
	})
	return size
}

// lastLines returns the last n lines that say something, joined by " | ".
func lastLines(text string, n int) string {
	var lines []string
	for line := range strings.SplitSeq(text, "\n") {
		if line = strings.TrimSpace(line); line != "" {
			lines = append(lines, line)
		}
	}
	if len(lines) > n {
		lines = lines[len(lines)-n:]
	}
	return strings.Join(lines, " | ")
}

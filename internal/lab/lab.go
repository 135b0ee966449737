// Package lab provides JupyterLab with the GoNB kernel inside the project's
// .venv, starts it on loopback, and runs notebooks headless in the same
// kernel. Everything it writes lies in .venv and bin/ of the project folder.
package lab

import (
	"context"
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/robustvit/workbench/internal/setup"
)

//go:embed requirements-lab.txt
var requirements string

// tools are the programs of go.mod's tool lines that a kernel needs in bin/.
var tools = [...]string{"gonb", "goimports", "nbexec"}

// layout names the places inside one project folder.
type layout struct {
	venv setup.Venv
}

// newVenv makes root absolute: Jupyter and kernels run in other folders.
func newVenv(root string) setup.Venv {
	if absolute, err := filepath.Abs(root); err == nil {
		root = absolute
	}
	return setup.Venv{Root: root}
}

func (l layout) root() string      { return l.venv.Root }
func (l layout) bin() string       { return filepath.Join(l.venv.Root, "bin") }
func (l layout) stampFile() string { return l.venv.Path("robustvit-lab.json") }
func (l layout) kernelFile() string {
	return l.venv.Path("share", "jupyter", "kernels", "gonb", "kernel.json")
}

// stamp records for what the environment was made. Any difference, a moved
// folder too, makes the next [EnsureLab] repair what depends on it.
type stamp struct {
	Requirements string `json:"requirements_sha256"`
	Modules      string `json:"modules_sha256"` // go.mod and go.sum, hence the tools' versions
	Root         string `json:"root"`           // in kernel.json and in the scripts' first lines
	GoRoot       string `json:"go_root"`
	GoCache      string `json:"go_cache"`
	Plugin       string `json:"plugin"`
	Allocator    string `json:"allocator"` // in kernel.json
	Gopls        string `json:"gopls"`     // version that was asked for; the lab works without
}

// EnsureLab provides JupyterLab, nbconvert and the GoNB kernel in root's .venv
// and says on out what it does. Where everything is there it returns at once
// in silence. A kill at any moment leaves what the next call completes.
func EnsureLab(ctx context.Context, root string, out io.Writer) error {
	start := time.Now()
	l := layout{newVenv(root)}
	if l.ready() {
		return nil
	}
	if err := supported(); err != nil {
		return fmt.Errorf("set up JupyterLab: %w", err)
	}
	if _, err := setup.Ensure(ctx, root, out, setup.Options{}); err != nil {
		return err
	}
	lock, err := l.venv.Lock(ctx, out)
	if err != nil {
		return fmt.Errorf("set up JupyterLab: %w", err)
	}
	defer lock.Release()
	if l.ready() { // made by the command that held the lock
		return nil
	}
	if err := l.install(ctx, lock, out); err != nil {
		return fmt.Errorf("set up JupyterLab: %w", err)
	}
	fmt.Fprintf(out, "lab: JupyterLab and the GoNB kernel are ready in .venv, %.0f s\n", time.Since(start).Seconds())
	return nil
}

// Ready reports at once whether [EnsureLab] has nothing to do in root.
func Ready(root string) bool { return layout{newVenv(root)}.ready() }

// install makes what is missing; the stamp comes last.
func (l layout) install(ctx context.Context, lock *setup.Lock, out io.Writer) error {
	want, err := l.wanted()
	if err != nil {
		return err
	}
	have := l.readStamp()
	if have.Requirements != want.Requirements || have.Root != want.Root || !l.hasJupyter() {
		if err := l.venv.Ensure(ctx, lock, out); err != nil {
			return err
		}
		fmt.Fprintln(out, "lab: installing JupyterLab into .venv (95 packages, about 60 MB, once)")
		if err := l.venv.PipInstall(ctx, lock, out, requirements, "--no-deps"); err != nil {
			return withNextStep(err)
		}
	}
	if want.GoRoot, want.GoCache, err = goFolders(ctx, l.root()); err != nil {
		return err
	}
	if have.Modules != want.Modules || have.GoRoot != want.GoRoot || !l.hasTools() {
		if err := l.buildTools(ctx, out); err != nil {
			return err
		}
		if err := l.fetchModules(ctx, out); err != nil {
			return err
		}
	}
	if have.Gopls != want.Gopls || have.GoRoot != want.GoRoot {
		if err := l.installGopls(ctx, out); err != nil {
			return err
		}
	}
	if err := l.writeKernel(want); err != nil {
		return err
	}
	if err := l.writeSettings(); err != nil {
		return err
	}
	text, err := json.MarshalIndent(want, "", "  ")
	if err != nil {
		return err
	}
	return setup.WriteFile(l.stampFile(), append(text, '\n'))
}

// withNextStep adds to a failure of pip the command that mends it.
func withNextStep(err error) error {
	var pip *setup.PipError
	if errors.As(err, &pip) {
		return fmt.Errorf("%w; to mend it: %s", err, pip.Mend())
	}
	return err
}

// ready answers without starting a process.
func (l layout) ready() bool {
	want, err := l.wanted()
	if err != nil {
		return false
	}
	have := l.readStamp()
	want.GoRoot, want.GoCache = have.GoRoot, have.GoCache // asking go takes too long; a removed one shows below
	_, errGo := os.Stat(filepath.Join(have.GoRoot, "bin", "go"))
	_, errKernel := os.Stat(l.kernelFile())
	_, errPython := os.Stat(l.venv.Python())
	return have == want && errGo == nil && errKernel == nil && errPython == nil && l.hasTools() && l.hasJupyter()
}

// wanted is the stamp of a complete environment, less Go's folders.
func (l layout) wanted() (stamp, error) {
	modules := sha256.New()
	for _, name := range []string{"go.mod", "go.sum"} {
		text, err := os.ReadFile(filepath.Join(l.root(), name))
		if err != nil {
			return stamp{}, fmt.Errorf("read %s of the project folder: %w", name, err)
		}
		modules.Write(text)
	}
	lock := sha256.Sum256([]byte(requirements))
	return stamp{
		Requirements: hex.EncodeToString(lock[:]),
		Modules:      hex.EncodeToString(modules.Sum(nil)),
		Root:         l.root(),
		Plugin:       setup.PluginFile(l.root()),
		Allocator:    setup.HugePages,
		Gopls:        goplsVersion,
	}, nil
}

func (l layout) readStamp() (s stamp) {
	if text, err := os.ReadFile(l.stampFile()); err == nil {
		_ = json.Unmarshal(text, &s) // a damaged stamp is an empty one
	}
	return s
}

func (l layout) hasJupyter() bool {
	found, _ := filepath.Glob(l.venv.Path("lib", "python3*", "site-packages", "jupyterlab", "labapp.py"))
	return len(found) > 0
}

func (l layout) hasTools() bool {
	for _, tool := range tools {
		if info, err := os.Stat(filepath.Join(l.bin(), tool)); err != nil || info.Mode()&0o111 == 0 {
			return false
		}
	}
	return true
}

// buildTools compiles go.mod's tool lines into bin/.
func (l layout) buildTools(ctx context.Context, out io.Writer) error {
	fmt.Fprintln(out, "lab: building the GoNB kernel and its tools into bin/ (about half a minute, once)")
	text, err := runGo(ctx, l.root(), nil, "build", "-o", l.bin()+string(filepath.Separator), "tool")
	if err != nil && ctx.Err() == nil {
		return fmt.Errorf("build the tools of go.mod: %w: %s; to see it whole: go build -o bin/ tool", err, strings.Join(strings.Fields(text), " "))
	}
	return err
}

// runGo runs Go in a folder and returns what it printed. Entries of env win.
// The context's error is that of being stopped.
func runGo(ctx context.Context, dir string, env []string, args ...string) (string, error) {
	cmd := exec.CommandContext(ctx, "go", args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	text, err := cmd.CombinedOutput()
	if ctx.Err() != nil {
		err = ctx.Err()
	}
	return string(text), err
}

// goFolders are the toolchain that go.mod selects and the build cache. Notebook
// cells are compiled outside the project folder and must get the same ones.
func goFolders(ctx context.Context, root string) (goRoot, goCache string, err error) {
	cmd := exec.CommandContext(ctx, "go", "env", "GOROOT", "GOCACHE")
	cmd.Dir = root
	text, err := cmd.Output()
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if err == nil && len(lines) != 2 {
		err = fmt.Errorf("found %q", text)
	}
	if err != nil {
		return "", "", fmt.Errorf("ask go for its folders: %w; next: put Go's bin folder on PATH", err)
	}
	return strings.TrimSpace(lines[0]), strings.TrimSpace(lines[1]), nil
}

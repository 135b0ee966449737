package setup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// Python is an interpreter on this machine.
type Python struct {
	Path    string
	Version string // such as "3.11.7"
	Venv    bool   // has venv and ensurepip (Debian ships them apart)
}

// ErrNoPython is returned by [FindPython] where there is none new enough.
var ErrNoPython = errors.New("no Python 3.10 or newer found")

// FindPython returns the first Python 3.10 or newer that has the venv module,
// else the first one without it, else [ErrNoPython]. The user's choice in
// ROBUSTVIT_PYTHON goes first.
func FindPython(ctx context.Context) (Python, error) {
	names := []string{"python3", "python", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"}
	if chosen := os.Getenv("ROBUSTVIT_PYTHON"); chosen != "" {
		names = []string{chosen}
	}
	var without Python
	for _, name := range names {
		path, err := exec.LookPath(name)
		if err != nil {
			continue
		}
		python, err := probePython(ctx, path)
		switch {
		case err != nil:
		case python.Venv:
			return python, nil
		case without.Path == "":
			without = python
		}
	}
	if without.Path != "" {
		return without, nil
	}
	return Python{}, ErrNoPython
}

// probePython starts the interpreter: a name on PATH may be a stub that only
// prints how to install it.
func probePython(ctx context.Context, path string) (Python, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	const program = `import sys
try:
    import venv, ensurepip
    have = 1
except ImportError:
    have = 0
print("%d.%d.%d" % sys.version_info[:3], sys.version_info >= (3, 10), have, sys.executable)`
	cmd := exec.CommandContext(ctx, path, "-c", program)
	cmd.Env = append(os.Environ(), "PYTHONDONTWRITEBYTECODE=1")
	text, err := cmd.Output()
	if err != nil {
		return Python{}, fmt.Errorf("start %q: %w", path, err)
	}
	fields := strings.SplitN(strings.TrimSpace(string(text)), " ", 4)
	if len(fields) != 4 || fields[1] != "True" {
		return Python{}, fmt.Errorf("%q: found Python %s, need 3.10 or newer", path, strings.TrimSpace(string(text)))
	}
	return Python{Path: fields[3], Version: fields[0], Venv: fields[2] == "1"}, nil
}

// installCommand is how this machine's package manager adds the named thing:
// "python" or "cc".
func installCommand(what string) string {
	commands := map[string]map[string]string{
		"apt-get": {"python": "sudo apt-get install python3 python3-venv", "cc": "sudo apt-get install gcc libc6-dev"},
		"dnf":     {"python": "sudo dnf install python3", "cc": "sudo dnf install gcc"},
		"pacman":  {"python": "sudo pacman -S python", "cc": "sudo pacman -S gcc"},
		"zypper":  {"python": "sudo zypper install python3", "cc": "sudo zypper install gcc"},
		"apk":     {"python": "sudo apk add python3", "cc": "sudo apk add build-base"},
		"brew":    {"python": "brew install python", "cc": "xcode-select --install"},
	}
	for _, manager := range []string{"apt-get", "dnf", "pacman", "zypper", "apk", "brew"} {
		if _, err := exec.LookPath(manager); err == nil {
			return commands[manager][what]
		}
	}
	if what == "cc" {
		return "install a C compiler (gcc or clang) for " + runtime.GOOS
	}
	return "install Python 3.10 or newer with its venv module for " + runtime.GOOS
}

// Package setup provides what the project needs beside Go: a virtual Python
// environment `.venv` in the project folder with a pinned, hash-checked XLA
// plugin for the CPU. It writes nothing outside the project folder, and a
// machine without Python, C compiler or network is told what is missing and
// goes on with the Go backend. [Doctor] reports what was found.
package setup

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// Module is the module path that marks the project folder's go.mod.
const Module = "github.com/robustvit/workbench"

// ErrNoProject is returned by [ProjectRoot] outside a checkout.
var ErrNoProject = errors.New("not inside a checkout of " + Module)

// ProjectRoot returns the absolute path of the project folder: the nearest
// folder at or above start whose go.mod declares [Module].
func ProjectRoot(start string) (string, error) {
	folder, err := filepath.Abs(start)
	if err != nil {
		return "", fmt.Errorf("find the project folder from %q: %w", start, err)
	}
	for {
		if modulePath(filepath.Join(folder, "go.mod")) == Module {
			return folder, nil
		}
		parent := filepath.Dir(folder)
		if parent == folder {
			return "", fmt.Errorf("find the project folder: %q is %w; "+
				"change into the cloned folder and try again", start, ErrNoProject)
		}
		folder = parent
	}
}

// modulePath reads the module line of a go.mod, "" where there is none.
func modulePath(file string) string {
	f, err := os.Open(file)
	if err != nil {
		return ""
	}
	defer f.Close()
	lines := bufio.NewScanner(f)
	for lines.Scan() {
		if fields := strings.Fields(lines.Text()); len(fields) >= 2 && fields[0] == "module" {
			return strings.Trim(fields[1], `"`)
		}
	}
	return ""
}

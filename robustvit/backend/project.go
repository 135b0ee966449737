package backend

import (
	"os"
	"path/filepath"
	"regexp"
)

// moduleLine is how the project's go.mod starts: it marks the project folder.
var moduleLine = regexp.MustCompile(`(?m)^module\s+github\.com/robustvit/workbench\s*$`)

func projectRoot(opts Options) string {
	if opts.ProjectRoot != "" {
		return opts.ProjectRoot
	}
	return ProjectRoot()
}

// ProjectRoot is the folder of this project's go.mod, looked for upwards from
// the working folder, then from the program's file; "" if there is none.
func ProjectRoot() string {
	if dir, err := os.Getwd(); err == nil {
		if root := rootAbove(dir); root != "" {
			return root
		}
	}
	if exe, err := os.Executable(); err == nil {
		return rootAbove(filepath.Dir(exe))
	}
	return ""
}

func rootAbove(dir string) string {
	for {
		if mod, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil && moduleLine.Match(mod) {
			return dir
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

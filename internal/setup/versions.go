package setup

import (
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
)

// versionRows names the libraries that decide numbers and what the notebooks
// run on: as linked into this program, else as go.mod asks for them.
func versionRows(root string) []Row {
	linked := map[string]string{}
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, module := range info.Deps {
			linked[module.Path] = module.Version
		}
	}
	asked := requiredVersions(filepath.Join(root, "go.mod"))
	var rows []Row
	for _, path := range []string{"github.com/gomlx/gomlx", "github.com/gomlx/compute", "github.com/gomlx/go-xla", "github.com/janpfeifer/gonb"} {
		row := Row{Name: filepath.Base(path), State: OK, Found: linked[path]}
		if row.Found == "" && asked[path] != "" {
			row.Found = asked[path] + " (go.mod)"
		}
		if row.Found == "" {
			row.State, row.Found = Optional, "not in go.mod"
		}
		rows = append(rows, row)
	}
	return rows
}

// requiredVersions reads the require lines of a go.mod.
func requiredVersions(file string) map[string]string {
	versions := map[string]string{}
	text, err := os.ReadFile(file)
	if err != nil {
		return versions
	}
	for line := range strings.SplitSeq(string(text), "\n") {
		fields := strings.Fields(strings.TrimPrefix(strings.TrimSpace(line), "require "))
		if len(fields) >= 2 && strings.HasPrefix(fields[1], "v") && strings.Contains(fields[0], "/") {
			versions[fields[0]] = fields[1]
		}
	}
	return versions
}

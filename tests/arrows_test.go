// Package tests holds what crosses packages: the import arrows, golden values
// on every backend, notebooks in a real kernel.
package tests

import (
	"encoding/json"
	"io"
	"os/exec"
	"strings"
	"testing"
)

const module = "github.com/robustvit/workbench/"

// layer is how high a room lies: imports go down only. Rooms of the same layer
// do not import each other unless listed in beside.
var layer = map[string]int{
	"cmd/robustvit":        12,
	"viz/notebook":         11,
	"robustvit/experiment": 10,
	"robustvit/pool":       9,
	"viz/report":           7,
	"robustvit/mainjob":    6,
	"robustvit/recipe":     7,
	"robustvit/finetune":   5,
	"robustvit/evaluate":   4,
	"robustvit/gallery":    5,
	"robustvit/masks":      6,
	"robustvit/inspect":    8,
	"robustvit/measure":    8,
	"robustvit/bench":      8,
	"robustvit/explain":    5,
	"robustvit/export":     6,
	"robustvit/pretrained": 4,
	"robustvit/verify":     4,
	"robustvit/backend":    3,
	"robustvit/run":        3,
	"weights/demo":         3,
	"weights/hub":          3,
	"data/gtsegs":          3,
	"data/shapes":          3,
	"data/imagenet":        3,
	"data/shift":           3,
	"data/tokencut":        3,
	"robustvit":            2,
	"internal/lab":         2,
	"internal/machines":    2,
	"viz":                  1,
	"data":                 1,
	"data/mat73":           1,
	"weights":              1,
	"internal/setup":       1,
	"internal/allocator":   0,
	"internal/whole":       0,
	"internal/foreign":     0,

	"robustvit/experiment/paper": 1,
}

// only names the rooms that may import just these of ours, whatever their layer.
var only = map[string][]string{
	"robustvit":          {},
	"viz":                {"internal/foreign"},
	"data":               {"internal/whole"},
	"weights":            {"internal/whole"},
	"internal/allocator": {},
	"internal/whole":     {},
	"internal/foreign":   {},
	"internal/setup":     {"internal/whole"},
	"internal/lab":       {"internal/setup"},
	"internal/machines":  {"internal/setup"},
	"data/mat73":         {},
	"data/gtsegs":        {"data", "data/mat73"},
	"data/shapes":        {"data"},
	"data/imagenet":      {"data"},
	"data/shift":         {"data"},
	"data/tokencut":      {"data"},
	"weights/demo":       {"weights"},
	"weights/hub":        {"weights", "internal/whole"},
	"viz/report":         {"viz", "internal/whole"},
	"robustvit/run":      {"weights", "internal/whole"},

	"robustvit/experiment/paper": {},
}

type goPackage struct {
	ImportPath string
	Imports    []string
}

func ours(t *testing.T) []goPackage {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = ".."
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v", err)
	}
	var all []goPackage
	for decoder := json.NewDecoder(strings.NewReader(string(out))); ; {
		var p goPackage
		if err := decoder.Decode(&p); err == io.EOF {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(p.ImportPath, "/scratch") { // a developer's own, ignored by git
			all = append(all, p)
		}
	}
}

func TestImportArrows(t *testing.T) {
	for _, p := range ours(t) {
		room := strings.TrimPrefix(p.ImportPath, module)
		height, known := layer[room]
		if !known && !strings.HasPrefix(room, "tests") {
			t.Errorf("%s is not in the house: give it a layer here and a line in CONTRIBUTING", room)
			continue
		}
		for _, path := range p.Imports {
			imported, mine := strings.CutPrefix(path, module)
			if !mine {
				continue
			}
			if allowed, restricted := only[room]; restricted && !contains(allowed, imported) {
				t.Errorf("%s imports %s: it may import only %v of ours", room, imported, allowed)
			}
			if known && layer[imported] >= height {
				t.Errorf("%s (layer %d) imports %s (layer %d): imports point down", room, height, imported, layer[imported])
			}
		}
	}
}

// TestMethodImportsOnlyGoMLX keeps the method free of files, flags and devices.
func TestMethodImportsOnlyGoMLX(t *testing.T) {
	for _, p := range ours(t) {
		if p.ImportPath != module+"robustvit" {
			continue
		}
		for _, path := range p.Imports {
			standard := !strings.Contains(strings.Split(path, "/")[0], ".")
			if !standard && !strings.HasPrefix(path, "github.com/gomlx/") {
				t.Errorf("robustvit imports %s: the method imports only GoMLX", path)
			}
			if path == "os" || path == "flag" || path == "io" {
				t.Errorf("robustvit imports %s: the method does no I/O", path)
			}
		}
	}
}

// TestOneRoomNamesABackend keeps plugins and drivers in robustvit/backend.
func TestOneRoomNamesABackend(t *testing.T) {
	for _, p := range ours(t) {
		for _, path := range p.Imports {
			names := strings.HasPrefix(path, "github.com/gomlx/go-xla") || strings.HasPrefix(path, "github.com/gomlx/compute/gobackend")
			if names && p.ImportPath != module+"robustvit/backend" {
				t.Errorf("%s imports %s: only robustvit/backend opens backends", p.ImportPath, path)
			}
			if strings.HasPrefix(path, "github.com/janpfeifer/gonb") && p.ImportPath != module+"viz/notebook" {
				t.Errorf("%s imports %s: only viz/notebook speaks to the kernel", p.ImportPath, path)
			}
		}
	}
}

func contains(list []string, item string) bool {
	for _, x := range list {
		if x == item {
			return true
		}
	}
	return false
}

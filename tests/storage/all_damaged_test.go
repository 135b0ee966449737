package storage

import (
	"os"
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/tests/catalogue"
)

// With every checkpoint damaged the error gives each one's reason, and nothing
// is deleted or moved.
func TestAllCheckpointsDamaged(t *testing.T) {
	const noFile = "no such file"
	for _, c := range []struct {
		name       string
		break2     func(path func(string) string) error
		break3     func(path func(string) string) error
		why2, why3 string
	}{
		{"a state empty, a manifest lost", empty(stateFile), lose(manifestFile), stateFile + ": 0 bytes", manifestFile + ": " + noFile},
		{"both states cut", cut(stateFile, 100), cut(stateFile, 30), stateFile + ": 100 bytes", stateFile + ": 30 bytes"},
		{"both manifests empty", empty(manifestFile), empty(manifestFile), manifestFile + " is not whole JSON", manifestFile + " is not whole JSON"},
		{"both states lost", lose(stateFile), lose(stateFile), stateFile + ": " + noFile, stateFile + ": " + noFile},
	} {
		catalogue.Case(t, "S6", c.name, func(t *testing.T) {
			dir := savedRun(t)
			must(t, c.break2(func(name string) string { return checkpoint(dir, 2, name) }))
			must(t, c.break3(func(name string) string { return checkpoint(dir, 3, name) }))
			before := tree(t, dir)
			r, err := run.Create(dir, toySettings(), "epochs")
			must(t, err)
			defer r.Close()
			_, _, _, err = r.Resume()
			for _, want := range []string{stepName(2) + ": " + c.why2, stepName(3) + ": " + c.why3, "nothing was deleted"} {
				if err == nil || !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q", err, want)
				}
			}
			sameTree(t, before, dir)
		})
	}
}

func empty(name string) func(func(string) string) error { return cut(name, 0) }

func cut(name string, to int64) func(func(string) string) error {
	return func(path func(string) string) error { return os.Truncate(path(name), to) }
}

func lose(name string) func(func(string) string) error {
	return func(path func(string) string) error { return os.Remove(path(name)) }
}

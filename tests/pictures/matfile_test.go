package pictures

import (
	"os"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/matfile"
)

// TestHostileMatFiles: a set in a MATLAB file is read whole by `data check`.
func TestHostileMatFiles(t *testing.T) {
	dir := t.TempDir()
	for _, file := range matfile.All() {
		catalogue.Case(t, "I12", file.Name, func(t *testing.T) {
			path := write(t, dir, "set.mat", file.Content(t))
			defer os.Remove(path)
			catalogue.Refused(t, []string{path}, "data", "check", path)
		})
	}
	catalogue.Case(t, "I12", "as h5py wrote it", func(t *testing.T) {
		path := write(t, dir, "sound.mat", matfile.Fixture(t, "matlab.mat"))
		if o := catalogue.Run(t, nil, "data", "check", path); o.Code != 0 {
			t.Errorf("a sound set: %s", o)
		}
	})
}

package storage

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// ordinary runs the command as a user whom permissions hold: root, as tests
// may be, without its powers.
func ordinary(t *testing.T, args ...string) catalogue.Outcome {
	t.Helper()
	if os.Getuid() != 0 {
		return catalogue.Run(t, nil, args...)
	}
	setpriv, err := exec.LookPath("setpriv")
	if err != nil {
		without(t, err)
	}
	return catalogue.StartProgram(t, setpriv, "", nil, append([]string{"--bounding-set=-all", "--inh-caps=-all", catalogue.Command(t)}, args...)...).Wait(t)
}

// What the user may not write or read is named, with the flag where one names
// it, before anything is computed; what may be read is read.
func TestPermissions(t *testing.T) {
	f := theTiny(t)
	image := "DISK/data/train/class1/train2.png"
	for _, c := range []struct {
		name   string
		locked string // loses these permissions
		mode   os.FileMode
		args   []string
		words  []string // of the error; none where it works
	}{
		{"new run", "DISK", 0o555, f.finetune("DISK/run"), []string{"--dir DISK/run", "nothing can be written in DISK", "permission denied"}},
		{"converted weights", "DISK", 0o555, []string{"convert", "DISK/whole/weights.safetensors", "--out", "DISK/w.safetensors"}, []string{"--out DISK/w.safetensors", "permission denied"}},
		{"run of another user", "DISK/whole", 0o555, f.finetune("DISK/whole"), []string{"--dir DISK/whole", "permission denied"}},
		{"page in a run of another user", "DISK/whole", 0o555, []string{"report", "DISK/whole"}, []string{"DISK/whole/report.html", "permission denied"}},
		{"export of a run of another user", "DISK/whole", 0o555, []string{"export", "--run", "DISK/whole", "--out", "DISK/out"}, nil},
		{"evaluation of a run of another user", "DISK/whole", 0o555, []string{"evaluate", "--weights", "DISK/whole", "--data", "DISK/data", "--dir", "DISK/out"}, nil},
		{"secret data", "DISK/data/train", 0, []string{"finetune", "--weights", "DISK/base", "--data", "DISK/data", "--dir", "DISK/out"}, []string{"DISK/data/train", "permission denied"}},
		{"secret image", image, 0, []string{"finetune", "--weights", "DISK/base", "--data", "DISK/data", "--per-class", "4", "--keep", "all", "--classes", "class1", "--dir", "DISK/out"}, []string{image, "permission denied"}},
		{"secret weights", "DISK/base/weights.safetensors", 0, []string{"evaluate", "--weights", "DISK/base", "--data", "DISK/data", "--dir", "DISK/out"}, []string{"DISK/base/weights.safetensors", "permission denied"}},
		{"secret run", "DISK/whole/config.json", 0, []string{"report", "DISK/whole"}, []string{"DISK/whole/config.json", "permission denied"}},
		{"secret lock", "DISK/whole/lock", 0, f.finetune("DISK/whole"), []string{"DISK/whole/lock", "permission denied"}},
	} {
		catalogue.Case(t, "S3", c.name, func(t *testing.T) {
			disk := t.TempDir()
			for _, name := range []string{"base", "data", "whole"} {
				must(t, os.CopyFS(filepath.Join(disk, name), os.DirFS(f.path(name))))
			}
			locked := onDisk([]string{c.locked}, disk)[0]
			must(t, os.Chmod(locked, c.mode))
			t.Cleanup(func() { os.Chmod(locked, 0o755) })
			o := ordinary(t, onDisk(c.args, disk)...)
			if len(c.words) > 0 {
				catalogue.CheckRefused(t, o, onDisk(c.words, disk)...)
			} else if o.Code != 0 {
				t.Error(o)
			}
		})
	}
}

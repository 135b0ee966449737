package storage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/tests/catalogue"
)

// What happens to the folder of a run that is writing it: the run stops at its
// next save, says so, and makes nothing anew under the old name.
func TestFolderGoesWhileARunWritesIt(t *testing.T) {
	f := theTiny(t)
	for _, c := range []struct {
		name    string
		mounted bool // the folder's parent, or the folder itself, is a mount
		itself  bool
		lose    func(t *testing.T, dir string)
	}{
		{name: "moved", lose: func(t *testing.T, dir string) { must(t, os.Rename(dir, dir+"-moved")) }},
		{name: "removed", lose: func(t *testing.T, dir string) {
			for os.RemoveAll(dir) != nil { // the run has just put something into it
			}
		}},
		{name: "its parent moved", lose: func(t *testing.T, dir string) {
			must(t, os.Rename(filepath.Dir(dir), filepath.Dir(dir)+"-moved"))
		}},
		{name: "moved, and a file has its name", lose: func(t *testing.T, dir string) {
			must(t, os.Rename(dir, dir+"-moved"))
			write(t, dir, []byte("not ours"))
		}},
		{name: "moved, and another run has its name", lose: func(t *testing.T, dir string) {
			must(t, os.Rename(dir, dir+"-moved"))
			works(t, f.finetune(dir)...)
		}},
		{name: "its parent's mount lost", mounted: true, lose: func(t *testing.T, dir string) { vanish(t, filepath.Dir(dir)) }},
		{name: "its own mount lost", mounted: true, itself: true, lose: vanish},
	} {
		catalogue.Case(t, "S8", c.name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "parent", "run")
			must(t, os.MkdirAll(filepath.Dir(dir), 0o755))
			if c.mounted && !c.itself {
				mountOn(t, filepath.Dir(dir), roomy)
			}
			if c.itself {
				must(t, os.Mkdir(dir, 0o755))
				mountOn(t, dir, roomy)
			}
			p := catalogue.Start(t, "", nil, f.slow(dir)...)
			waitFor(t, filepath.Join(dir, "checkpoints", "step-*"))
			c.lose(t, dir)
			after := names(dir)
			// A run that goes on would not end by itself.
			defer time.AfterFunc(time.Minute, func() { p.Process.Kill() }).Stop()
			o := p.Wait(t)
			catalogue.CheckRefused(t, o, dir, "moved or unmounted")
			if now := names(dir); now != after {
				t.Errorf("under the old name there is %s, before the save it was %s", now, after)
			}
			if strings.HasPrefix(c.name, "moved, and another run") {
				f.endsAs(t, dir)
			}
		})
	}
}

// names are the folder's files, "" where it is not there.
func names(dir string) string {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return ""
	}
	text := "a folder with"
	for _, e := range entries {
		text += " " + e.Name()
	}
	return text
}

// The same for what is written between saves, through the package.
func TestFolderGoesBetweenSaves(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	r := opened(t, run.Disk{}, dir)
	steps(t, r, 1, 1)
	must(t, os.Rename(dir, dir+"-moved"))
	for name, do := range map[string]func() error{
		"SaveCheckpoint": func() error { return r.SaveCheckpoint(run.Checkpoint{Step: 2}, toyState(2)) },
		"WriteFile":      func() error { return r.WriteFile("a/b.txt", nil) },
		"Done":           func() error { return r.Done(nil) },
	} {
		catalogue.Case(t, "S8", name, func(t *testing.T) {
			if err := do(); err == nil || !strings.Contains(err.Error(), dir) || !strings.Contains(err.Error(), "moved or unmounted") {
				t.Error(err)
			}
			if _, err := os.Stat(dir); err == nil {
				t.Error("the folder was made again under its old name")
			}
		})
	}
	must(t, os.Rename(dir+"-moved", dir))
	catalogue.Case(t, "S8", "put back", func(t *testing.T) { steps(t, r, 2, 3); checkFolder(t, dir, 3, true, 3) })
}

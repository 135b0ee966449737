package storage

import (
	"image"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/internal/machines"
	"github.com/robustvit/workbench/internal/setup"
	"github.com/robustvit/workbench/robustvit/bench"
	"github.com/robustvit/workbench/robustvit/experiment"
	"github.com/robustvit/workbench/robustvit/recipe"
	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/viz/report"
	"github.com/robustvit/workbench/weights"
)

// A writer of one file outside of the runs' own: write puts it into a folder;
// the second time with other content, where the content is the test's.
type writer struct {
	name, file string
	write      func(dir string, version int) error
}

func theWriters() []writer {
	file := func(version int) *weights.File {
		values := make([]float32, 4<<10)
		for i := range values {
			values[i] = float32(version)
		}
		return toyFile(values)
	}
	text := func(version int) []byte { return []byte(strings.Repeat(string(rune('a'+version)), 9<<10)) }
	picture := func(version int) image.Image {
		img := image.NewGray(image.Rect(0, 0, 64, 64))
		for i := range img.Pix {
			img.Pix[i] = byte(i * i * version)
		}
		return img
	}
	return []writer{
		{"weights", "w.safetensors", func(dir string, v int) error { return weights.Write(filepath.Join(dir, "w.safetensors"), file(v)) }},
		{"weights for JAX", "w.npz", func(dir string, v int) error { return weights.WriteNPZ(filepath.Join(dir, "w.npz"), file(v)) }},
		{"picture", "p.png", func(dir string, v int) error { return data.WritePNG(filepath.Join(dir, "p.png"), picture(v)) }},
		{"list", "l.txt", func(dir string, v int) error { return data.WriteWhole(filepath.Join(dir, "l.txt"), text(v)) }},
		{"page", report.MainFile, func(dir string, _ int) error { _, err := report.Write(dir); return err }},
		{"command", ".command.json", func(dir string, v int) error { return recipe.SaveCommand(dir, string(text(v))) }},
		{"bench", "bench.json", func(dir string, v int) error { return (&bench.Results{Kind: string(text(v))}).Write(dir) }},
		{"set-up", "s.json", func(dir string, v int) error { return setup.WriteFile(filepath.Join(dir, "s.json"), text(v)) }},
		{"plan", "plan.jsonl", func(dir string, v int) error {
			return machines.Plan{Dir: dir, Program: string(text(v)), Lines: make([]machines.Line, v)}.Write()
		}},
		{"results", "x.json", func(dir string, v int) error {
			r := experiment.Results{}
			r.Name, r.Question = "x", string(text(v))
			return r.Publish(dir)
		}},
	}
}

// Every writer, on a disk that really fails: the error names the file and a
// next step, the old file is as it was, nothing is left beside it, and when the
// disk is well again so is the file.
func TestEveryWriterFails(t *testing.T) {
	f := theTiny(t)
	for _, fault := range []struct {
		name  string
		cause func(t *testing.T, disk string)
		word  string
	}{
		{"disk full", fill, "no space left on device"},
		{"no room for another file", noMoreFiles, "no space left on device"},
		{"read-only", func(t *testing.T, disk string) { remount(t, disk, "ro") }, "read-only file system"},
	} {
		for _, w := range theWriters() {
			catalogue.Case(t, "S1", w.name+", "+fault.name, func(t *testing.T) {
				disk := mounted(t, roomy)
				dir := filepath.Join(disk, "out")
				must(t, os.CopyFS(dir, os.DirFS(f.path("whole"))))
				must(t, w.write(dir, 1))
				before := everything(t, dir)
				fault.cause(t, disk)
				err := w.write(dir, 2)
				for _, word := range []string{fault.word, filepath.Join(dir, w.file), "; "} {
					if err == nil || !strings.Contains(err.Error(), word) {
						t.Errorf("the error lacks %q: %v", word, err)
					}
				}
				if diff := cmp.Diff(before, everything(t, dir)); diff != "" {
					t.Errorf("the folder changed (-before +after):\n%s", diff)
				}
				remount(t, disk, roomy)
				must(t, w.write(dir, 2))
				if after := everything(t, dir); w.file != report.MainFile && after[w.file] == before[w.file] {
					t.Errorf("%s has its old content", w.file)
				}
			})
		}
	}
}

// everything is the checksums of a folder's files, dot names too.
func everything(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	must(t, filepath.WalkDir(dir, func(path string, d os.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[name] = sum(text)
		return err
	}))
	return all
}

package storage

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// Thirty-two open files are enough for all work, however many files it touches.
func TestFewOpenFiles(t *testing.T) {
	f := theTiny(t)
	const enough = "-n 32"
	for _, c := range []struct {
		name string
		args []string
	}{
		{"finetune", f.finetune("OUT")},
		{"evaluate", append(f.evaluate("OUT"), "--weights", f.path("whole"))},
		{"masks", []string{"masks", "--weights", f.path("base"), "--data", f.path("data"), "--out", "OUT"}},
		{"data write", []string{"data", "write", "OUT", "--train", "60", "--per-set", "4"}},
		{"data shift", []string{"data", "shift", f.path("data/val"), "--out", "OUT"}},
		{"export", []string{"export", "--run", f.path("whole"), "--out", "OUT"}},
	} {
		catalogue.Case(t, "S4", "32 open files, "+c.name, func(t *testing.T) {
			out := filepath.Join(t.TempDir(), "out")
			if o := limited(t, enough, nil, replaced(c.args, "OUT", out)...); o.Code != 0 {
				t.Error(o)
			}
			if c.name == "finetune" {
				f.endsAs(t, out)
			}
		})
	}
	for _, few := range []string{"8", "10", "12"} { // with fewer no Go program starts
		catalogue.Case(t, "S4", few+" open files", func(t *testing.T) {
			run := filepath.Join(t.TempDir(), "run")
			o := limited(t, "-n "+few, nil, f.finetune(run)...)
			if o.Code != 0 {
				catalogue.CheckRefused(t, o, "too many open files")
			}
			works(t, f.finetune(run)...)
			f.endsAs(t, run)
		})
	}
}

func replaced(args []string, old, new string) []string {
	var out []string
	for _, arg := range args {
		out = append(out, strings.ReplaceAll(arg, old, new))
	}
	return out
}

// A name may be as long as the file system allows; one that is longer is named.
func TestLongNames(t *testing.T) {
	f := theTiny(t)
	longest := strings.Repeat("n", 255)
	photo := longest[:251] + ".png"
	data := filepath.Join(t.TempDir(), "data")
	must(t, os.CopyFS(data, os.DirFS(f.path("data"))))
	for _, class := range []string{"class0", "class1"} { // two names that begin alike
		for _, folder := range []string{"train", "train_masks", "val", "val_masks"} {
			old := filepath.Join(data, folder, class, strings.TrimSuffix(folder, "_masks")+"0.png")
			must(t, os.Rename(old, filepath.Join(data, folder, class, photo)))
			copyFile(t, filepath.Join(data, folder, class, photo), filepath.Join(data, folder, class, longest[:250]+"2.png"))
		}
	}
	for _, c := range []struct {
		name string
		args []string
	}{
		{"run folder", f.finetune("OUT/" + longest)},
		{"page of a long run", []string{"report", "OUT/" + longest}},
		{"converted weights", []string{"convert", f.path("whole/weights.safetensors"), "--out", "OUT/" + longest[:243] + ".safetensors"}},
		{"prepared image", []string{"prepare", f.path("data/val/class0/val0.png"), "--out", "OUT/" + photo}},
		{"masks of long names", []string{"masks", "--weights", f.path("base"), "--data", data, "--out", "OUT/masks"}},
		{"data of long names", []string{"data", "shift", filepath.Join(data, "val"), "--out", "OUT/shifted"}},
		{"training on long names", []string{"finetune", "--weights", f.path("base"), "--data", data, "--masks", "OUT/masks", "--per-class", "1", "--keep", "all", "--dir", "OUT/run"}},
		{"explanations of long names", []string{"explain", "--weights", f.path("base"), filepath.Join(data, "val/class0"), "--out", "OUT/explained"}},
	} {
		out := filepath.Dir(data)
		catalogue.Case(t, "S4", "255 bytes, "+c.name, func(t *testing.T) { works(t, replaced(c.args, "OUT", out)...) })
	}
	catalogue.Case(t, "S4", "256 bytes", func(t *testing.T) {
		o := catalogue.Run(t, nil, f.finetune(filepath.Join(t.TempDir(), longest+"n"))...)
		catalogue.CheckRefused(t, o, "--dir", "file name too long", "choose a shorter name")
	})
	catalogue.Case(t, "S4", "longer than a path may be", func(t *testing.T) {
		o := catalogue.Run(t, nil, f.finetune(filepath.Join(t.TempDir(), strings.Repeat("folder/", 600)))...)
		if o.Code != 1 || !strings.Contains(o.Err, "file name too long; choose a shorter name, with --dir") {
			t.Error(o)
		}
	})
}

// Where temporary files go is nobody's business: what is written is renamed
// beside its place, so another file system there, or a full one, does no harm.
func TestTemporaryFolderElsewhere(t *testing.T) {
	f := theTiny(t)
	for name, options := range map[string]string{"another file system": roomy, "a full one": "size=4k,nr_inodes=1", "a read-only one": "ro"} {
		catalogue.Case(t, "S4", "temporary files on "+name, func(t *testing.T) {
			temporary := mounted(t, options)
			env := []string{"TMPDIR=" + temporary}
			run := filepath.Join(t.TempDir(), "run")
			for _, args := range [][]string{
				f.finetune(run), {"report", run}, {"export", "--run", run, "--out", run + "-out"},
				{"convert", filepath.Join(run, "weights.safetensors"), "--out", run + ".safetensors"},
			} {
				if o := catalogue.Run(t, env, args...); o.Code != 0 {
					t.Fatal(o)
				}
			}
			if left, err := os.ReadDir(temporary); err != nil || len(left) > 0 {
				t.Errorf("left there: %v, %v", left, err)
			}
		})
	}
}

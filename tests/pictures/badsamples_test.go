package pictures

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/imagenet"
	"github.com/robustvit/workbench/tests/catalogue"
)

// TestBadSampleStops: every job names the file and stops; nothing looks finished.
func TestBadSampleStops(t *testing.T) {
	for name, job := range map[string]struct {
		broken string
		args   func(dir, out string) []string
	}{
		"evaluate": {"val/cat/1.png", func(dir, out string) []string {
			return []string{"evaluate", "--weights", micro(), "--data", dir, "--dir", out}
		}},
		"segment": {"val_masks/cat/1.png", func(dir, out string) []string {
			return []string{"segment", "--weights", micro(), "--data", dir, "--dir", out}
		}},
		"finetune": {"train/cat/1.png", func(dir, out string) []string {
			return []string{"finetune", "--weights", micro(), "--data", dir, "--keep", "all", "--per-class", "3", "--epochs", "1", "--classes", "cat", "--dir", out}
		}},
		"a mask of finetune": {"train_masks/cat/1.png", func(dir, out string) []string {
			return []string{"finetune", "--weights", micro(), "--data", dir, "--keep", "all", "--per-class", "3", "--epochs", "1", "--classes", "cat", "--dir", out}
		}},
		"pretrain": {"train/cat/1.png", func(dir, out string) []string {
			return []string{"pretrain", "--data", dir, "--size", "16", "--patch", "8", "--width", "16", "--depth", "1", "--heads", "2", "--steps", "3", "--batch", "6", "--out", out}
		}},
		"data manifest": {"train/cat/1.png", func(dir, out string) []string {
			return []string{"data", "manifest", dir, "--classes", "2", "--out", out}
		}},
		"data shift": {"val/cat/1.png", func(dir, out string) []string {
			return []string{"data", "shift", filepath.Join(dir, "val"), "--out", out}
		}},
		"masks": {"train/cat/1.png", func(dir, out string) []string {
			return []string{"masks", "--weights", micro(), "--data", dir, "--out", out}
		}},
	} {
		catalogue.Case(t, "I14", name+" stops", func(t *testing.T) {
			dir, out := imageSet(t), filepath.Join(t.TempDir(), "out")
			write(t, dir, job.broken, []byte("no picture\n"))
			o := catalogue.Run(t, nil, job.args(dir, out)...)
			catalogue.CheckRefused(t, o, filepath.FromSlash(job.broken), "a text file")
			for _, result := range []string{"results.json", "done.json", "weights.safetensors", "sets.txt", "masks.json"} {
				if _, err := os.Stat(filepath.Join(out, result)); err == nil {
					t.Errorf("it left %s", result)
				}
			}
			if info, err := os.Stat(out); err == nil && info.Mode().IsRegular() {
				t.Error("it left a list")
			}
		})
	}
}

// results is what an evaluation says of its files.
type results struct {
	Files map[string]data.Tally `json:"files_per_set"`
}

// evaluated runs an evaluation and holds the sums of its report.
func evaluated(t *testing.T, dir, out string, flags ...string) (results, catalogue.Outcome) {
	t.Helper()
	o := catalogue.Run(t, nil, append([]string{"evaluate", "--weights", micro(), "--data", dir, "--dir", out}, flags...)...)
	var r results
	content, err := os.ReadFile(filepath.Join(out, "results.json"))
	if err != nil {
		return r, o
	}
	if err := json.Unmarshal(content, &r); err != nil {
		t.Fatal(err)
	}
	for set, f := range r.Files {
		if f.Used+f.Skipped+len(f.Refused) != f.Listed {
			t.Errorf("%s: %+v", set, f)
		}
	}
	return r, o
}

// TestSkippedSamples: each is listed, n of N is shown everywhere, and what is
// left is what it would be without the file.
func TestSkippedSamples(t *testing.T) {
	dir, out := imageSet(t), filepath.Join(t.TempDir(), "out")
	write(t, dir, "val/notes.txt", []byte("stray\n"))
	whole := filepath.Join(t.TempDir(), "whole")
	if _, o := evaluated(t, dir, whole); o.Code != 0 {
		t.Fatal(o)
	}
	write(t, dir, "val/cat/1.png", []byte("no picture\n"))
	write(t, dir, "val_masks/dog/2.png", []byte("no mask\n"))
	r, o := evaluated(t, dir, out, "--skip-bad")
	catalogue.Case(t, "I14", "listed in results.json", func(t *testing.T) {
		f := r.Files["val"]
		if o.Code != 0 || f.Listed != 7 || f.Used != 4 || f.Skipped != 1 || len(f.Refused) != 2 || f.Refused[0].ID != "val/cat/1" || !contains(f.Refused[1].Reason, filepath.Join("val_masks", "dog", "2.png")) {
			t.Errorf("%+v\n%s", r.Files, o)
		}
		if f := r.Files["segmentation"]; f.Used != 4 || len(f.Refused) != 2 {
			t.Errorf("segmentation: %+v", f)
		}
	})
	catalogue.Case(t, "I14", "shown in the terminal", func(t *testing.T) {
		for _, want := range []string{"val: 4 of 7 used, 1 skipped, 2 refused", "refused val/cat/1", "refused val/dog/2"} {
			if !contains(o.Out, want) {
				t.Errorf("%q is not there: %s", want, o)
			}
		}
	})
	catalogue.Case(t, "I14", "shown on the page", func(t *testing.T) {
		page := strings.Join(lines(t, filepath.Join(out, "report.html")), "\n")
		for _, want := range []string{"7 files listed", "4 used", "1 skipped", "2 refused", "val/cat/1", "val/dog/2"} {
			if !contains(page, want) {
				t.Errorf("the page lacks %q", want)
			}
		}
	})
	catalogue.Case(t, "I14", "no sample takes another's place", func(t *testing.T) {
		left := func(out string) []string {
			return slices.DeleteFunc(lines(t, filepath.Join(out, "records", "val.vit.jsonl")), func(line string) bool {
				return contains(line, `"val/cat/1"`) || contains(line, `"val/dog/2"`)
			})
		}
		if before, after := left(whole), left(out); len(after) != 4 || !slices.Equal(before, after) {
			t.Errorf("records\n%v\nexpected\n%v", after, before)
		}
	})
	catalogue.Case(t, "I14", "another bad sample is another evaluation", func(t *testing.T) {
		write(t, dir, "val/cat/1.png", gray(t, 16, 16, 43, 10, 200))
		write(t, dir, "val/cat/0.png", []byte("no picture\n"))
		if _, o := evaluated(t, dir, out, "--skip-bad"); o.Code != 1 || !contains(o.Err, "refused") {
			t.Errorf("%s", o)
		}
	})
}

// TestSkippingHasItsLimits: a set of nothing but bad samples is an error, and
// training images are never skipped.
func TestSkippingHasItsLimits(t *testing.T) {
	catalogue.Case(t, "I14", "no sample can be read", func(t *testing.T) {
		dir := imageSet(t)
		for _, file := range []string{"cat/0", "cat/1", "cat/2", "dog/0", "dog/1", "dog/2"} {
			write(t, dir, "val/"+file+".png", nil)
		}
		_, o := evaluated(t, dir, filepath.Join(t.TempDir(), "out"), "--skip-bad")
		catalogue.CheckRefused(t, o, "val/cat/0", "none of its 6 samples")
	})
	catalogue.Case(t, "I14", "finetune knows no such flag", func(t *testing.T) {
		o := catalogue.Run(t, nil, "finetune", "--weights", micro(), "--data", imageSet(t), "--skip-bad", "--dir", t.TempDir())
		if o.Code != 2 || !contains(o.Err, "--skip-bad") {
			t.Errorf("%s", o)
		}
	})
	catalogue.Case(t, "I14", "explain lists what it left out", func(t *testing.T) {
		dir, out := imageSet(t), filepath.Join(t.TempDir(), "out")
		write(t, dir, "val/cat/1.png", []byte("no picture\n"))
		o := catalogue.Run(t, nil, "explain", "--weights", micro(), "--out", out, filepath.Join(dir, "val"))
		page := strings.Join(lines(t, filepath.Join(out, "explain.html")), "\n")
		if o.Code != 0 || !contains(o.Out, "5 of 6 images explained") || !contains(o.Err, filepath.Join("cat", "1.png")) || !contains(page, "6 listed, 5 used, 1 refused") {
			t.Errorf("%s", o)
		}
	})
}

// TestDataSetsWithBadSamples: the library beneath.
func TestDataSetsWithBadSamples(t *testing.T) {
	dir := filepath.Join(tree(t, "d/cat/1.png", "d/cat/2.png", "d/cat/3.png", "d/cat/4.png"), "d")
	d, err := data.OpenFolder(dir, data.FolderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir, "cat/2.png", []byte("text"))
	if err := os.Remove(filepath.Join(dir, "cat", "3.png")); err != nil {
		t.Fatal(err)
	}
	catalogue.Case(t, "I14", "checked", func(t *testing.T) {
		r, err := data.Check(t.Context(), d)
		if err != nil || r.Used != 2 || len(r.Refused) != 2 || r.Used+r.Skipped+len(r.Refused) != r.Listed || !slices.Equal(r.Indices, []int{0, 3}) {
			t.Fatalf("%+v, %v", r, err)
		}
		for i, want := range []string{"2.png", "3.png"} {
			if p := r.Refused[i]; !contains(p.Reason, filepath.Join(dir, "cat", want)) {
				t.Errorf("%+v does not name %s", p, want)
			}
		}
	})
	catalogue.Case(t, "I14", "usable", func(t *testing.T) {
		u, err := data.Usable(t.Context(), d, nil)
		if err != nil || !slices.Equal(ids(u), []string{"d/cat/1", "d/cat/4"}) {
			t.Fatalf("%v, %v", ids(u), err)
		}
		if tally := data.TallyOf(u); tally.Listed != 4 || tally.Used != 2 || len(tally.Refused) != 2 {
			t.Errorf("%+v", tally)
		}
	})
	catalogue.Case(t, "I14", "in a batch", func(t *testing.T) {
		plan := data.Plan{BatchSize: 4, Size: 8, Protocol: data.Squash()}
		n := 0
		for b, err := range data.Batches(context.Background(), d, plan) {
			if n++; b != nil || err == nil || !contains(err.Error(), ".png") {
				t.Errorf("a batch of %v, %v", b, err)
			}
		}
		if n != 1 {
			t.Errorf("%d batches", n)
		}
	})
	catalogue.Case(t, "I14", "a published set keeps its rules", func(t *testing.T) {
		dir := filepath.Join(tree(t, "objectnet/chair/1.png", "objectnet/chair/2.png", "objectnet/banana/3.png", "objectnet/weight_exercise/4.png"), "objectnet")
		s, err := imagenet.OpenSet(dir)
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, "banana/3.png", []byte("text"))
		u, err := data.Usable(t.Context(), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		_, whole := data.Under(s, "timm")
		_, part := data.Under(u, "timm")
		if part.Rule != whole.Rule || u.Len() >= s.Len() {
			t.Fatalf("%d of %d, rule %q", u.Len(), s.Len(), part.Rule)
		}
		for i := range u.Len() {
			for j := range s.Len() {
				if s.Entry(j).ID == u.Entry(i).ID && !slices.Equal(whole.Accepted(j), part.Accepted(i)) {
					t.Errorf("%s: other classes are right", u.Entry(i).ID)
				}
			}
		}
		if f := data.TallyOf(u); f.Used+f.Skipped+len(f.Refused) != f.Listed || f.Listed != 4 {
			t.Errorf("%+v", f)
		}
	})
}

package shift

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
)

// writeSet writes 2 classes of 3 images; the last of each class has no mask.
func writeSet(t *testing.T, images ...string) data.Dataset {
	t.Helper()
	dir := filepath.Join(t.TempDir(), "test")
	save := func(path string, write func(string) error) {
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := write(path); err != nil {
			t.Fatal(err)
		}
	}
	for class, name := range []string{"a", "b"} {
		for _, image := range images {
			s := sample()
			for i := range s.Image.Pix {
				s.Image.Pix[i] += uint8(40*class) + image[0]
			}
			save(filepath.Join(dir, name, image+".png"), func(p string) error { return data.WritePNG(p, s.Image.Picture()) })
			if image != "3" {
				save(filepath.Join(dir+"_masks", name, image+".png"), func(p string) error { return data.WritePNG(p, s.Mask.Picture()) })
			}
		}
	}
	set, err := data.OpenFolder(dir, data.FolderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	return set
}

// content is every file of a folder.
func content(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		text, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func TestRunCountsAndOpens(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	counts, err := Run(context.Background(), Job{Set: writeSet(t, "1", "2", "3"), Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	if len(counts) != len(Kinds()) {
		t.Fatalf("%d sets, expected %d", len(counts), len(Kinds()))
	}
	c, err := data.OpenSets(dir, data.FolderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for i, k := range Kinds() {
		want := Count{Set: k.Name, Title: k.Title, Listed: 6, Used: 6, Masks: 4, Reasons: map[string]int{}}
		if k.Mask {
			want.Used, want.Skipped, want.Reasons = 4, 2, map[string]int{noMask: 2}
		}
		if !reflect.DeepEqual(counts[i], want) {
			t.Errorf("%+v, expected %+v", counts[i], want)
		}
		set, err := c.Set(k.Name)
		if err != nil {
			t.Fatal(err)
		}
		if report, err := data.Check(context.Background(), set); err != nil || report.Used != want.Used || report.Masks != want.Masks {
			t.Errorf("%s: %+v, %v", k.Name, report, err)
		}
		lines, err := readManifest(dir, k.Name+".jsonl")
		if err != nil || len(lines) != 6 {
			t.Fatalf("%s: %d lines, %v", k.Name, len(lines), err)
		}
		for _, line := range lines {
			if (line.Skipped == "") != (line.Written != "") {
				t.Errorf("%+v", line)
			}
		}
	}
	if _, err := c.Train(); err == nil || !strings.Contains(err.Error(), "no training images") {
		t.Error(err)
	}
	if d, err := c.Segmentation(); err != nil || d == nil || d.Name() != "original" || d.Len() != 4 { // what has masks of the first set
		t.Errorf("%v, %v", d, err)
	}
}

// The same seed gives the same bytes, another seed others, and a sample's copy
// does not depend on the samples beside it.
func TestRunIsDeterministic(t *testing.T) {
	kinds := []string{"object-moved", "rotated", "noise"}
	outputs := map[string]map[string]string{}
	for name, job := range map[string]Job{
		"first": {Set: writeSet(t, "1", "2"), Seed: 4}, "again": {Set: writeSet(t, "1", "2"), Seed: 4},
		"other seed": {Set: writeSet(t, "1", "2"), Seed: 5}, "more": {Set: writeSet(t, "0", "1", "2", "3"), Seed: 4},
	} {
		job.Dir, job.Kinds = filepath.Join(t.TempDir(), "out"), kinds
		for range 2 { // a second call writes the same again
			if _, err := Run(context.Background(), job); err != nil {
				t.Fatal(err)
			}
		}
		outputs[name] = content(t, job.Dir)
	}
	if !reflect.DeepEqual(outputs["first"], outputs["again"]) {
		t.Error("two runs differ")
	}
	if outputs["first"]["noise/a/1.png"] == outputs["other seed"]["noise/a/1.png"] {
		t.Error("the seed changes nothing")
	}
	for name, bytes := range outputs["first"] {
		if strings.HasSuffix(name, ".png") && outputs["more"][name] != bytes {
			t.Errorf("%s depends on other samples", name)
		}
	}
}

func TestRunRefuses(t *testing.T) {
	set, dir := writeSet(t, "1", "2"), t.TempDir()
	bare, err := data.OpenFolder(filepath.Dir(filepath.Dir(set.(data.Filer).File(0))), data.FolderOptions{NoMasks: true})
	if err != nil {
		t.Fatal(err)
	}
	used := filepath.Join(dir, "used")
	if _, err := Run(context.Background(), Job{Set: set, Dir: used, Kinds: []string{"gray"}}); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "letter.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	for want, job := range map[string]Job{
		"is unknown":     {Set: set, Dir: filepath.Join(dir, "a"), Kinds: []string{"blue"}},
		"needs masks":    {Set: bare, Dir: filepath.Join(dir, "b"), Kinds: []string{"bg-gray"}},
		"other settings": {Set: set, Dir: used, Kinds: []string{"gray"}, Seed: 1},
		"is not empty":   {Set: set, Dir: dir},
	} {
		if _, err := Run(context.Background(), job); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, expected %q", err, want)
		}
	}
	counts, err := Run(context.Background(), Job{Set: bare, Dir: filepath.Join(dir, "c")})
	if err != nil || len(counts) != 5 {
		t.Errorf("without masks: %d sets, %v; expected the 5 that need none", len(counts), err)
	}
	stopped, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := Run(stopped, Job{Set: set, Dir: filepath.Join(dir, "d")}); err == nil || data.HasSetList(filepath.Join(dir, "d")) {
		t.Errorf("stopped: %v", err)
	}
}

func TestSheetShowsEverySet(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "out")
	counts, err := Run(context.Background(), Job{Set: writeSet(t, "1", "2", "3"), Dir: dir})
	if err != nil {
		t.Fatal(err)
	}
	sheet, err := Sheet(dir, counts, 3)
	if err != nil {
		t.Fatal(err)
	}
	if b := sheet.Bounds(); b.Dx() != len(Kinds())*(cellSide+cellGap)+cellGap || b.Dy() != 3*(cellSide+cellGap)+headHeight+cellGap {
		t.Fatalf("%v", b)
	}
	for column, k := range Kinds() {
		for row := range 3 {
			x, y := cellGap+column*(cellSide+cellGap)+cellSide/2, headHeight+row*(cellSide+cellGap)+cellSide/2
			if r, g, b, _ := sheet.At(x, y).RGBA(); r+g+b == 3*0xffff {
				t.Errorf("%s: row %d is empty", k.Name, row)
			}
		}
	}
}

package data_test

import (
	"context"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
)

func TestFlat(t *testing.T) {
	dir := tree(t, "set/b.png", "set/a.JPG", "set/notes.txt", "set_masks/a.png", "set_masks/b.png", "set_masks/other.png")
	set := filepath.Join(dir, "set")
	if !data.IsFlat(set) {
		t.Fatal("pictures beside masks are no flat set")
	}
	d, err := data.OpenFlat(set)
	if err != nil {
		t.Fatal(err)
	}
	if got := ids(d); !slices.Equal(got, []string{"set/a", "set/b"}) || d.Entry(0).Class != data.NoClass || len(d.Classes()) != 0 {
		t.Errorf("samples %v, class %d of %v", got, d.Entry(0).Class, d.Classes())
	}
	sample, err := d.Load(1)
	if err != nil || sample.Entry != d.Entry(1) || sample.Mask == nil || sample.Mask.Foreground() != 0.5 {
		t.Errorf("%+v, %v", sample.Entry, err)
	}
	report, err := data.Check(context.Background(), d)
	if err != nil || report.Used != 2 || report.Masks != 2 || report.Skipped != 1 || report.ExtraMasks != 1 {
		t.Errorf("report %+v, %v", report, err)
	}
}

// TestFlatFaults: the sets that are something else, and a picture without a mask.
func TestFlatFaults(t *testing.T) {
	dir := tree(t, "classes/cat/a.png", "classes_masks/cat/a.png", "bare/a.png", "mixed/a.png", "mixed/cat/a.png", "mixed_masks/a.png",
		"foreign/a.png", "foreign_masks/z.png", "part/a.png", "part/b.png", "part_masks/a.png")
	for _, name := range []string{"classes", "bare", "mixed", "none"} {
		if data.IsFlat(filepath.Join(dir, name)) {
			t.Errorf("%s is taken for a flat set", name)
		}
	}
	if _, err := data.OpenFlat(filepath.Join(dir, "foreign")); err == nil || !strings.Contains(err.Error(), "foreign_masks") {
		t.Errorf("masks of other pictures: %v", err)
	}
	part, err := data.OpenFlat(filepath.Join(dir, "part"))
	if err != nil {
		t.Fatal(err)
	}
	plan := data.Plan{BatchSize: 2, Size: 4, Protocol: data.Squash(), Masks: true}
	for _, err = range data.Batches(context.Background(), part, plan) {
	}
	if err == nil || !strings.Contains(err.Error(), filepath.Join("part", "b.png")) {
		t.Errorf("a picture without a mask: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "part_masks", "b.png"), grayPNG(t, 3, 3, 1, 0), 0o644); err != nil {
		t.Fatal(err)
	}
	if part, err = data.OpenFlat(filepath.Join(dir, "part")); err != nil {
		t.Fatal(err)
	}
	if _, err := part.Load(1); err == nil || !strings.Contains(err.Error(), "3 x 3") {
		t.Errorf("a mask of another size: %v", err)
	}
}

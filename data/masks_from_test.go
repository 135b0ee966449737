package data_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/data"
)

// TestSegmentationLeavesOutWhatHasNoMask: a mask that was rejected is no reason
// to refuse the test of the others, and no image is scored without one.
func TestSegmentationLeavesOutWhatHasNoMask(t *testing.T) {
	dir := tree(t, "train/a/1.png", "test/a/1.png", "test/a/2.png", "test/b/3.png", "train/b/1.png", "test_masks/a/2.png", "test_masks/b/3.png")
	c, err := data.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	d, err := c.Segmentation()
	if err != nil || d == nil {
		t.Fatalf("%v, %v", d, err)
	}
	if got := ids(d); len(got) != 2 || got[0] != "test/a/2" || got[1] != "test/b/3" {
		t.Errorf("the test has %v, expected the two images with a mask", got)
	}
	if again, _ := c.Segmentation(); again != d {
		t.Error("asked again, it is another value: a cache would decode twice")
	}
	if err := os.RemoveAll(filepath.Join(dir, "test_masks")); err != nil {
		t.Fatal(err)
	}
	if c, err = data.OpenRoot(dir); err != nil {
		t.Fatal(err)
	}
	if d, err := c.Segmentation(); d != nil || err != nil {
		t.Errorf("without masks: %v, %v, expected none", d, err)
	}
}

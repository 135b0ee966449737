package imagenet

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// wholeRoot writes a few images of every set under the usual names.
func wholeRoot(t *testing.T, root string) {
	t.Helper()
	putSemantic(t, root, "train-semi", "919", "n01440764/a.JPEG", "n01443537/b.JPEG")
	putSemantic(t, root, "validation", "919", "n01440764/v.JPEG")
	put(t, root, "si-score/rotation/zebra/a.jpg", "si-score/area/zebra/a.jpg", "si-score/location20_area02_min0pc/zebra/a.jpg",
		"objectnet-1.0/images/chair/a.png", "imagenetv2-top-images-format-val/0/a.jpeg", "imagenetv2-matched-frequency-format-val/0/a.jpeg",
		"sketch/n01440764/a.JPEG", "imagenet-r/n01443537/a.jpg", "imagenet-a/n01498041/a.jpg", "val/n01440764/a.JPEG", "test/ILSVRC2012_test_00000001.JPEG")
}

func TestCollection(t *testing.T) {
	root := filepath.Join(t.TempDir(), "sets")
	wholeRoot(t, root)
	c, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	want := []string{"val", "imagenet-a", "imagenet-r", "imagenet-sketch", "imagenet-v2", "imagenet-v2-top", "objectnet", "si-location", "si-rotation", "si-size"}
	if got := c.SetNames(); !slices.Equal(got, want) {
		t.Errorf("sets %q, expected the paper's order %q", got, want)
	}
	if c.Name() != "sets" || len(c.Classes()) != 1000 || len(c.Absent) > 0 {
		t.Errorf("%s, %d classes, absent %q", c.Name(), len(c.Classes()), c.Absent)
	}
	if d, err := c.Segmentation(); err != nil || d == nil || d.Name() != sValidation {
		t.Errorf("segmentation set %v, %v", d, err)
	}
	if _, err := c.Set("imagenet-c"); err == nil || !strings.Contains(err.Error(), "imagenet-a") {
		t.Errorf("%v, expected the sets there are", err)
	}
}

func TestAbsentSetsAreSaid(t *testing.T) {
	root := filepath.Join(t.TempDir(), "sets")
	putSemantic(t, filepath.Join(root, "imagenet-s", "ImageNetS50"), "validation", "50", "n01443537/v.JPEG")
	putSemantic(t, filepath.Join(root, "imagenet-s", "ImageNetS50"), "train-semi", "50", "n01443537/t.JPEG")
	put(t, root, "imagenet-a/n01498041/a.jpg")
	c, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.SetNames(); !slices.Equal(got, []string{sValidation, "imagenet-a"}) {
		t.Errorf("%q, expected ImageNet-S's validation images as the clean set", got)
	}
	if !slices.Contains(c.Absent, "ObjectNet") || slices.Contains(c.Absent, "ImageNet val") || slices.Contains(c.Absent, "ImageNet-A") {
		t.Errorf("absent %q", c.Absent)
	}
}

func TestCollectionFaults(t *testing.T) {
	root := filepath.Join(t.TempDir(), "sets")
	put(t, root, "imagenet-a/n01498041/a.jpg", "imagenet-r/cat/a.jpg")
	if _, err := Open(root); err == nil || !strings.Contains(err.Error(), "imagenet-r") || !strings.Contains(err.Error(), "rename") {
		t.Errorf("a set of another kind among ImageNet's: %v", err)
	}
	root = filepath.Join(t.TempDir(), "twice")
	put(t, root, "sketch/n01440764/a.jpg", "imagenet-sketch/n01440764/a.jpg")
	if _, err := Open(root); err == nil || !strings.Contains(err.Error(), "second folder") {
		t.Errorf("one set in two folders: %v", err)
	}
}

// TestOwnSets come after the published ones, under their folders' names.
func TestOwnSets(t *testing.T) {
	root := filepath.Join(t.TempDir(), "sets")
	put(t, root, "train/n01440764/a.JPEG", "val/n01440764/a.JPEG", "fog/n01440764/a.JPEG", "notes/readme.txt", "mixed/cat/a.png")
	c, err := Open(root)
	if err != nil {
		t.Fatal(err)
	}
	if got := c.SetNames(); !slices.Equal(got, []string{"val", "fog"}) {
		t.Errorf("%q, expected val and the user's fog", got)
	}
	if train, err := c.Train(); err != nil || train.Name() != "train" {
		t.Errorf("training set %v, %v", train, err)
	}
}

// TestEveryFaultIsSaid: one line a set, so that one run of the check shows all.
func TestEveryFaultIsSaid(t *testing.T) {
	root := filepath.Join(t.TempDir(), "sets")
	put(t, root, "imagenet-a/n01440764/a.jpg", "imagenetv2-matched-frequency/1000/a.jpg", "val/n01440764/a.JPEG")
	_, err := Open(root)
	if err == nil || len(strings.Split(err.Error(), "\n")) != 2 || !strings.Contains(err.Error(), "imagenet-a") || !strings.Contains(err.Error(), "0 to 999") {
		t.Errorf("%v, expected a line for A and one for v2", err)
	}
}

// TestLinkedTrainingImages: ImageNet-S's own script makes links.
func TestLinkedTrainingImages(t *testing.T) {
	root, elsewhere := t.TempDir(), t.TempDir()
	putSemantic(t, root, "train-semi", "919", "n01440764/a.JPEG")
	image := filepath.Join(root, "train-semi", "n01440764", "a.JPEG")
	if err := os.Rename(image, filepath.Join(elsewhere, "a.JPEG")); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(elsewhere, "a.JPEG"), image); err != nil {
		t.Skip(err)
	}
	if _, err := Open(root); err == nil || !strings.Contains(err.Error(), "--copy") {
		t.Errorf("%v, expected how to copy the images", err)
	}
}

func TestOneSetAlone(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "imagenet-sketch")
	put(t, dir, "n01440764/a.jpg")
	c, err := Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	if c.Name() != "imagenet-sketch" || !slices.Equal(c.SetNames(), []string{"imagenet-sketch"}) {
		t.Errorf("%s: %q", c.Name(), c.SetNames())
	}
	root := t.TempDir()
	putSemantic(t, root, "train-semi", "919", "n01440764/a.JPEG")
	if c, err = Open(filepath.Join(root, "train-semi")); err != nil {
		t.Fatal(err)
	}
	if d, err := c.Segmentation(); err != nil || d == nil || d.Len() != 1 {
		t.Errorf("train-semi alone: masks %v, %v", d, err)
	}
}

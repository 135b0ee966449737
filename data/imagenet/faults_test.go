package imagenet

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestWrongLayouts: each gives one message that says what is wrong and what to do.
func TestWrongLayouts(t *testing.T) {
	all := func(n int, subset, file string) []string {
		var files []string
		for _, folder := range first(n, subset) {
			files = append(files, folder+file)
		}
		return files
	}
	for _, c := range []struct {
		name, folder string
		files        []string
		texts        map[string]string
		says         []string
	}{
		{name: "200 classes read as 1000", folder: "val", files: all(200, "imagenet-a", "/1.jpg"), says: []string{"exactly the 200 classes of imagenet-a", "rename"}},
		{name: "R under A's name", folder: "imagenet-a", files: all(200, "imagenet-r", "/1.jpg"), says: []string{"exactly the 200 classes of imagenet-r"}},
		{name: "a class of another set", folder: "imagenet-a", files: []string{"n01498041/a.jpg", "n01440764/b.jpg"}, says: []string{`"n01440764"`, "not of this set"}},
		{name: "numbers for WordNet ids", folder: "imagenet-a", files: []string{"0/a.jpg", "1/a.jpg"}, says: []string{"folders named by number", "200 folders named by WordNet id"}},
		{name: "a number beside WordNet ids", folder: "val", files: []string{"n01440764/a.jpg", "n01443537/a.jpg", "7/a.jpg"}, says: []string{`"7"`, "numbers stand beside names"}},
		{name: "v2 numbered from 1", folder: "imagenetv2-matched-frequency", files: []string{"1/a.jpg", "2/a.jpg", "1000/a.jpg"}, says: []string{`"1000"`, "0 to 999"}},
		{name: "v2, one class twice", folder: "imagenetv2-matched-frequency", files: []string{"1/a.jpg", "01/a.jpg"}, says: []string{"the same class 1"}},
		{name: "nested twice", folder: "imagenet-r", files: []string{"imagenet-r/n01443537/a.jpg"}, says: []string{"holds only the folder", "give"}},
		{name: "nested in a class", folder: "val", files: []string{"n01440764/images/a.JPEG"}, says: []string{`"n01440764/images"`, "move them up"}},
		{name: "unknown WordNet id", folder: "val", files: []string{"n01440764/a.JPEG", "n01443537/a.JPEG", "n99999999/b.JPEG"}, says: []string{"n99999999", "not among the 1000"}},
		{name: "mistyped ObjectNet folder", folder: "objectnet", files: []string{"chair/a.png", "banana/a.png", "bananna/a.png"}, says: []string{`did you mean "banana"`}},
		{name: "mistyped SI label", folder: "si-size", files: []string{"zebra/a.jpg", "ambulance/a.jpg", "zebr/a.jpg"}, says: []string{`did you mean "zebra"`}},
		{name: "an image beside the classes", folder: "val", files: []string{"n01440764/a.JPEG", "stray.JPEG"}, says: []string{`"stray.JPEG"`, "class"}},
		{name: "an empty class", folder: "val", files: []string{"n01440764/a.JPEG", "n01443537/readme.txt"}, says: []string{`"n01443537" holds no image`}},
		{name: "two extensions", folder: "val", files: []string{"n01440764/a.JPEG", "n01440764/a.png"}, says: []string{"differ before the extension"}},
		{name: "flat without labels", folder: "val", files: valNames(2), says: []string{"no label file", "LOC_val_solution.csv"}},
		{name: "the development kit's file", folder: "val", files: valNames(2), texts: map[string]string{"ILSVRC2012_validation_ground_truth.txt": "490\n361\n"}, says: []string{"development kit", "another order"}},
		{name: "the development kit's numbers", folder: "val", files: valNames(2), texts: map[string]string{"labels.txt": "490\n361\n"}, says: []string{"development kit", "expected 65"}},
		{name: "too few labels", folder: "val", files: valNames(3), texts: map[string]string{"labels.txt": "65\n970\n"}, says: []string{"2 labels for 3 images"}},
		{name: "labels for other files", folder: "val", files: valNames(1), texts: map[string]string{"val.txt": "other.JPEG 3\n"}, says: []string{"no line for"}},
		{name: "ObjectNet under R's name", folder: "imagenet-r", files: []string{"chair/a.png", "alarm_clock/b.png"}, says: []string{"folders named like ObjectNet's", "rename"}},
		{name: "no image at all", folder: "val", files: []string{"n01440764/readme.txt"}, says: []string{"holds no image"}},
	} {
		dir := filepath.Join(t.TempDir(), c.folder)
		put(t, dir, c.files...)
		for name, text := range c.texts {
			write(t, filepath.Join(dir, name), []byte(text))
		}
		_, err := OpenSet(dir)
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		for _, says := range append(c.says, c.folder) {
			if !strings.Contains(err.Error(), says) {
				t.Errorf("%s: %v\nexpected %q", c.name, err, says)
			}
		}
	}
}

// TestMissingClass: a copy that lacks a class is not a part of a set that
// somebody chose.
func TestMissingClass(t *testing.T) {
	s := &Set{layout: layouts[1]}
	s.Facts.Images, s.Facts.Classes, s.Facts.ExpectedClasses, s.Facts.ExpectedImages = 7400, 199, 200, []int{7500}
	r := reader{Set: s, held: map[string]int{}}
	for _, folder := range first(199, "imagenet-a") {
		r.held[folder] = 37
	}
	r.coverage()
	if len(s.Facts.Faults) != 1 || !strings.Contains(s.Facts.Faults[0], "1 of 200 class folders are missing (\"n12267677\")") {
		t.Errorf("%q", s.Facts.Faults)
	}
	s.Facts.Faults, s.Facts.Images, s.Facts.Classes = nil, 7600, 200
	if r.coverage(); len(s.Facts.Faults) != 1 || !strings.Contains(s.Facts.Faults[0], "more than the 7500") {
		t.Errorf("%q", s.Facts.Faults)
	}
	s.Facts.Faults, s.Facts.Images = nil, 7500
	if r.coverage(); len(s.Facts.Faults) != 0 || s.Facts.Notes[len(s.Facts.Notes)-1] != "complete" {
		t.Errorf("%+v", s.Facts)
	}
}

// TestOtherData is not taken for ImageNet.
func TestOtherData(t *testing.T) {
	for name, files := range map[string][]string{
		"classes of words":        {"cat/a.png", "dog/b.png"},
		"ten digits":              {"0/a.png", "1/b.png", "9/c.png"},
		"a few household words":   {"banana/a.png", "lemon/b.png", "orange/c.png"},
		"train and val of words":  {"train/cat/a.png", "val/cat/b.png"},
		"shift sets of words":     {"train/heart/a.png", "val/heart/b.png", "imagenet-a/heart/c.png", "si-size/heart/d.png"},
		"images without a folder": {"a.png"},
	} {
		dir := filepath.Join(t.TempDir(), "data")
		put(t, dir, files...)
		if _, err := Open(dir); !errors.Is(err, ErrUnknown) {
			t.Errorf("%s: %v, expected that another reader is asked", name, err)
		}
	}
	if _, err := Open(filepath.Join(t.TempDir(), "none")); err == nil || errors.Is(err, ErrUnknown) {
		t.Errorf("no folder: %v", err)
	}
}

func TestLinksStayInside(t *testing.T) {
	outside := t.TempDir()
	put(t, outside, "a.JPEG")
	dir := filepath.Join(t.TempDir(), "val")
	put(t, dir, "n01440764/a.JPEG")
	if err := os.Symlink(filepath.Join(outside, "a.JPEG"), filepath.Join(dir, "n01440764", "b.JPEG")); err != nil {
		t.Skip(err)
	}
	if _, err := OpenSet(dir); err == nil || !strings.Contains(err.Error(), "leaves the folder") {
		t.Errorf("%v, expected that a link out of the folder is refused", err)
	}
}

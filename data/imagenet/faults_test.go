package imagenet

import (
	"errors"
	"path/filepath"
	"strings"
	"testing"
)

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

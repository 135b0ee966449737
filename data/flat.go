package data

import (
	"fmt"
	"path/filepath"
)

// flatFolder is the one folder of a set without classes.
const flatFolder = "."

// IsFlat tells whether a folder holds pictures beside a folder of masks, as
// OpenFlat reads them.
func IsFlat(dir string) bool {
	masks, err := openDir(filepath.Clean(dir) + maskSuffix)
	if err != nil {
		return false
	}
	masks.Close()
	list, err := listFlat(dir)
	return err == nil && len(list.files) > 0
}

// OpenFlat opens a segmentation test set without classes: the pictures DIR/FILE
// with the masks DIR_masks/STEM.png. Samples are ordered by file name; their IDs
// are NAME/STEM, NAME being the folder's own.
func OpenFlat(dir string) (Dataset, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return nil, fmt.Errorf("open data set %q: %w", dir, err)
	}
	list, err := listFlat(dir)
	if err != nil {
		return nil, fmt.Errorf("open data set %q: %w", dir, err)
	}
	images := &folder{name: filepath.Base(absolute), dir: dir, classes: list.classes, files: list.files, stray: list.stray}
	d, err := MasksFrom(images, filepath.Clean(dir)+maskSuffix)
	if err != nil {
		return nil, err
	}
	return &flat{d.(*masked)}, nil
}

func listFlat(dir string) (*listing, error) {
	root, err := openDir(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	list := &listing{classes: []string{flatFolder}}
	return list, list.addClass(root, 0)
}

// flat hides the one folder that stands for a class.
type flat struct{ *masked }

func (f *flat) Classes() []string { return nil }

func (f *flat) Entry(i int) Entry {
	entry := f.masked.Entry(i)
	entry.Class = NoClass
	return entry
}

func (f *flat) Load(i int) (Sample, error) {
	sample, err := f.masked.Load(i)
	sample.Entry = f.Entry(i)
	return sample, err
}

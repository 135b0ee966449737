package imagenet

import (
	"fmt"
	"slices"
	"strings"

	"github.com/robustvit/workbench/data"
)

// Name is the folder's own name.
func (c *Collection) Name() string {
	if c.alone {
		return c.sets[0].Name()
	}
	base, err := baseName(c.dir)
	if err != nil {
		return c.dir
	}
	return base
}

// Classes are the 1000 WordNet ids.
func (c *Collection) Classes() []string { return Classes() }

// ReadableNames are the classes for people.
func (c *Collection) ReadableNames() []string { return Names() }

// Train is ImageNet-S's train-semi with masks, or ImageNet's training images.
func (c *Collection) Train() (data.Dataset, error) {
	if c.train == nil {
		return nil, fmt.Errorf("data %q has no images to finetune on; expected train-semi and train-semi-segmentation (ImageNet-S), or train with one folder a class and train_masks", c.dir)
	}
	return c.train, nil
}

// SetNames lists the evaluation sets in the order of the paper's columns.
func (c *Collection) SetNames() []string {
	names := make([]string, len(c.sets))
	for i, s := range c.sets {
		names[i] = s.Name()
	}
	return names
}

// Set is one evaluation set.
func (c *Collection) Set(name string) (data.Dataset, error) {
	i := slices.Index(c.SetNames(), name)
	if i < 0 {
		return nil, fmt.Errorf("data %q has no evaluation set %q; use one of %s", c.dir, name, strings.Join(c.SetNames(), ", "))
	}
	return c.sets[i], nil
}

// Segmentation is ImageNet-S's validation set, nil where it is not there.
func (c *Collection) Segmentation() (data.Dataset, error) { return c.segmentation, nil }

// RotateEXIF turns the images of every set upright by their EXIF orientation,
// masks with them; the paper's pipeline does not. Call it before any is loaded.
func (c *Collection) RotateEXIF() {
	for _, d := range append([]data.Dataset{c.train, c.segmentation}, c.sets...) {
		switch d := d.(type) {
		case *Set:
			d.Rotate = true
		case *semantic:
			d.Rotate = true
		}
	}
	if c.plain != nil {
		c.plain.Rotate = true
	}
}

// FactsOf says what a set of this package was recognised as.
func FactsOf(d data.Dataset) (Facts, bool) {
	switch d := d.(type) {
	case *Set:
		return d.Facts, true
	case *semantic:
		return d.Facts, true
	}
	return Facts{}, false
}

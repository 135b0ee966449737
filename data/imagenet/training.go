package imagenet

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/robustvit/workbench/data"
)

// openTraining opens what there is to finetune on and to test maps against.
func (c *Collection) openTraining(p place) error {
	has := func(name string) bool { return slices.Contains(p.folders, name) }
	at := func(name string) string { return filepath.Join(p.dir, name) }
	if c.train == nil && has("train-semi-segmentation") {
		images := ""
		for _, name := range []string{"train-semi", "train", "train-full"} {
			if images == "" && has(name) {
				images = at(name)
			}
		}
		if images == "" {
			return fmt.Errorf("open data %q: it holds train-semi-segmentation but no images to it; expected train-semi beside it, or train with ImageNet's training images", p.dir)
		}
		train, err := openSemantic(images, at("train-semi-segmentation"), trainSemi)
		if err != nil {
			return err
		}
		c.train = withMasks(train)
	}
	if c.segmentation == nil && has("validation") && has("validation-segmentation") {
		d, err := openSemantic(at("validation"), at("validation-segmentation"), sValidation)
		if err != nil {
			return err
		}
		c.segmentation = withMasks(d)
		if !slices.Contains(c.SetNames(), "val") { // the clean set comes first
			c.sets = slices.Insert(c.sets, 0, data.Dataset(d))
		}
	}
	if c.train == nil && has("train") && p.dir == c.dir {
		return c.openPlainTraining(at("train"))
	}
	return nil
}

// openPlainTraining is ImageNet's own training folder, with masks made for it
// in train_masks where they are.
func (c *Collection) openPlainTraining(dir string) error {
	s, err := openAs(dir, layout{})
	switch {
	case errors.Is(err, ErrUnknown):
		c.sets = nil // other data that has folders of these names
		return nil
	case err != nil:
		return fmt.Errorf("open data set %q: %w", dir, err)
	}
	c.train, c.plain = s, s
	if masks := dir + "_masks"; isFolder(masks) {
		c.train, err = data.MasksFrom(s, masks)
	}
	return err
}

// withMasks leaves out the images without a mask.
func withMasks(m *semantic) data.Dataset {
	if m.Facts.Masks == m.Len() {
		return m
	}
	var masked []int
	for i := range m.Len() {
		if m.has[i] {
			masked = append(masked, i)
		}
	}
	kept := *m
	files := *m.Files
	files.List, kept.has = nil, nil
	for _, i := range masked {
		files.List, kept.has = append(files.List, m.List[i]), append(kept.has, true)
	}
	set := *m.Set
	set.Files = &files
	kept.Set = &set
	return &kept
}

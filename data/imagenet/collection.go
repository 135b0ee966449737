package imagenet

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/robustvit/workbench/data"
)

// Collection is the ImageNet sets that one folder holds.
type Collection struct {
	dir          string
	train        data.Dataset
	sets         []data.Dataset // in the order of the paper's columns
	segmentation data.Dataset
	alone        bool     // one set's own folder
	Absent       []string // published sets that are not there
}

// Open opens a folder of sets under their usual names (val, imagenet-a,
// imagenet-r, sketch, imagenetv2-*, objectnet-1.0, si-score/rotation, ...), with
// train-semi and train-semi-segmentation or ImageNetS919/... to finetune on, or
// one set's own folder. [ErrUnknown]: another kind of data.
func Open(dir string) (*Collection, error) {
	top, err := data.Scan(dir, 1)
	if err != nil {
		return nil, fmt.Errorf("open data %q: %w", dir, err)
	}
	c := &Collection{dir: dir}
	if err := c.openParts(top); err != nil {
		return nil, err
	}
	if len(c.sets) == 0 && c.train == nil {
		c.alone = true
		return c, c.openAlone()
	}
	for _, l := range layouts {
		absent := !slices.Contains(c.SetNames(), l.name) && !strings.HasPrefix(l.name, "imagenet-v2-")
		if absent && !(l.name == "val" && slices.Contains(c.SetNames(), sValidation)) {
			c.Absent = append(c.Absent, l.title)
		}
	}
	return c, nil
}

// openAlone opens one set's own folder, with the masks beside it.
func (c *Collection) openAlone() error {
	clean := filepath.Clean(c.dir)
	if masks := clean + "-segmentation"; isFolder(masks) {
		m, err := openSemantic(c.dir, masks, semanticName(c.dir))
		if err != nil {
			return err
		}
		d := withMasks(m)
		c.train, c.sets, c.segmentation = d, []data.Dataset{d}, d
		return nil
	}
	s, err := OpenSet(c.dir)
	if err != nil {
		return err
	}
	c.train, c.sets = s, []data.Dataset{s}
	if masks := clean + "_masks"; isFolder(masks) {
		c.segmentation, err = data.MasksFrom(s, masks)
		c.train = c.segmentation
	}
	return err
}

// openParts opens the folders whose names are known.
func (c *Collection) openParts(top *data.Tree) error {
	var known []found
	for _, place := range c.places(top) {
		for _, folder := range place.folders {
			if l, ok := layoutOf(folder); ok {
				known = append(known, found{l, filepath.Join(place.dir, folder)})
			}
		}
	}
	faults := []error{c.openSets(known)}
	for _, place := range c.places(top) {
		faults = append(faults, c.openTraining(place))
	}
	return errors.Join(faults...) // each set's fault on a line of its own
}

// place is a folder that may hold sets.
type place struct {
	dir     string
	folders []string
}

// places are the root and the folders in which sets are usually gathered.
func (c *Collection) places(top *data.Tree) []place {
	all := []place{{c.dir, top.Folders}}
	for _, folder := range top.Folders {
		switch lower := strings.ToLower(folder); {
		case strings.HasPrefix(lower, "si-score"), strings.HasPrefix(lower, "si_score"), strings.HasPrefix(lower, "siscore"),
			strings.HasPrefix(lower, "imagenets"), lower == "imagenet-s":
			dir := filepath.Join(c.dir, folder)
			if inner, err := data.Scan(dir, 1); err == nil {
				all = append(all, place{dir, inner.Folders})
				if lower == "imagenet-s" {
					all = append(all, (&Collection{dir: dir}).places(inner)[1:]...)
				}
			}
		}
	}
	return all
}

// found is a folder whose name promises a set.
type found struct {
	layout layout
	dir    string
}

// openSets opens the evaluation sets in order. A folder of a known name whose
// content is unknown is only an error beside sets that are known.
func (c *Collection) openSets(all []found) error {
	var strange []string
	var faults []error
	for _, l := range layouts {
		for _, f := range all {
			if f.layout.name != l.name {
				continue
			}
			s, err := c.openFound(f)
			switch {
			case errors.Is(err, ErrUnknown):
				strange = append(strange, f.dir)
			case err != nil:
				faults = append(faults, fmt.Errorf("open data set %q: %w", f.dir, err))
			case s != nil && slices.Contains(c.SetNames(), s.Name()):
				faults = append(faults, fmt.Errorf("open data %q: %q is a second folder of %s; keep one", c.dir, f.dir, l.title))
			case s != nil:
				c.sets = append(c.sets, s)
				if masks := f.dir + "_masks"; l.name == "val" && isFolder(masks) {
					if c.segmentation, err = data.MasksFrom(s, masks); err != nil {
						return err
					}
				}
			}
		}
	}
	if len(strange) > 0 && len(c.sets) > 0 {
		faults = append(faults, fmt.Errorf("open data set %q: its name is that of a published set, but its folders are not (beside it, %s is ImageNet's); rename it or take it out",
			strange[0], c.sets[0].Name()))
	}
	return errors.Join(faults...)
}

// openFound is nil where the folder is ImageNet-S's and belongs to its masks.
func (c *Collection) openFound(f found) (data.Dataset, error) {
	masks := f.dir + "-segmentation"
	if f.layout.name != "val" || !strings.EqualFold(filepath.Base(f.dir), "validation") || !isFolder(masks) {
		return noNil(openAs(f.dir, f.layout))
	}
	return nil, nil
}

// noNil keeps a nil *Set from becoming an interface that is not nil.
func noNil(s *Set, err error) (data.Dataset, error) {
	if err != nil {
		return nil, err
	}
	return s, nil
}

func isFolder(dir string) bool {
	_, err := data.Scan(dir, 1)
	return err == nil
}

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
	c.train = s
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

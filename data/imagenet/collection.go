package imagenet

import (
	"errors"
	"fmt"
	"os"
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
	plain        *Set     // training images whose masks were made for them
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
		if c.train, err = data.MasksFrom(s, masks); err != nil {
			return err
		}
		c.segmentation, err = data.Masked(c.train)
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
	faults = append(faults, c.openOthers(top))
	return errors.Join(faults...) // each set's fault on a line of its own
}

// openOthers opens the user's own sets, folders of WordNet ids under any other
// name, beside sets that are known.
func (c *Collection) openOthers(top *data.Tree) error {
	if len(c.sets) == 0 && c.train == nil {
		return nil
	}
	var faults []error
	for _, folder := range top.Folders { // sorted
		_, known := layoutOf(folder)
		if known || strings.HasPrefix(folder, "train") || strings.HasSuffix(folder, "_masks") || strings.HasSuffix(folder, "-segmentation") ||
			folder == "test" && slices.Contains(top.Folders, "train-semi") { // ImageNet-S keeps its labels
			continue
		}
		dir := filepath.Join(c.dir, folder)
		inner, err := data.Scan(dir, 1)
		if err != nil || !looks(byWordNet, inner.Folders, nil) {
			continue // no set, or a place that was looked into
		}
		s, err := openAs(dir, layout{})
		switch {
		case err != nil:
			faults = append(faults, fmt.Errorf("open data set %q: %w", dir, err))
		case slices.Contains(c.SetNames(), s.Name()):
			faults = append(faults, fmt.Errorf("open data %q: %q is a second folder of %s; keep one", c.dir, dir, s.Facts.Kind))
		default:
			c.sets = append(c.sets, s)
		}
	}
	return errors.Join(faults...)
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
					all, err := data.MasksFrom(s, masks)
					if err != nil {
						return err
					}
					if c.segmentation, err = data.Masked(all); err != nil {
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
	info, err := os.Stat(dir)
	return err == nil && info.IsDir()
}

// Package gtsegs reads the segmentation test set of the paper,
// gtsegs_ijcv.mat: 4,276 ImageNet pictures with the masks of their objects
// (Guillaumin, Küttel and Ferrari, ImageNet auto-annotation with segmentation
// propagation, IJCV 2014), as the released code reads it.
package gtsegs

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"syscall"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/mat73"
)

// Limits of a set: as many pictures, and bytes of one array: 15 million pixels.
const (
	maxPictures = 1 << 20
	maxBytes    = 44 << 20
)

// layout is what errors expect.
const layout = "expected the struct \"value\" with the cell arrays \"img\" (pictures) and \"gt\" (masks), as in gtsegs_ijcv.mat"

// Set is the test set in a file. It has no classes: its pictures are of more
// kinds than ImageNet-1k names. It is a data.Dataset.
type Set struct {
	path          string // as the user wrote it
	images, masks []mat73.Ref
}

// Open reads the list of pictures; they themselves are read by Load.
func Open(path string) (*Set, error) {
	s := &Set{path: path}
	err := s.with(func(file *mat73.File) (err error) {
		if s.images, err = cells(file, "value/img"); err == nil {
			s.masks, err = cells(file, "value/gt")
		}
		return err
	})
	if missing := new(mat73.MissingError); errors.As(err, &missing) {
		err = fmt.Errorf("%w; %s", err, layout)
	}
	if err == nil && len(s.images) != len(s.masks) {
		err = fmt.Errorf("it has %d pictures and %d masks; %s of one length", len(s.images), len(s.masks), layout)
	}
	if err != nil {
		return nil, fmt.Errorf("open segmentation test set %q: %w", path, err)
	}
	return s, nil
}

// with opens the file for the time of use: a Dataset is never closed.
func (s *Set) with(use func(*mat73.File) error) error {
	file, err := os.OpenFile(s.path, os.O_RDONLY|syscall.O_NONBLOCK, 0) // a pipe must not block
	if err != nil {
		var fault *fs.PathError
		if errors.As(err, &fault) {
			err = fault.Err
		}
		return fmt.Errorf("it cannot be opened (%w); check the path", err)
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if !info.Mode().IsRegular() {
		return errors.New("it is no regular file; check the path")
	}
	return read(file, info.Size(), use)
}

func read(r io.ReaderAt, size int64, use func(*mat73.File) error) error {
	file, err := mat73.New(r, size)
	if err != nil {
		return err
	}
	return use(file)
}

// cells reads a cell array: references to what its cells hold.
func cells(file *mat73.File, path string) ([]mat73.Ref, error) {
	object, err := file.Lookup(path)
	if err != nil {
		return nil, err
	}
	array, err := references(file, object, maxPictures)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	refs := make([]mat73.Ref, array.Len())
	for i := range refs {
		refs[i] = array.Ref(i)
	}
	return refs, nil
}

// references reads a cell array of at most most cells.
func references(file *mat73.File, object mat73.Ref, most int) (*mat73.Array, error) {
	d, err := file.Dataset(object)
	if err != nil {
		return nil, err
	}
	if d.Type.Kind != mat73.Reference {
		return nil, fmt.Errorf("it is an array of %v %s; %s", d.Dims, d.Type, layout)
	}
	return d.Read(8 * most)
}

// Name is "gtsegs".
func (s *Set) Name() string { return "gtsegs" }

// Classes is empty.
func (s *Set) Classes() []string { return nil }

// Len is the number of pictures.
func (s *Set) Len() int { return len(s.images) }

// Entry of picture i is gtsegs/0001 for the first one, without a class.
func (s *Set) Entry(i int) data.Entry {
	return data.Entry{ID: fmt.Sprintf("%s/%04d", s.Name(), i+1), Class: data.NoClass}
}

// File names picture i in errors.
func (s *Set) File(i int) string { return fmt.Sprintf("%s, picture %d", s.path, i+1) }

// HasMask is true for every picture.
func (s *Set) HasMask(int) bool { return true }

// Load reads picture i and its mask.
func (s *Set) Load(i int) (sample data.Sample, err error) {
	sample.Entry = s.Entry(i)
	err = s.with(func(file *mat73.File) error {
		sample.Image, sample.Mask, err = readPair(file, s.images[i], s.masks[i])
		return err
	})
	if err != nil {
		return data.Sample{}, fmt.Errorf("read %q, picture %d of %d: %w", s.path, i+1, s.Len(), err)
	}
	return sample, nil
}

// Sizes are the extremes of a set's pictures, in pixels.
type Sizes struct {
	SmallestSide, LargestSide int
}

// Sizes looks at the header of every picture.
func (s *Set) Sizes() (sizes Sizes, err error) {
	err = s.with(func(file *mat73.File) error {
		for i, ref := range s.images {
			_, width, height, err := imageOf(file, ref)
			if err != nil {
				return fmt.Errorf("picture %d of %d: %w", i+1, s.Len(), err)
			}
			if short := min(width, height); i == 0 || short < sizes.SmallestSide {
				sizes.SmallestSide = short
			}
			sizes.LargestSide = max(sizes.LargestSide, width, height)
		}
		return nil
	})
	if err != nil {
		return sizes, fmt.Errorf("read %q: %w", s.path, err)
	}
	return sizes, nil
}

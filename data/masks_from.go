package data

import (
	"errors"
	"fmt"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// MasksFrom attaches the masks DIR/CLASS/STEM.png to the samples of d, by class
// name and the last part of the ID. A sample without a mask file keeps Mask nil
// (HasMask tells); a folder that fits no sample is an error.
func MasksFrom(d Dataset, dir string) (Dataset, error) {
	root, err := openDir(dir)
	if err != nil {
		return nil, fmt.Errorf("open masks %q: %w", dir, err)
	}
	defer root.Close()
	m := &masked{Dataset: d, dir: dir, has: make([]bool, d.Len())}
	present := map[string]bool{}
	for _, class := range d.Classes() {
		entries, err := fs.ReadDir(root.FS(), class)
		if err != nil && !errors.Is(err, fs.ErrNotExist) {
			return nil, fmt.Errorf("open masks %q: class folder %q: %w", dir, class, openFault(err))
		}
		for _, entry := range entries {
			if !entry.IsDir() && !hidden(entry.Name()) && strings.HasSuffix(entry.Name(), maskExtension) {
				present[path.Join(class, entry.Name())] = true
			}
		}
	}
	matched := 0
	for i := range m.has {
		if m.has[i] = present[filepath.ToSlash(m.maskName(i))]; m.has[i] {
			matched++
		}
	}
	m.extra = len(present) - matched
	if matched == 0 && d.Len() > 0 {
		return nil, fmt.Errorf("open masks %q: no file fits data set %q, expected for example %q; check the folder",
			dir, d.Name(), m.MaskFile(0))
	}
	return m, nil
}

const maskExtension = ".png"

// masked is a data set with the masks of a folder.
type masked struct {
	Dataset
	dir   string // as the user wrote it
	has   []bool
	extra int // mask files without a sample
}

func (m *masked) maskName(i int) string {
	entry := m.Entry(i)
	name := entry.ID[strings.LastIndex(entry.ID, "/")+1:]
	return filepath.Join(m.Classes()[entry.Class], name+maskExtension)
}

// MaskFile is the path of the mask of sample i as the user wrote the folder.
func (m *masked) MaskFile(i int) string { return filepath.Join(m.dir, m.maskName(i)) }

// File is the path of sample i, or its ID where it is no file.
func (m *masked) File(i int) string { return fileOf(m.Dataset, i) }

// Stray is the number of image files that were ignored.
func (m *masked) Stray() int { return strayOf(m.Dataset) }

// ExtraMasks is the number of mask files without a sample.
func (m *masked) ExtraMasks() int { return m.extra }

// HasMask tells whether sample i has a mask, without loading it.
func (m *masked) HasMask(i int) bool { return m.has[i] }

func (m *masked) Load(i int) (Sample, error) {
	sample, err := m.Dataset.Load(i)
	if err != nil {
		return Sample{}, err
	}
	sample.Mask = nil
	if !m.has[i] {
		return sample, nil
	}
	content, err := readInside(m.dir, m.maskName(i))
	if err != nil {
		return Sample{}, fmt.Errorf("read mask %q: %w", m.MaskFile(i), err)
	}
	if sample.Mask, err = decodeMask(content); err != nil {
		return Sample{}, fmt.Errorf("read mask %q: %w", m.MaskFile(i), err)
	}
	sample.Mask = sample.Mask.Upright(sample.turned)
	if err := sample.Mask.CheckSize(sample.Image, quote(m.MaskFile(i)), quote(m.File(i))); err != nil {
		return Sample{}, err
	}
	return sample, nil
}

func quote(name string) string { return fmt.Sprintf("%q", name) }

// HasMask tells whether sample i of d has a mask. Data sets that know it answer
// without loading.
func HasMask(d Dataset, i int) (bool, error) {
	if m, ok := d.(interface{ HasMask(i int) bool }); ok {
		return m.HasMask(i), nil
	}
	if _, ok := d.(interface{ noMasks() }); ok {
		return false, nil
	}
	sample, err := d.Load(i)
	return sample.Mask != nil, err
}

// Masked is the samples of d that have a mask: d itself where all have one, nil
// where none has. A mask that was rejected leaves nothing to score a map against.
func Masked(d Dataset) (Dataset, error) {
	var indices []int
	for i := range d.Len() {
		has, err := HasMask(d, i)
		if err != nil {
			return nil, err
		}
		if has {
			indices = append(indices, i)
		}
	}
	switch len(indices) {
	case d.Len():
		return d, nil
	case 0:
		return nil, nil
	}
	return &subset{Dataset: d, indices: indices, name: d.Name(), stray: strayOf(d) + d.Len() - len(indices)}, nil
}

func strayOf(d Dataset) int {
	if s, ok := d.(interface{ Stray() int }); ok {
		return s.Stray()
	}
	return 0
}

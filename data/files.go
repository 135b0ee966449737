package data

import (
	"fmt"
	"path"
	"path/filepath"
)

// Files is a data set of image files whose classes were found by whoever made
// it: a reader of a published layout. Only names are held; images are decoded
// when they are loaded.
type Files struct {
	Set        string // name of the data set, first part of every ID
	Dir        string // as the user wrote it
	ClassNames []string
	List       []FileSample
	Ignored    int  // files that are no samples
	Rotate     bool // images are turned upright by EXIF
}

// FileSample is one image of [Files].
type FileSample struct {
	Path  string // below Dir, slash-separated
	Class int
}

func (f *Files) Name() string      { return f.Set }
func (f *Files) Classes() []string { return f.ClassNames }
func (f *Files) Len() int          { return len(f.List) }

// Entry names sample i: set, path and file name without extension.
func (f *Files) Entry(i int) Entry {
	return Entry{ID: path.Join(f.Set, stem(f.List[i].Path)), Class: f.List[i].Class}
}

// File is the path of sample i as the user wrote the folder.
func (f *Files) File(i int) string { return filepath.Join(f.Dir, filepath.FromSlash(f.List[i].Path)) }

// Stray is the number of files that were ignored.
func (f *Files) Stray() int { return f.Ignored }

// noMasks says that masks come from elsewhere ([MasksFrom]).
func (f *Files) noMasks() {}

// Load decodes sample i.
func (f *Files) Load(i int) (Sample, error) {
	content, err := ReadInside(f.Dir, f.List[i].Path)
	if err == nil {
		var img *Image
		if img, err = decodeImage(content); err == nil {
			return Sample{Entry: f.Entry(i), Image: img}.upright(content, f.Rotate), nil
		}
	}
	return Sample{}, fmt.Errorf("read image %q: %w", f.File(i), err)
}

// WithMask gives a sample the mask of its file, turned as the image was.
func (s Sample) WithMask(m *Mask) Sample {
	s.Mask = m.Upright(s.turned)
	return s
}

// Info inspects the file of sample i.
func (f *Files) Info(i int) (ImageInfo, error) {
	content, err := ReadInside(f.Dir, f.List[i].Path)
	if err != nil {
		return ImageInfo{}, err
	}
	return inspect(content)
}

// ReadInside reads a regular file of at most MaxFileBytes, name slash-separated,
// without leaving dir. The error does not repeat the path.
func ReadInside(dir, name string) ([]byte, error) { return readInside(dir, filepath.FromSlash(name)) }

// ReadPicture reads an image below dir, name slash-separated, without leaving
// dir, and what its file says beside the pixels; it decodes as [ReadImage] does.
func ReadPicture(dir, name string) (*Image, ImageInfo, error) {
	var img *Image
	var info ImageInfo
	content, err := ReadInside(dir, name)
	if err == nil {
		if info, err = inspect(content); err == nil {
			img, err = decodeImage(content)
		}
	}
	if err != nil {
		return nil, info, fmt.Errorf("read image %q: %w", filepath.Join(dir, filepath.FromSlash(name)), err)
	}
	return img, info, nil
}

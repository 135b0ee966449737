package data

import (
	"fmt"
	"os"
	"path"
	"path/filepath"
)

// FolderOptions says how OpenFolder reads a folder. The zero value is right
// for a folder that stands alone.
type FolderOptions struct {
	Name    string   // of the data set, first part of every ID; empty = the folder's own name
	Classes []string // expected class folders in the order of the indices; nil = classes.txt, else the sorted folder names
	Partial bool     // a data set may lack some of the classes (ImageNet-A has 200 of 1000)
	Masks   string   // folder of masks; empty = DIR_masks where it exists
	NoMasks bool     // read no masks even where they exist

	// RotateEXIF turns image and mask upright by the image's EXIF orientation.
	// The paper's pipeline does not.
	RotateEXIF bool
}

// OpenFolder opens a data set in the ImageNet layout: DIR/CLASS/FILE, one
// folder a class. The class list is opts.Classes, else classes.txt in DIR (one
// name a line), else the sorted folder names. Samples are ordered by class
// index, then file name; their IDs are NAME/CLASS/FILE without extension. Masks
// come from DIR_masks/CLASS/FILE.png where that folder exists.
//
// Files with the extension of an image are samples, whatever they turn out to
// hold; everything else is stray, ignored and counted (Check). All access goes
// through os.Root: links that leave DIR are refused.
func OpenFolder(dir string, opts FolderOptions) (Dataset, error) {
	if opts.Name == "" {
		absolute, err := filepath.Abs(dir)
		if err != nil {
			return nil, fmt.Errorf("open data set %q: %w", dir, err)
		}
		opts.Name = filepath.Base(absolute)
	}
	list, err := listFolder(dir, opts)
	if err != nil {
		return nil, fmt.Errorf("open data set %q: %w", dir, err)
	}
	images := &folder{name: opts.Name, dir: dir, classes: list.classes, files: list.files, stray: list.stray, rotate: opts.RotateEXIF}
	masks := opts.Masks
	if masks == "" {
		masks = filepath.Clean(dir) + "_masks"
		if _, err := os.Stat(masks); err != nil {
			opts.NoMasks = true
		}
	}
	if opts.NoMasks {
		return images, nil
	}
	return MasksFrom(images, masks)
}

// folder is a data set of image files without masks.
type folder struct {
	name    string
	dir     string // as the user wrote it
	classes []string
	files   []folderFile
	stray   int
	rotate  bool // by EXIF
}

// folderFile is one image, by class index and file name.
type folderFile struct {
	class int
	name  string
	size  int64 // bytes when it was listed; -1 = not known
}

func (f *folder) Name() string      { return f.name }
func (f *folder) Classes() []string { return f.classes }
func (f *folder) Len() int          { return len(f.files) }

func (f *folder) Entry(i int) Entry {
	file := f.files[i]
	return Entry{ID: path.Join(f.name, f.classes[file.class], stem(file.name)), Class: file.class}
}

// File is the path of sample i as the user wrote the folder.
func (f *folder) File(i int) string {
	file := f.files[i]
	return filepath.Join(f.dir, f.classes[file.class], file.name)
}

// noMasks says that masks come from elsewhere ([MasksFrom]).
func (f *folder) noMasks() {}

// Stray is the number of files that were ignored.
func (f *folder) Stray() int { return f.stray }

func (f *folder) Load(i int) (Sample, error) {
	content, err := f.read(i)
	if err == nil {
		var img *Image
		if img, err = decodeImage(content); err == nil {
			return Sample{Entry: f.Entry(i), Image: img}.upright(content, f.rotate), nil
		}
	}
	return Sample{}, fmt.Errorf("read image %q: %w", f.File(i), err)
}

// upright applies the orientation of the image's file where that was asked for.
func (s Sample) upright(content []byte, rotate bool) Sample {
	if !rotate {
		return s
	}
	if info, err := inspect(content); err == nil && info.Orientation > 1 {
		s.turned, s.Image = info.Orientation, s.Image.Upright(info.Orientation)
	}
	return s
}

// Info inspects the file of sample i.
func (f *folder) Info(i int) (ImageInfo, error) {
	content, err := f.read(i)
	if err != nil {
		return ImageInfo{}, err
	}
	return inspect(content)
}

func (f *folder) read(i int) ([]byte, error) {
	file := f.files[i]
	content, err := readInside(f.dir, filepath.Join(f.classes[file.class], file.name))
	if err == nil && file.size >= 0 && int64(len(content)) != file.size {
		return nil, fmt.Errorf("it changed after it was listed: found %d bytes, expected %d; leave the data alone while a job reads it, and run again", len(content), file.size)
	}
	return content, err
}

// readInside reads a regular file without leaving dir.
func readInside(dir, name string) ([]byte, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, openFault(err)
	}
	defer root.Close()
	return readRegular(name, root.OpenFile)
}

func stem(name string) string { return name[:len(name)-len(path.Ext(name))] }

// Filer is a data set whose samples are files.
type Filer interface{ File(i int) string }

// fileOf names sample i for an error: its file, else its ID.
func fileOf(d Dataset, i int) string {
	if f, ok := d.(Filer); ok {
		return f.File(i)
	}
	return d.Entry(i).ID
}

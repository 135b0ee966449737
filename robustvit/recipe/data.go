package recipe

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/imagenet"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// Shapes is the name of the embedded data.
const Shapes = "shapes"

// DataOptions says how [OpenData] opens what the user named.
type DataOptions struct {
	Shapes  shapes.Options // of the embedded data
	Masks   string         // folder of masks for the training images; "" = train_masks where it exists
	Rotate  bool           // by the EXIF orientation, image and mask; the paper's pipeline does not
	Classes []string       // the model's class names, for a folder that holds one set alone
	// Outputs is the number of the model's classes. With 1000, or 0 for a model
	// without a head, ImageNet's published layouts are read with the 1000 classes.
	Outputs int
	// Plain reads no published layout: the folders are the classes.
	Plain bool
}

// ModelData are the options for a model.
func ModelData(m *pretrained.Model, size shapes.Options) DataOptions {
	return DataOptions{Shapes: size, Classes: m.Classes, Outputs: m.Variant.Classes}
}

// OpenData opens "shapes" (with as many classes as the model has, of 20, 40 and
// 80), "shapes40", "shapes80", ImageNet's published layouts (see data/imagenet), a
// folder of sets (train, val, ...), or a folder of classes, which is then the
// training set and the one evaluation set.
func OpenData(source string, o DataOptions) (data.Collection, error) {
	c, err := openSource(source, o)
	if err != nil || o.Masks == "" {
		return c, err
	}
	train, err := c.Train()
	if err != nil {
		return nil, err
	}
	if train, err = data.MasksFrom(train, o.Masks); err != nil {
		return nil, err
	}
	return &retrained{c, train}, nil
}

func openSource(source string, o DataOptions) (data.Collection, error) {
	if source == "" {
		return nil, errors.New("no data named; give a folder, or \"shapes\" for the embedded data")
	}
	if isTestSet(source) {
		return openTestSet(source)
	}
	if isShapes(source) {
		return openShapes(source, o)
	}
	if data.HasSetList(source) {
		return openSets(source, o)
	}
	fits := (o.Outputs == 0 || o.Outputs == imagenetClasses) && (len(o.Classes) == 0 || imagenet.IsList(o.Classes))
	if !o.Plain && fits {
		c, err := imagenet.Open(source)
		if err == nil && o.Rotate {
			c.RotateEXIF()
		}
		if !errors.Is(err, imagenet.ErrUnknown) {
			return noNil(c, err)
		}
	}
	c, err := openPlain(source, o)
	if err != nil && !o.Plain && !fits {
		if found, known := imagenet.Open(source); known == nil {
			return nil, fmt.Errorf("data %s holds ImageNet's published sets (%s) of 1000 classes, the model has %d other ones; use a model of ImageNet-1k",
				source, some(found.SetNames()), o.Outputs)
		}
	}
	return c, err
}

// openPlain opens folders whose names are the classes.
func openPlain(source string, o DataOptions) (data.Collection, error) {
	if info, err := os.Stat(filepath.Join(source, "train")); err == nil && info.IsDir() {
		return data.OpenRootWith(source, data.FolderOptions{RotateEXIF: o.Rotate})
	}
	d, err := data.OpenFolder(source, data.FolderOptions{RotateEXIF: o.Rotate})
	if err != nil {
		return nil, err
	}
	if names, ok := sameFolders(o.Classes, d.Classes()); ok {
		if d, err = data.OpenFolder(source, data.FolderOptions{Classes: names, Partial: true, RotateEXIF: o.Rotate}); err != nil {
			return nil, err
		}
	}
	return &single{d: d}, nil
}

// openSets opens a folder of evaluation sets, in the model's order of classes
// where its folders are the model's.
func openSets(source string, o DataOptions) (data.Collection, error) {
	c, err := data.OpenSets(source, data.FolderOptions{RotateEXIF: o.Rotate})
	if err != nil {
		return nil, err
	}
	if names, ok := sameFolders(o.Classes, c.Classes()); ok {
		return data.OpenSets(source, data.FolderOptions{RotateEXIF: o.Rotate, Classes: names})
	}
	return c, nil
}

const imagenetClasses = 1000

// noNil keeps a nil collection from becoming an interface that is not nil.
func noNil(c *imagenet.Collection, err error) (data.Collection, error) {
	if err != nil {
		return nil, err
	}
	return c, nil
}

// sameFolders says whether the folders are classes of the model, whose order
// then gives the class indices.
func sameFolders(model, folders []string) ([]string, bool) {
	known := map[string]bool{}
	for _, name := range model {
		known[name] = true
	}
	for _, name := range folders {
		if !known[name] {
			return nil, false
		}
	}
	return model, len(model) > 0
}

// retrained is a collection with another training set.
type retrained struct {
	data.Collection
	train data.Dataset
}

// Train is the training set with the masks of another folder.
func (r *retrained) Train() (data.Dataset, error) { return r.train, nil }

// single is a folder of classes that stands alone.
type single struct {
	d      data.Dataset
	masked data.Dataset // once it was asked for; nil where there are no masks
}

func (s *single) Name() string                 { return s.d.Name() }
func (s *single) Classes() []string            { return s.d.Classes() }
func (s *single) Train() (data.Dataset, error) { return s.d, nil }
func (s *single) SetNames() []string           { return []string{s.d.Name()} }

func (s *single) Set(name string) (data.Dataset, error) {
	if name != s.d.Name() {
		return nil, fmt.Errorf("data %s has no evaluation set %q; it is one set", s.d.Name(), name)
	}
	return s.d, nil
}

// Segmentation is the part of the set that has masks.
func (s *single) Segmentation() (data.Dataset, error) {
	if s.masked == nil {
		var err error
		if s.masked, err = data.Masked(s.d); err != nil {
			return nil, err
		}
	}
	return s.masked, nil
}

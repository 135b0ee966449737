package imagenet

import (
	"errors"
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/robustvit/workbench/data"
)

// ErrUnknown says that a folder holds none of the published layouts; another
// reader may know it.
var ErrUnknown = errors.New("it holds none of ImageNet's published layouts")

// OpenSet opens one set's own folder. What it is shows in the folder's name and
// in the names inside; a folder of WordNet ids that is no published set keeps
// its own name.
func OpenSet(dir string) (*Set, error) {
	base, err := baseName(dir)
	if err != nil {
		return nil, fmt.Errorf("open data set %q: %w", dir, err)
	}
	l, _ := layoutOf(base)
	s, err := openAs(dir, l)
	if err != nil {
		return nil, fmt.Errorf("open data set %q: %w", dir, err)
	}
	return s, nil
}

func baseName(dir string) (string, error) {
	absolute, err := filepath.Abs(dir)
	return filepath.Base(absolute), err
}

// openAs opens the folder as the layout, or, for the zero layout, as what its
// names show.
func openAs(dir string, l layout) (*Set, error) {
	top, err := data.Scan(dir, 1)
	if err != nil {
		return nil, err
	}
	if inner, ok := imagesFolder(dir, l, top); ok {
		dir = inner
		if top, err = data.Scan(dir, 1); err != nil {
			return nil, err
		}
	}
	f := formOf(top.Folders, top.Images, l.forms...)
	if f == unknownForm || f == byNumber && (l.name == "" || slices.Contains(l.forms, byFactor)) { // numbers may be factor values
		f, err = deeper(dir, l, top, f)
		if err != nil {
			return nil, err
		}
	}
	if l.name == "" {
		if l, err = recognise(dir, f, top); err != nil {
			return nil, err
		}
	}
	if !slices.Contains(l.forms, f) {
		return nil, wrongForm(l, f, top)
	}
	if other := misnamed(l, f, top.Folders); other != "" {
		return nil, fmt.Errorf("it holds exactly the %d classes of %s, expected %s of %s; rename the folder to %s, so that it is scored as what it is",
			len(top.Folders), other, l.expected, l.title, other)
	}
	return read(dir, l, f)
}

// imagesFolder is ObjectNet's images/ beside its mappings/.
func imagesFolder(dir string, l layout, top *data.Tree) (string, bool) {
	if !slices.Contains(top.Folders, "images") || l.name != "" && l.name != "objectnet" {
		return "", false
	}
	inner, err := data.Scan(filepath.Join(dir, "images"), 1)
	if err != nil || !looks(byObject, inner.Folders, nil) {
		return "", false
	}
	return filepath.Join(dir, "images"), true
}

// deeper looks one folder further: factor values above SI-Score's labels, or a
// set that was unpacked into a folder of its own name.
func deeper(dir string, l layout, top *data.Tree, f form) (form, error) {
	if len(top.Folders) == 0 {
		return f, ErrUnknown
	}
	inner, err := data.Scan(filepath.Join(dir, top.Folders[0]), 1)
	if err != nil {
		return f, fmt.Errorf("folder %q: %w", top.Folders[0], err)
	}
	below := formOf(inner.Folders, inner.Images)
	switch {
	case len(top.Folders) == 1 && below != unknownForm && below != byLabel && (below != flat || l.name == "val"):
		return f, fmt.Errorf("it holds only the folder %q, which holds the set itself, expected the class folders; give %q or move its folders up",
			top.Folders[0], filepath.Join(dir, top.Folders[0]))
	case below == byLabel && (l.name == "" || slices.Contains(l.forms, byFactor)):
		return byFactor, nil
	case f == byNumber && len(top.Folders) == 1000:
		return byNumber, nil
	}
	return f, ErrUnknown
}

// recognise finds the set that the names inside show.
func recognise(dir string, f form, top *data.Tree) (layout, error) {
	base, err := baseName(dir)
	if err != nil {
		return layout{}, err
	}
	find := func(name string) (layout, error) {
		return layouts[slices.IndexFunc(layouts, func(l layout) bool { return l.name == name })], nil
	}
	switch f {
	case flat:
		return find("val")
	case byNumber:
		return find("imagenet-v2")
	case byObject:
		if len(top.Folders) < 50 { // a few household words are no evidence
			return layout{}, ErrUnknown
		}
		return find("objectnet")
	case byLabel, byFactor:
		if f == byLabel && len(top.Folders) < 30 {
			return layout{}, ErrUnknown
		}
		return layout{name: strings.ToLower(base), title: "SI-Score", classes: siClasses, forms: []form{byLabel, byFactor}, expected: expectedSI}, nil
	case byWordNet:
		for _, name := range []string{"imagenet-a", "imagenet-r"} {
			if exactly(top.Folders, name) {
				return find(name)
			}
		}
		return layout{name: base, title: "ImageNet layout", classes: 1000, forms: []form{byWordNet}, expected: "folders named by WordNet id"}, nil
	}
	return layout{}, ErrUnknown
}

// wrongForm explains a folder whose name promises another layout.
func wrongForm(l layout, f form, top *data.Tree) error {
	found := map[form]string{
		byWordNet: "folders named by WordNet id", byNumber: "folders named by number", flat: "images without class folders",
		byObject: "folders named like ObjectNet's", byLabel: "folders named like SI-Score's", byFactor: "folders of factor values",
	}[f]
	text := fmt.Sprintf("found %s (%s), expected %s, as %s has", found, data.SomeNames(append(slices.Clone(top.Folders), top.Images...)), l.expected, l.title)
	if f == byNumber {
		return fmt.Errorf("%s; numbers would be read as class indices, which are not this set's: take the set as it was published", text)
	}
	return fmt.Errorf("%s; rename the folder after the set that it holds", text)
}

// misnamed is the set that the folders are exactly, where the name says another.
func misnamed(l layout, f form, folders []string) string {
	if f != byWordNet {
		return ""
	}
	for _, name := range []string{"imagenet-a", "imagenet-r"} {
		if l.subset != name && exactly(folders, name) && slices.Contains([]string{"val", "imagenet-a", "imagenet-r", "imagenet-sketch"}, l.name) {
			return name
		}
	}
	return ""
}

// semanticName is the part of ImageNet-S that a folder of this name holds.
func semanticName(dir string) string {
	if base, err := baseName(dir); err == nil && strings.HasPrefix(base, "val") {
		return sValidation
	}
	return trainSemi
}

// openSemantic opens a part of ImageNet-S: images and, beside them, masks.
func openSemantic(images, masks, name string) (*semantic, error) {
	top, err := data.Scan(images, 1)
	if err != nil {
		return nil, fmt.Errorf("open data set %q: %w", images, err)
	}
	absolute, err := filepath.Abs(masks)
	if err != nil {
		return nil, err
	}
	l := semi(name, variantOf(filepath.ToSlash(absolute), top.Folders))
	if len(top.Folders) > l.classes { // all of ImageNet's training images beside the masks of some
		l.subset, l.images = "", nil
	}
	if f := formOf(top.Folders, top.Images, l.forms...); f != byWordNet {
		return nil, fmt.Errorf("open data set %q: %w", images, wrongForm(l, f, top))
	}
	s, err := read(images, l, byWordNet)
	if errors.Is(err, data.ErrLink) {
		err = fmt.Errorf("%w (ImageNet-S's script makes links to ImageNet's images: run it with --copy, or put train-semi-segmentation beside ImageNet's train)", err)
	}
	if err != nil {
		return nil, fmt.Errorf("open data set %q: %w", images, err)
	}
	s.layout = semi(name, variantOf(filepath.ToSlash(absolute), top.Folders))
	return readSemantic(s, masks, name == trainSemi)
}

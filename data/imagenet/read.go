package imagenet

import (
	"errors"
	"fmt"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/robustvit/workbench/data"
)

// reader builds a set from the names in its folder.
type reader struct {
	*Set
	tree *data.Tree
	held map[string]int // images by class folder
}

// read opens a folder that holds the layout in the given form.
func read(dir string, l layout, f form) (*Set, error) {
	r := &reader{held: map[string]int{}}
	depth := map[form]int{flat: 1, byFactor: 3}[f]
	var err error
	if r.tree, err = data.Scan(dir, max(depth, 2)); err != nil {
		return nil, err
	}
	r.Set = &Set{layout: l, Files: &data.Files{Set: l.name, Dir: dir, ClassNames: Classes(), Ignored: len(r.tree.Others)}}
	if len(r.tree.Deeper) > 0 && f != flat {
		return nil, fmt.Errorf("it holds the folder %q inside a class folder, expected images directly inside the class folders; move them up", r.tree.Deeper[0])
	}
	switch f {
	case flat:
		err = r.readFlat()
	case byFactor:
		err = r.readFactors()
	default:
		err = r.readFolders(f)
	}
	if err != nil {
		return nil, err
	}
	if len(r.List) == 0 {
		return nil, errors.New("it holds no image of the set; check the path")
	}
	sortSamples(r.Set)
	r.Facts.Layout = r.form(f)
	r.compare()
	return r.Set, r.distinct()
}

// readFolders reads one folder a class.
func (r *reader) readFolders(f form) error {
	if err := r.noLooseImages(); err != nil {
		return err
	}
	classes, err := r.folderClasses(f)
	if err != nil {
		return err
	}
	for _, name := range r.tree.Images {
		folder := path.Dir(name)
		class := classes[folder]
		r.held[folder]++
		if class < 0 || f == byWordNet && r.skips(folder) {
			r.Facts.LeftOut++
			continue
		}
		r.List = append(r.List, data.FileSample{Path: name, Class: class})
	}
	for _, folder := range r.tree.Folders {
		if r.held[folder] == 0 {
			return fmt.Errorf("class folder %q holds no image; add images or remove the folder", folder)
		}
	}
	return nil
}

// skips are ImageNet-S's merged tags, whose folders hold images of two labels.
func (r *reader) skips(folder string) bool {
	return (r.layout.name == trainSemi || r.layout.name == sValidation) && merged(folder)
}

func (r *reader) noLooseImages() error {
	for _, name := range r.tree.Images {
		if !strings.Contains(name, "/") {
			return fmt.Errorf("found the image %q beside the class folders, expected images only inside them; move it into the folder of its class", name)
		}
	}
	return nil
}

// folderClasses maps folders to class indices; -1 leaves a folder out.
func (r *reader) folderClasses(f form) (map[string]int, error) {
	classes, unknown, seen := map[string]int{}, []string{}, map[int]string{}
	for _, folder := range r.tree.Folders {
		class, ok := classOf(folder, f)
		if !ok || !r.covers(class, f) {
			unknown = append(unknown, folder)
			continue
		}
		if other, twice := seen[class]; twice && f != byObject {
			return nil, fmt.Errorf("folders %q and %q name the same class %d; merge them", other, folder, class)
		}
		seen[class], classes[folder] = folder, class
	}
	if len(unknown) > 0 {
		return nil, r.unknownFolders(unknown, f)
	}
	return classes, nil
}

func classOf(folder string, f form) (int, bool) {
	t := labels()
	switch f {
	case byWordNet:
		return Index(folder)
	case byNumber:
		class, err := strconv.Atoi(folder)
		return class, err == nil && isNumber(folder) && class < 1000
	case byObject:
		indices, ok := t.objectNet[folder]
		if ok && len(indices) > 0 {
			return indices[0], true
		}
		return -1, ok
	}
	class, ok := t.siLabels[folder]
	return class, ok
}

// covers says whether the class is one of the set's.
func (r *reader) covers(class int, f form) bool {
	return r.layout.subset == "" || f == byObject || slices.Contains(labels().subsets[r.layout.subset], class)
}

// readFactors reads FACTOR/LABEL/FILE.
func (r *reader) readFactors() error {
	for _, folder := range r.tree.Folders {
		if _, label, below := strings.Cut(folder, "/"); below {
			if _, ok := labels().siLabels[label]; !ok {
				return r.unknownFolders([]string{folder}, byFactor)
			}
		}
	}
	for _, name := range r.tree.Images {
		parts := strings.Split(name, "/")
		if len(parts) != 3 {
			return fmt.Errorf("found the image %q, expected FACTOR/LABEL/FILE throughout; move it into the folder of its label", name)
		}
		r.held[parts[1]]++
		r.List = append(r.List, data.FileSample{Path: name, Class: labels().siLabels[parts[1]]})
	}
	return nil
}

// readFlat reads the validation images beside a label file.
func (r *reader) readFlat() error {
	if len(r.tree.Folders) > 0 {
		return fmt.Errorf("found the folder %q beside the images, expected images alone with a label file; remove it", r.tree.Folders[0])
	}
	list, file, err := findLabels(r.Dir)
	if err != nil {
		return err
	}
	classes, err := list.classes(r.tree.Images)
	if err != nil {
		return fmt.Errorf("label file %q: %w", file, err)
	}
	for i, name := range r.tree.Images {
		r.held[labels().wnids[classes[i]]]++
		r.List = append(r.List, data.FileSample{Path: name, Class: classes[i]})
	}
	if slices.Contains(r.tree.Others, filepath.Base(file)) && filepath.Dir(file) == filepath.Clean(r.Dir) {
		r.Ignored-- // it is read
	}
	r.Facts.Notes = append(r.Facts.Notes, "labels from "+filepath.ToSlash(file))
	return nil
}

// form says in words what was read.
func (r *reader) form(f form) string {
	n := len(r.held)
	switch f {
	case flat:
		return fmt.Sprintf("%d images in one folder with a label file", len(r.List))
	case byNumber:
		return fmt.Sprintf("%d folders named by class index", n)
	case byObject:
		return fmt.Sprintf("%d of ObjectNet's folders", n)
	case byLabel:
		return fmt.Sprintf("%d folders named by label", n)
	case byFactor:
		return fmt.Sprintf("%d labels below folders of factor values", n)
	}
	return fmt.Sprintf("%d folders named by WordNet id", n)
}

// sortSamples orders by class, then path, as [data.OpenFolder] does, and notes
// what belongs to each sample.
func sortSamples(s *Set) {
	slices.SortFunc(s.List, func(a, b data.FileSample) int {
		if a.Class != b.Class {
			return a.Class - b.Class
		}
		return strings.Compare(a.Path, b.Path)
	})
	for _, sample := range s.List {
		parts := strings.Split(sample.Path, "/")
		if s.layout.name == "objectnet" {
			s.folder = append(s.folder, parts[0])
		}
		if strings.HasPrefix(s.layout.name, "si-") && len(parts) == 3 {
			s.factors = append(s.factors, parts[0])
		}
	}
}

// distinct refuses samples whose names differ in the extension alone: their IDs
// would be the same.
func (r *reader) distinct() error {
	seen := make(map[string]string, r.Len())
	for i := range r.Len() {
		id := r.Entry(i).ID
		if other, twice := seen[id]; twice {
			return fmt.Errorf("it holds %q and %q, expected names that differ before the extension; remove one", other, r.List[i].Path)
		}
		seen[id] = r.List[i].Path
	}
	return nil
}

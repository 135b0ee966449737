package data

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// SetListFile names the evaluation sets of a folder without training images,
// one folder a line, in the order of the tables.
const SetListFile = "sets.txt"

// ErrNoTraining is Train's error where a folder holds evaluation sets alone.
var ErrNoTraining = errors.New("it holds evaluation sets and no training images; give a folder with train")

// HasSetList tells whether OpenSets can open the folder.
func HasSetList(dir string) bool {
	info, err := os.Stat(filepath.Join(dir, SetListFile))
	return err == nil && info.Mode().IsRegular()
}

// OpenSets opens the folders that sets.txt names as evaluation sets of the
// classes in opts.Classes, else in classes.txt, of which each may lack some.
func OpenSets(dir string, opts FolderOptions) (Collection, error) {
	root, err := openDir(dir)
	if err != nil {
		return nil, fmt.Errorf("open data %q: %w", dir, err)
	}
	defer root.Close()
	c := &collection{dir: dir, opened: map[string]Dataset{}}
	if c.classes = opts.Classes; c.classes == nil {
		c.classes, err = readClassList(root)
	}
	if err == nil && c.classes == nil {
		err = fmt.Errorf("it holds %s and no %s; add the class names, one a line", SetListFile, classListName)
	}
	if err == nil {
		c.sets, err = readSetList(dir)
	}
	if err != nil {
		return nil, fmt.Errorf("open data %q: %w", dir, err)
	}
	for _, name := range c.sets {
		opts.Classes, opts.Partial, opts.Name, opts.Masks = c.classes, true, "", ""
		if c.opened[name], err = OpenFolder(filepath.Join(dir, name), opts); err != nil {
			return nil, err
		}
	}
	return &setsOnly{c}, nil
}

func readSetList(dir string) ([]string, error) {
	content, err := readInside(dir, SetListFile)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", SetListFile, err)
	}
	names, err := parseSetList(content)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", SetListFile, err)
	}
	return names, nil
}

func parseSetList(content []byte) (names []string, err error) {
	for line := range strings.Lines(string(content)) {
		name := strings.TrimSpace(line)
		if name == "" {
			continue
		}
		if !filepath.IsLocal(name) || filepath.Base(name) != name || !printable(name) || slices.Contains(names, name) {
			return nil, fmt.Errorf("line %q, expected the name of a folder, each once; correct the line", name)
		}
		names = append(names, name)
	}
	if len(names) == 0 {
		return nil, errors.New("it names no set; write one folder a line")
	}
	return names, nil
}

// setsOnly is a collection without training images.
type setsOnly struct{ *collection }

func (s *setsOnly) Train() (Dataset, error) {
	return nil, fmt.Errorf("open data %q: %w", s.dir, ErrNoTraining)
}

// Segmentation is what has masks of the first set that has any.
func (s *setsOnly) Segmentation() (Dataset, error) { return s.firstMasked(s.sets...) }

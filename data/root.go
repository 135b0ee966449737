package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// OpenRoot opens a folder of data sets: train, train_masks, any other folder of
// classes as an evaluation set, and classes.txt if the order of the classes
// matters (else the sorted folders of train). The evaluation sets come in the
// order of the paper's columns (val, test, imagenet-a, ...), then by name.
func OpenRoot(dir string) (Collection, error) { return OpenRootWith(dir, FolderOptions{}) }

// OpenRootWith is OpenRoot with options that every set shares (RotateEXIF, NoMasks).
func OpenRootWith(dir string, opts FolderOptions) (Collection, error) {
	root, err := openDir(dir)
	if err != nil {
		return nil, fmt.Errorf("open data %q: %w", dir, err)
	}
	defer root.Close()
	c := &collection{dir: dir, opened: map[string]Dataset{}}
	if c.classes, err = readClassList(root); err == nil {
		err = c.findSets(root)
	}
	if err != nil {
		return nil, fmt.Errorf("open data %q: %w", dir, err)
	}
	for _, name := range append([]string{trainFolder}, c.sets...) {
		d, err := OpenFolder(filepath.Join(dir, name), FolderOptions{Classes: c.classes, Partial: c.mayLackClasses(name),
			RotateEXIF: opts.RotateEXIF, NoMasks: opts.NoMasks})
		if err != nil {
			return nil, err
		}
		if c.classes == nil { // train comes first
			c.classes = d.Classes()
		}
		c.opened[name] = d
	}
	return c, nil
}

const (
	trainFolder = "train"
	maskSuffix  = "_masks"
)

// columns is the order of the paper's tables, the clean sets first.
func columns() []string {
	return []string{"val", "test", "imagenet-a", "imagenet-r", "imagenet-sketch", "imagenet-v2", "objectnet",
		"si-location", "si-rotation", "si-size"}
}

type collection struct {
	dir     string
	classes []string
	sets    []string
	opened  map[string]Dataset

	segmentation Dataset // once it was asked for
}

// findSets lists the evaluation sets.
func (c *collection) findSets(root *os.Root) error {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return openFault(err)
	}
	var names []string
	for _, entry := range entries {
		isDir, err := entryIsDir(root, entry.Name(), entry)
		if err != nil {
			return err
		}
		if isDir && !hidden(entry.Name()) && !strings.HasSuffix(entry.Name(), maskSuffix) {
			names = append(names, entry.Name())
		}
	}
	if !slices.Contains(names, trainFolder) {
		return c.withoutTrain(names)
	}
	for _, known := range columns() {
		if slices.Contains(names, known) {
			c.sets = append(c.sets, known)
		}
	}
	for _, name := range names {
		if name != trainFolder && !slices.Contains(c.sets, name) {
			c.sets = append(c.sets, name)
		}
	}
	if len(c.sets) == 0 {
		return errors.New("it holds train but no folder to evaluate on; add val or test, with one folder a class inside")
	}
	return nil
}

// withoutTrain explains the two usual mistakes.
func (c *collection) withoutTrain(names []string) error {
	if len(names) == 0 {
		return errors.New("it holds no folder, expected train and val (or test) with one folder a class inside; check the path")
	}
	text := fmt.Sprintf("it holds no folder %q (found %s), expected %q and %q (or %q) with one folder a class inside",
		trainFolder, SomeNames(names), trainFolder, "val", "test")
	if near := NearestName(trainFolder, names); near != "" {
		return fmt.Errorf("%s; rename %q to %q?", text, near, trainFolder)
	}
	return fmt.Errorf("%s; if this is one class's or one set's folder, give the folder above it", text)
}

// mayLackClasses: the shifted sets cover a part of the classes.
func (c *collection) mayLackClasses(set string) bool {
	return set != trainFolder && set != "val" && set != "test"
}

func (c *collection) Name() string            { return filepath.Base(filepath.Clean(c.dir)) }
func (c *collection) Classes() []string       { return c.classes }
func (c *collection) Train() (Dataset, error) { return c.opened[trainFolder], nil }
func (c *collection) SetNames() []string      { return slices.Clone(c.sets) }

func (c *collection) Set(name string) (Dataset, error) {
	if !slices.Contains(c.sets, name) {
		return nil, fmt.Errorf("data %q has no evaluation set %q; use one of %s", c.dir, name, strings.Join(c.sets, ", "))
	}
	return c.opened[name], nil
}

// Segmentation is val, or else test, where it has masks.
func (c *collection) Segmentation() (Dataset, error) { return c.firstMasked("val", "test") }

// firstMasked is what has masks of the first of these sets that has any; always
// the same value, so that a cache knows it again.
func (c *collection) firstMasked(names ...string) (Dataset, error) {
	if c.segmentation != nil {
		return c.segmentation, nil
	}
	for _, name := range names {
		d, ok := c.opened[name]
		if !ok {
			continue
		}
		part, err := Masked(d)
		if err != nil || part != nil {
			c.segmentation = part
			return part, err
		}
	}
	return nil, nil
}

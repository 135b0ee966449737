package data

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// listing is what one pass over a folder of classes found.
type listing struct {
	classes []string
	files   []folderFile // by class index, then name
	stray   int
}

// listFolder reads the names only; no image is opened.
func listFolder(dir string, opts FolderOptions) (*listing, error) {
	root, err := openDir(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	found, stray, err := classFolders(root)
	if err != nil {
		return nil, err
	}
	list := &listing{classes: opts.Classes, stray: stray}
	if list.classes == nil {
		if list.classes, err = readClassList(root); err != nil {
			return nil, err
		}
	}
	if list.classes == nil {
		list.classes = found
	}
	if err := compareClasses(list.classes, found, opts.Partial); err != nil {
		return nil, err
	}
	for class, name := range list.classes {
		if !slices.Contains(found, name) {
			continue
		}
		if err := list.addClass(root, class); err != nil {
			return nil, err
		}
	}
	return list, nil
}

// openDir opens a folder as root, with an error for what is not one.
func openDir(dir string) (*os.Root, error) {
	info, err := os.Stat(dir)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, fmt.Errorf("there is no such folder (%w); check the path", fs.ErrNotExist)
	case err != nil:
		return nil, openFault(err)
	case !info.IsDir():
		return nil, errors.New("it is a file, expected a folder with one folder a class; give the folder")
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, openFault(err)
	}
	return root, nil
}

// classFolders returns the sorted names of the folders in root and the number
// of stray files beside them.
func classFolders(root *os.Root) (found []string, stray int, err error) {
	entries, err := fs.ReadDir(root.FS(), ".")
	if err != nil {
		return nil, 0, openFault(err)
	}
	var images []string
	for _, entry := range entries {
		isDir, err := entryIsDir(root, entry.Name(), entry)
		switch {
		case err != nil:
			return nil, 0, err
		case isDir && hidden(entry.Name()):
			stray++
		case isDir:
			found = append(found, entry.Name())
		case hasImageName(entry.Name()):
			images = append(images, entry.Name())
		case entry.Name() != classListName:
			stray++
		}
	}
	if len(images) > 0 {
		return nil, 0, fmt.Errorf("found %s beside the class folders, expected images only inside them; "+
			"move the images into the folder of their class", SomeNames(images))
	}
	if len(found) == 0 {
		return nil, 0, errors.New("it holds no class folder, expected one folder a class with the images inside (DIR/CLASS/FILE); check the path")
	}
	return found, stray, checkNames(found)
}

// addClass lists the images of one class.
func (l *listing) addClass(root *os.Root, class int) error {
	name := l.classes[class]
	entries, err := fs.ReadDir(root.FS(), name)
	if err != nil {
		return fmt.Errorf("class folder %q: %w", name, openFault(err))
	}
	stems := map[string]string{}
	before := len(l.files)
	for _, entry := range entries { // ReadDir sorts by name
		file := entry.Name()
		isDir, err := entryIsDir(root, name+"/"+file, entry)
		switch {
		case err != nil:
			return err
		case isDir && !hidden(file):
			return fmt.Errorf("class folder %q holds the folder %q, expected images directly inside the class folder; move them up", name, file)
		case isDir || !hasImageName(file):
			l.stray++
			continue
		case !printable(file):
			return fmt.Errorf("class folder %q holds the file %q, whose name is not printable text; rename it", name, file)
		}
		if other, twice := stems[stem(file)]; twice {
			return fmt.Errorf("class folder %q holds %q and %q, expected names that differ before the extension; rename one", name, other, file)
		}
		stems[stem(file)] = file
		l.files = append(l.files, folderFile{class, file, sizeOf(entry)})
	}
	if len(l.files) == before {
		return fmt.Errorf("class folder %q holds no image (looked for %s); add images or remove the folder", name, strings.Join(imageExtensions(), ", "))
	}
	return nil
}

// sizeOf is -1 for a link, whose own size says nothing.
func sizeOf(entry fs.DirEntry) int64 {
	info, err := entry.Info()
	if err != nil || !info.Mode().IsRegular() || info.Size() > MaxFileBytes { // the gate names the limit
		return -1
	}
	return info.Size()
}

// ErrLink is part of the error where a link is refused.
var ErrLink = errors.New("is a link that is broken or leaves the folder")

// entryIsDir follows a link inside the root. Links out of it and special files
// that pose as images are refused by name.
func entryIsDir(root *os.Root, name string, entry fs.DirEntry) (bool, error) {
	mode := entry.Type()
	if mode&fs.ModeSymlink != 0 {
		info, err := root.Stat(filepath.FromSlash(name))
		if err != nil {
			if hidden(entry.Name()) {
				return false, nil
			}
			return false, fmt.Errorf("%q %w (%w); copy the file here", name, ErrLink, errors.Unwrap(err))
		}
		mode = info.Mode().Type()
	}
	if mode.IsDir() {
		return true, nil
	}
	if !mode.IsRegular() && hasImageName(name) {
		return false, fmt.Errorf("%q is %s, expected a regular file; remove it", name, kindOf(mode))
	}
	return false, nil
}

func imageExtensions() []string {
	return []string{".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff"}
}

// hasImageName tells samples from stray files; content is judged on loading.
func hasImageName(name string) bool {
	return !hidden(name) && slices.Contains(imageExtensions(), strings.ToLower(filepath.Ext(name)))
}

// hidden also covers what systems leave behind when they unpack archives.
func hidden(name string) bool {
	base := filepath.Base(filepath.FromSlash(name))
	return strings.HasPrefix(base, ".") || base == "__MACOSX"
}

// printable refuses control characters and those that turn the direction of
// writing, which make a name look like another one.
func printable(name string) bool {
	return utf8.ValidString(name) && !strings.ContainsFunc(name, func(r rune) bool {
		return unicode.IsControl(r) || r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
	})
}

// SomeNames quotes the first names of a long list.
func SomeNames(names []string) string {
	quoted := make([]string, 0, 4)
	for i, name := range names {
		if i == 3 && len(names) > 4 {
			return strings.Join(quoted, ", ") + fmt.Sprintf(" and %d more", len(names)-3)
		}
		quoted = append(quoted, fmt.Sprintf("%q", name))
	}
	return strings.Join(quoted, ", ")
}

package explain

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// candidate is a file to explain, or a path that is of no use and why.
type candidate struct {
	path string // as the user wrote it, or below the folder that he named
	err  error

	dir, name string // the folder that was searched, which name does not leave
}

func extensions() []string {
	return []string{".png", ".jpg", ".jpeg", ".gif", ".bmp", ".webp", ".tif", ".tiff"}
}

// list finds the images that the paths name. A file that is named is taken
// whatever its name; folders are searched, with the folders in them, for names
// that end like an image's, in the order of the names. Each file counts once.
func list(paths []string) []candidate {
	var all []candidate
	seen := map[string]bool{}
	for _, path := range paths {
		for _, c := range expand(path) {
			if clean := filepath.Clean(c.path); !seen[clean] {
				seen[clean] = true
				all = append(all, c)
			}
		}
	}
	return all
}

func expand(path string) []candidate {
	info, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return []candidate{{path: path, err: fmt.Errorf("%s: there is no such file or folder; check the path", path)}}
	case err != nil:
		return []candidate{{path: path, err: err}}
	case !info.IsDir():
		return []candidate{{path: path}}
	}
	found := search(path)
	if len(found) == 0 {
		return []candidate{{path: path, err: fmt.Errorf("%s holds no image (looked for %s); check the folder", path, strings.Join(extensions(), ", "))}}
	}
	return found
}

// search lists a folder. What cannot be opened is listed with its error.
func search(dir string) []candidate {
	var found []candidate
	visit := func(name string, entry fs.DirEntry, err error) error {
		hidden := name != "." && strings.HasPrefix(filepath.Base(name), ".")
		switch {
		case err != nil:
			found = append(found, candidate{path: filepath.Join(dir, name), err: fmt.Errorf("open folder: %w", err)})
			return nil
		case entry.IsDir() && hidden:
			return fs.SkipDir
		case entry.IsDir() || hidden:
			return nil
		case slices.Contains(extensions(), strings.ToLower(filepath.Ext(name))):
			found = append(found, candidate{path: filepath.Join(dir, filepath.FromSlash(name)), dir: dir, name: name})
		}
		return nil
	}
	if err := fs.WalkDir(os.DirFS(dir), ".", visit); err != nil {
		found = append(found, candidate{path: dir, err: err})
	}
	return found
}

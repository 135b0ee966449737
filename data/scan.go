package data

import (
	"fmt"
	"io/fs"
	"os"
	"path"
)

// Tree is what a folder holds, by name: nothing is opened. Paths are
// slash-separated below Dir and sorted, whatever the file system's order.
type Tree struct {
	Dir     string   // as the user wrote it
	Folders []string // to the depth that was asked for; hidden ones are strays
	Images  []string // files with an image's extension
	Others  []string // other files, strays
	Deeper  []string // folders below that depth, which were not entered
}

// Scan lists a folder to a depth of 1 (its own entries) or more, by the rules of
// [OpenFolder]: all access through os.Root, links that leave the folder and
// special files that pose as images are refused by name, hidden names and
// __MACOSX are strays.
func Scan(dir string, depth int) (*Tree, error) {
	root, err := openDir(dir)
	if err != nil {
		return nil, err
	}
	defer root.Close()
	t := &Tree{Dir: dir}
	return t, t.scan(root, ".", depth)
}

func (t *Tree) scan(root *os.Root, folder string, depth int) error {
	entries, err := fs.ReadDir(root.FS(), folder) // sorted by name
	if err != nil {
		return fmt.Errorf("folder %q: %w", folder, openFault(err))
	}
	for _, entry := range entries {
		name := path.Join(folder, entry.Name())
		isDir, err := entryIsDir(root, name, entry)
		switch {
		case err != nil:
			return err
		case hidden(entry.Name()):
			t.Others = append(t.Others, name)
		case !printable(entry.Name()):
			return fmt.Errorf("folder %q holds %q, whose name is not printable text; rename it", folder, entry.Name())
		case isDir && depth > 1:
			t.Folders = append(t.Folders, name)
			if err := t.scan(root, name, depth-1); err != nil {
				return err
			}
		case isDir && folder == ".":
			t.Folders = append(t.Folders, name)
		case isDir:
			t.Deeper = append(t.Deeper, name)
		case hasImageName(entry.Name()):
			t.Images = append(t.Images, name)
		default:
			t.Others = append(t.Others, name)
		}
	}
	return nil
}

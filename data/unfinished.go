package data

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
)

// unfinishedFile stands in a folder while a command writes images or masks into
// it, and says which: what a kill left must not be taken for all there is.
const unfinishedFile = ".unfinished"

// Begin marks a folder that a command begins to write. Until [Finish] no reader
// of this package opens it or a folder in it.
func Begin(dir, command string) error {
	return WriteWhole(filepath.Join(dir, unfinishedFile), []byte(command+"\n"))
}

// Finish says that the folder is whole.
func Finish(dir string) error {
	if err := os.Remove(filepath.Join(dir, unfinishedFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("finish %q: %w", dir, err)
	}
	return nil
}

// mustBeFinished refuses a folder that is not, or lies in one that is not.
func mustBeFinished(dir string) error {
	for _, at := range []string{dir, filepath.Dir(filepath.Clean(dir))} {
		path := filepath.Join(at, unfinishedFile)
		info, err := os.Lstat(path)
		if err != nil || !info.Mode().IsRegular() {
			continue
		}
		command, _ := readRegular(path, os.OpenFile)
		return fmt.Errorf("found %q, expected a folder that was written to its end; wait for the command that writes it, or run it again: %.120q",
			path, bytes.TrimSpace(command))
	}
	return nil
}

package report

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/robustvit/workbench/internal/whole"
	"github.com/robustvit/workbench/viz"
)

// maxFileBytes bounds what is read of one file: a run folder may come from elsewhere.
const maxFileBytes = 64 << 20

func inside(dir, name string) string { return filepath.Join(dir, filepath.FromSlash(name)) }

// readFile reads a file of the folder. Names that lead out of it are refused.
func readFile(dir, name string) ([]byte, error) {
	if !filepath.IsLocal(filepath.FromSlash(name)) {
		return nil, fmt.Errorf("%q in %s is not the name of a file inside the folder", name, dir)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, cannotRead("run folder "+dir, err)
	}
	defer root.Close()
	info, err := root.Stat(filepath.FromSlash(name))
	if err != nil {
		return nil, cannotRead(inside(dir, name), err)
	}
	if !info.Mode().IsRegular() || info.Size() > maxFileBytes {
		return nil, fmt.Errorf("read %s: found %s of %d bytes, expected a regular file of at most %d", inside(dir, name), info.Mode().Type(), info.Size(), maxFileBytes)
	}
	content, err := root.ReadFile(filepath.FromSlash(name))
	if err != nil {
		return nil, cannotRead(inside(dir, name), err)
	}
	return content, nil
}

func cannotRead(what string, err error) error {
	next := ""
	if errors.Is(err, fs.ErrPermission) {
		next = "; check its permissions"
	}
	return fmt.Errorf("read %s: %w%s", what, cause(err), next)
}

// cause drops the path that errors of the os package repeat.
func cause(err error) error {
	if pe, ok := errors.AsType[*fs.PathError](err); ok {
		return pe.Err
	}
	return err
}

// readJSON decodes a whole file.
func readJSON(dir, name string, v any) error {
	content, err := readFile(dir, name)
	if err != nil {
		return err
	}
	if err := json.Unmarshal(content, v); err != nil {
		return fmt.Errorf("read %s: it is not the JSON that a run writes (%w); make the run again or restore the file", inside(dir, name), err)
	}
	return nil
}

// readLines decodes JSON Lines; an unfinished last line, which a live run may
// have, is left out.
func readLines[T any](dir, name string) ([]T, error) {
	content, err := readFile(dir, name)
	if err != nil {
		return nil, err
	}
	var all []T
	in := bufio.NewReader(bytes.NewReader(content))
	for n := 1; ; n++ {
		line, err := in.ReadBytes('\n')
		if err == io.EOF {
			return all, nil
		}
		var v T
		if err == nil {
			err = json.Unmarshal(line, &v)
		}
		if err != nil {
			return nil, fmt.Errorf("read %s, line %d: %w", inside(dir, name), n, err)
		}
		all = append(all, v)
	}
}

// writePage writes the report as the file name of the folder, whole or not at all.
func writePage(dir, name string, page viz.Report) (path string, err error) {
	path = inside(dir, name)
	err = whole.Write(path, func(w io.Writer) error { return viz.WriteReport(w, page) })
	if err != nil {
		return path, fmt.Errorf("write %s: %w%s", path, err, whole.Next(err))
	}
	return path, nil
}

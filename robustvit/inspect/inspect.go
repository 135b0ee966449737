// Package inspect says what a file or folder holds, or gives the one error that
// it deserves.
package inspect

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/mat73"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/weights"
)

// Finding is what a path holds.
type Finding struct {
	Path  string  `json:"path"`
	Kind  string  `json:"kind"`
	Facts []Fact  `json:"facts"`
	Lists []Table `json:"lists,omitempty"` // tensors, sets
}

// Fact is one line: a name and a value in words.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Table is a list of things of one kind.
type Table struct {
	Title   string     `json:"title"`
	Columns []string   `json:"columns"`
	Rows    [][]string `json:"rows"`
}

func (f *Finding) add(name, format string, args ...any) {
	f.Facts = append(f.Facts, Fact{name, fmt.Sprintf(format, args...)})
}

// Path looks at a file or folder.
func Path(path string) (Finding, error) {
	f := Finding{Path: path}
	info, err := os.Stat(path)
	if err != nil {
		var fault *os.PathError
		if errors.As(err, &fault) {
			err = fault.Err
		}
		return f, fmt.Errorf("inspect %q: %w; check the path", path, err)
	}
	if info.IsDir() {
		return f, f.folder()
	}
	if !info.Mode().IsRegular() {
		return f, fmt.Errorf("inspect %q: it is no regular file; name a file or a folder", path)
	}
	f.add("bytes", "%d", info.Size())
	head, err := head(path)
	if err != nil {
		return f, err
	}
	switch extension := strings.ToLower(filepath.Ext(path)); {
	case extension == ".npz" || weights.IsNPZ(head):
		return f, f.archive()
	case bytes.HasPrefix(head, []byte("PK\x03\x04")) || len(head) > 1 && head[0] == 0x80 && head[1] < 6 && extension != ".safetensors":
		return f, f.checkpoint()
	case extension == ".safetensors" || len(head) > 8 && head[8] == '{' && head[7] == 0:
		return f, f.weights()
	case extension == ".mat" || mat73.Recognises(head) && extension != ".h5" && extension != ".hdf5":
		return f, f.matlab()
	case extension == ".jsonl":
		return f, f.lines()
	case extension == ".pth" || extension == ".pt" || extension == ".tar" || extension == ".bin":
		return f, f.checkpoint()
	}
	if other := weights.OtherProgram(head, path); other != nil {
		return f, other
	}
	return f, f.image()
}

const headBytes = 256 // an archive names its first member there

func head(path string) ([]byte, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, fmt.Errorf("inspect: %w", err)
	}
	defer file.Close()
	head := make([]byte, headBytes)
	n, err := io.ReadFull(file, head)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, io.ErrUnexpectedEOF) {
		return nil, fmt.Errorf("inspect %q: %w", path, err)
	}
	return head[:n], nil
}

func (f *Finding) folder() error {
	if weights.IsModelFolder(f.Path) {
		return f.model("model folder")
	}
	other := weights.OtherFolder(f.Path)
	if _, err := os.Stat(filepath.Join(f.Path, run.ConfigFile)); err == nil && other == nil {
		return f.runFolder()
	}
	if err := f.dataFolder(); err != nil {
		return cmp.Or(other, err)
	}
	return nil
}

func (f *Finding) image() error {
	info, err := data.InspectImage(f.Path)
	if err != nil {
		return err
	}
	img, err := data.ReadImage(f.Path) // the header may promise what the pixels do not keep
	if err != nil {
		return err
	}
	f.Kind = "image"
	f.add("format", "%s", info.Format)
	f.add("size", "%d x %d pixels", info.Width, info.Height)
	if info.Orientation > 1 {
		f.add("EXIF orientation", "%d, which is not applied", info.Orientation)
	}
	if info.Animated {
		f.add("animation", "only the first frame is read")
	}
	f.add("SHA-256", "%s (of the decoded pixels)", img.SHA256())
	if mask, err := data.ReadMask(f.Path); err == nil {
		f.add("as a mask", "%.1f %% foreground", 100*mask.Foreground())
	}
	return nil
}

func (f *Finding) lines() error {
	file, err := os.Open(f.Path)
	if err != nil {
		return fmt.Errorf("inspect %q: %w; check its permissions", f.Path, err)
	}
	defer file.Close()
	var first []byte
	lines, n := 0, 0
	for block := make([]byte, 1<<16); err == nil; {
		n, err = file.Read(block)
		if first == nil {
			first, _, _ = bytes.Cut(bytes.Clone(block[:n]), []byte("\n"))
		}
		lines += bytes.Count(block[:n], []byte("\n"))
	}
	if !errors.Is(err, io.EOF) {
		return fmt.Errorf("inspect %q: %w; copy the file again", f.Path, err)
	}
	f.Kind = "JSON Lines"
	f.add("lines", "%d", lines)
	f.add("first", "%.300s", first)
	return nil
}

func (f *Finding) weights() error {
	file, err := weights.Read(f.Path)
	if err != nil {
		return err
	}
	f.Kind = "safetensors"
	f.tensors("Tensors", file)
	f.describe(file)
	return nil
}

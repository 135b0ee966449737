package run

import (
	"bufio"
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/robustvit/workbench/weights"
)

// WriteTo writes the file name of the run folder through write. The file
// appears whole and durable, or stays as it was. Folders in name are made.
func (r *Run) WriteTo(name string, write func(w io.Writer) error) error {
	if err := r.inPlace(); err != nil {
		return err
	}
	if !filepath.IsLocal(name) {
		return fmt.Errorf("run folder %s: %q is not a name inside it", r.dir, name)
	}
	if err := r.mkdirs(filepath.Dir(name)); err != nil {
		return r.fail("write", name, err)
	}
	path := r.Path(name)
	tmp := filepath.Join(filepath.Dir(path), temporary(filepath.Base(path)))
	if err := r.writeSynced(tmp, write); err != nil {
		r.files.Remove(tmp)
		return r.fail("write", name, err)
	}
	if err := r.files.Rename(tmp, path); err != nil {
		r.files.Remove(tmp)
		return r.fail("write", name, err)
	}
	if err := r.files.SyncDir(filepath.Dir(path)); err != nil {
		return r.fail("write", name, err)
	}
	return nil
}

// temporary is the dot name of a file that is being written. A name may be as
// long as the file system allows, so a long one's is its hash.
func temporary(name string) string {
	if len(name) > 200 {
		sum := sha256.Sum256([]byte(name))
		name = hex.EncodeToString(sum[:])
	}
	return "." + name + tmpSuffix
}

// WriteFile writes data as the file name of the run folder, whole or not at all.
func (r *Run) WriteFile(name string, data []byte) error {
	return r.WriteTo(name, func(w io.Writer) error { _, err := w.Write(data); return err })
}

// WriteJSON writes v as indented JSON, whole or not at all.
func (r *Run) WriteJSON(name string, v any) error {
	data, err := indented(v)
	if err != nil {
		return r.fail("write", name, err)
	}
	return r.WriteFile(name, data)
}

// WriteWeights writes f as the safetensors file name, whole or not at all.
func (r *Run) WriteWeights(name string, f *weights.File) error {
	return r.WriteTo(name, func(w io.Writer) error { return weights.Encode(w, f) })
}

// Pin writes data as the file name, once: on a resume the content must be the
// same, and the error names the first line that differs. It is how a run
// refuses to go on with other samples.
func (r *Run) Pin(name string, data []byte) error {
	there, err := r.readFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return r.WriteFile(name, data)
	}
	if err != nil {
		return r.fail("read", name, err)
	}
	if bytes.Equal(there, data) {
		return nil
	}
	was, is := strings.Split(string(there), "\n"), strings.Split(string(data), "\n")
	for i := 0; ; i++ {
		a, b := lineAt(was, i), lineAt(is, i)
		if a != b {
			return fmt.Errorf("run folder %s: %s differs from line %d on: the run has %s, now it is %s; "+
				"restore the data as it was, or use another run folder", r.dir, name, i+1, a, b)
		}
	}
}

func lineAt(lines []string, i int) string {
	if i >= len(lines) || (i == len(lines)-1 && lines[i] == "") {
		return "(end of file)"
	}
	const most = 160
	if s := lines[i]; len(s) <= most {
		return s
	}
	return lines[i][:most] + "..."
}

// writeSynced writes and syncs one new file.
func (r *Run) writeSynced(path string, write func(w io.Writer) error) error {
	f, err := r.files.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(f, 64<<10)
	err = write(buffered)
	if flushed := buffered.Flush(); flushed != nil { // the file's own error, which write may have put into other words
		err = flushed
	}
	if err == nil {
		err = f.Sync()
	}
	if cerr := f.Close(); err == nil {
		err = cerr
	}
	return err
}

// mkdirs makes folders below the run folder but never the run folder itself:
// if that was moved or unmounted, writing elsewhere in silence would be worse.
func (r *Run) mkdirs(name string) error {
	if name == "." {
		return nil
	}
	if err := r.mkdirs(filepath.Dir(name)); err != nil {
		return err
	}
	err := r.files.Mkdir(r.Path(name))
	if errors.Is(err, fs.ErrExist) {
		return nil
	}
	if err == nil {
		err = r.files.SyncDir(filepath.Dir(r.Path(name)))
	}
	return err
}

// indented is the one JSON form of whole files: two spaces, no HTML escapes.
func indented(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	err := e.Encode(v)
	return b.Bytes(), err
}

// line is the one JSON form of a line, with its line end.
func line(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	err := e.Encode(v)
	return b.Bytes(), err
}

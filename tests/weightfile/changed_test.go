package weightfile

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/weightfiles"
	"github.com/robustvit/workbench/weights"
)

// interrupted calls something before the n-th read of a file.
type interrupted struct {
	*os.File
	before int
	do     func()
}

func (r *interrupted) ReadAt(p []byte, at int64) (int, error) {
	if r.before--; r.before == 0 {
		r.do()
	}
	return r.File.ReadAt(p, at)
}

// TestCutBetweenHeaderAndData: the header was read when the file shrinks.
func TestCutBetweenHeaderAndData(t *testing.T) {
	catalogue.Case(t, "W2", "cut between header and data", func(t *testing.T) {
		content := weightfiles.Pack("{"+weightfiles.EntryA+"}", 8)
		path := put(t, "weights.safetensors", content)
		file, err := os.Open(path)
		if err != nil {
			t.Fatal(err)
		}
		defer file.Close()
		cut := &interrupted{File: file, before: 3, do: func() {
			if err := os.Truncate(path, int64(len(content)-1)); err != nil {
				t.Fatal(err)
			}
		}}
		if _, err := weights.Decode(cut, int64(len(content)), path); err == nil || !strings.Contains(err.Error(), "shrank") || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v, want one that says that the file shrank", err)
		}
	})
}

// large is a file that takes a while to read and no room on disk.
func large(t *testing.T) string {
	t.Helper()
	const size = 384 << 20
	header := fmt.Sprintf(`{"a":{"dtype":"F32","shape":[%d],"data_offsets":[0,%d]}}`, size/4, size)
	path := put(t, "weights.safetensors", weightfiles.Pack(header, 0))
	if err := os.Truncate(path, int64(8+len(header)+size)); err != nil {
		t.Fatal(err)
	}
	return path
}

// whileRead runs inspect on the file and calls something as soon as it is open.
func whileRead(t *testing.T, path string, do func() error) catalogue.Outcome {
	t.Helper()
	process := catalogue.Start(t, "", nil, "inspect", path)
	fds := fmt.Sprintf("/proc/%d/fd", process.Process.Pid)
	for begin := time.Now(); !opened(fds, path) && time.Since(begin) < time.Minute; {
		if _, err := os.Stat(fds); err != nil {
			break // ended, or a system without /proc: now is as good as later
		}
		time.Sleep(time.Millisecond)
	}
	if err := do(); err != nil {
		t.Error(err)
	}
	return process.Wait(t)
}

func opened(fds, path string) bool {
	links, _ := filepath.Glob(filepath.Join(fds, "*"))
	for _, link := range links {
		if to, err := os.Readlink(link); err == nil && to == path {
			return true
		}
	}
	return false
}

// TestChangedWhileRead: cut, grown or written over, it is an error; replaced by
// a rename, the old file is read to its end.
func TestChangedWhileRead(t *testing.T) {
	for name, change := range map[string]func(path string) error{
		"cut to nothing": func(path string) error { return os.Truncate(path, 0) },
		"cut by a byte": func(path string) error {
			info, err := os.Stat(path)
			if err != nil {
				return err
			}
			return os.Truncate(path, info.Size()-1)
		},
		"grown": func(path string) error { return writeAt(path, 500<<20, []byte("x")) },
		"written over": func(path string) error {
			return writeAt(path, 300<<20, bytes.Repeat([]byte("x"), 1<<20))
		},
	} {
		catalogue.Case(t, "W2", name, func(t *testing.T) {
			path := large(t)
			catalogue.CheckRefused(t, whileRead(t, path, func() error { return change(path) }), path)
		})
	}
	catalogue.Case(t, "W2", "replaced by a rename", func(t *testing.T) {
		path := large(t)
		other := put(t, "other.safetensors", weightfiles.Pack("{"+weightfiles.EntryA+"}", 8))
		got := whileRead(t, path, func() error { return os.Rename(other, path) })
		if old, new := strings.Contains(got.Out, "with 100663296 values"), strings.Contains(got.Out, "with 2 values"); got.Code != 0 || old == new {
			t.Errorf("neither the old nor the new file: %v", got)
		}
	})
}

func writeAt(path string, at int64, content []byte) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	defer f.Close()
	_, err = f.WriteAt(content, at)
	return err
}

// TestPipes: nothing waits for a writer that never comes.
func TestPipes(t *testing.T) {
	for _, command := range []string{"inspect", "convert", "evaluate"} {
		catalogue.Case(t, "W2", "a pipe, "+command, func(t *testing.T) {
			path := filepath.Join(t.TempDir(), "weights.safetensors")
			if err := syscall.Mkfifo(path, 0o644); err != nil {
				t.Fatal(err)
			}
			catalogue.Refused(t, []string{path, "regular file"}, taking(t, command, path)...)
		})
	}
}

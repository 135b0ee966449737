package whole

import (
	"errors"
	"io"
	"os"
	"path/filepath"
	"testing"
)

func put(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// want fails unless the folder holds exactly these files.
func want(t *testing.T, folder string, files map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil || len(entries) != len(files) {
		t.Errorf("the folder holds %v (%v), expected %v", entries, err, files)
	}
	for name, text := range files {
		if got, err := os.ReadFile(filepath.Join(folder, name)); err != nil || string(got) != text {
			t.Errorf("%s: %q, %v; want %q", name, got, err, text)
		}
	}
}

// What a dead writer left is taken over; that of a living one, and of other
// files, stays.
func TestTemporaryFiles(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "w")
	put(t, filepath.Join(folder, ".w.tmp"), "half of a longer file")
	put(t, filepath.Join(folder, ".w2.tmp"), "of another name")
	if err := Quick(path, []byte("one")); err != nil {
		t.Fatal(err)
	}
	want(t, folder, map[string]string{"w": "one", ".w2.tmp": "of another name"})
	err := Write(path, func(out io.Writer) error {
		io.WriteString(out, "tw")
		if err := Quick(path, []byte("other")); err != nil {
			t.Error("beside a living writer:", err)
		}
		want(t, folder, map[string]string{"w": "other", ".w.tmp": "tw", ".w2.tmp": "of another name"})
		_, err := io.WriteString(out, "o")
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	want(t, folder, map[string]string{"w": "two", ".w2.tmp": "of another name"})
}

// A write that fails leaves the old file and nothing beside it.
func TestFailure(t *testing.T) {
	folder := t.TempDir()
	path := filepath.Join(folder, "w")
	put(t, path, "old")
	fault := errors.New("no more")
	err := Write(path, func(out io.Writer) error { io.WriteString(out, "ne"); return fault })
	if !errors.Is(err, fault) || err.Error() != "write: no more" {
		t.Errorf("error %v", err)
	}
	want(t, folder, map[string]string{"w": "old"})
	outside := filepath.Join(t.TempDir(), "other")
	put(t, outside, "not ours")
	if err := os.Symlink(outside, filepath.Join(folder, ".w.tmp")); err != nil {
		t.Fatal(err)
	}
	if err := Quick(path, []byte("new")); err == nil {
		t.Error("written through a link under the temporary name")
	}
	if text, _ := os.ReadFile(outside); string(text) != "not ours" {
		t.Errorf("the link's target holds %q", text)
	}
}

// Package matfile makes MATLAB v7.3 files with one thing wrong each, out of the
// fixtures of data/mat73.
package matfile

import (
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// File is a fixture with one thing wrong.
type File struct {
	Name    string
	fixture string
	change  func(m *mutant)
}

// All are the files that a reader must refuse.
func All() []File { return append(Small(), bombs()...) }

// Small are those that are made and read at once: seeds for fuzzing.
func Small() []File {
	return slices.Concat(foreign(), cuts(), superblocks(), headers(), groups(), arrays(), chunkIndices(), cells(), sealed())
}

// Content makes the file.
func (f File) Content(t testing.TB) []byte {
	t.Helper()
	m := open(t, f.fixture)
	f.change(m)
	return m.content
}

// Fixture is a file of data/mat73/testdata, as h5py wrote it.
func Fixture(t testing.TB, name string) []byte {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(catalogue.Root(), "data", "mat73", "testdata", name))
	if err != nil {
		t.Fatal(err)
	}
	return content
}

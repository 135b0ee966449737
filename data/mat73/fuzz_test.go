package mat73_test

import (
	"bytes"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/data/mat73"
	"github.com/robustvit/workbench/tests/hostile/matfile"
	"github.com/robustvit/workbench/tests/hostile/seeds"
)

// FuzzRead walks whatever a file claims to hold: the root, the cells of a test
// set and what they refer to.
func FuzzRead(f *testing.F) {
	seeds.Files(f, filepath.Join("testdata", "*.mat"))
	for _, file := range matfile.Small() {
		f.Add(file.Content(f))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		file, err := mat73.New(bytes.NewReader(content), int64(len(content)))
		if err != nil {
			return
		}
		members, err := file.Members()
		if err != nil {
			return
		}
		for i, m := range members {
			if i < 8 {
				walk(t, file, m.Ref, 0)
			}
		}
		for _, path := range []string{"value/img", "value/gt"} {
			if ref, err := file.Lookup(path); err == nil {
				walk(t, file, ref, 0)
			}
		}
	})
}

// fuzzBytes keeps the fuzzer fast: larger arrays are legal but slow.
const fuzzBytes = 1 << 16

// walk reads an array, and what its first cells refer to.
func walk(t *testing.T, file *mat73.File, object mat73.Ref, depth int) {
	d, err := file.Dataset(object)
	if err != nil {
		return
	}
	array, err := d.Read(fuzzBytes)
	if err != nil {
		return
	}
	if d.Len() < 1 || d.Len()*d.Type.Bytes > fuzzBytes {
		t.Fatalf("%d elements of %v %s", d.Len(), d.Dims, d.Type)
	}
	if values := array.Bytes(); values != nil && len(values) != d.Len() {
		t.Fatalf("%d bytes for %v", len(values), d.Dims)
	}
	for i := range d.Len() {
		if d.Type.Kind != mat73.Reference {
			array.Float(i)
		} else if i < 4 && depth < 3 {
			walk(t, file, array.Ref(i), depth+1)
		}
	}
}

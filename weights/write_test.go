package weights

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"
)

const micro = "../tests/golden/micro/"

func mustRead(t *testing.T, path string) *File {
	t.Helper()
	f, err := Read(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

// The golden files were written by the reference implementation: reading and
// writing them again must give its bytes.
func TestWriteEqualsReferenceWriter(t *testing.T) {
	for _, name := range []string{"vit.safetensors", "hf_vit.safetensors", "stages.safetensors"} {
		want, err := os.ReadFile(micro + name)
		if err != nil {
			t.Fatal(err)
		}
		f := mustRead(t, micro+name)
		for i, j := 0, len(f.Tensors)-1; i < j; i, j = i+1, j-1 { // order must not matter
			f.Tensors[i], f.Tensors[j] = f.Tensors[j], f.Tensors[i]
		}
		path := filepath.Join(t.TempDir(), name)
		if err := Write(path, f); err != nil {
			t.Fatal(err)
		}
		got, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("%s: %d bytes written, %d in the reference file, or other content", name, len(got), len(want))
		}
		if diff := cmp.Diff(mustRead(t, micro+name), mustRead(t, path)); diff != "" {
			t.Errorf("%s read again: %s", name, diff)
		}
	}
}

package weights

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
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

// diffTensors names the first difference; "" where all is equal bit for bit.
func diffTensors(want, got []Tensor) string {
	if len(want) != len(got) {
		return fmt.Sprintf("%d tensors, want %d", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		if w.Name != g.Name || w.DType != g.DType || !slices.Equal(w.Shape, g.Shape) || !bytes.Equal(w.Data, g.Data) {
			return fmt.Sprintf("tensor %d: %s %s %v, want %s %s %v, or other data", i, g.Name, g.DType, g.Shape, w.Name, w.DType, w.Shape)
		}
	}
	return ""
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
		if diff := diffTensors(mustRead(t, micro+name).Tensors, mustRead(t, path).Tensors); diff != "" {
			t.Errorf("%s read again: %s", name, diff)
		}
	}
}

// roundTrip writes and reads f and compares all of it.
func roundTrip(t interface{ Fatal(...any) }, f *File) {
	var out bytes.Buffer
	if err := Encode(&out, f); err != nil {
		t.Fatal(err)
	}
	got, err := Decode(bytes.NewReader(out.Bytes()), int64(out.Len()), "round trip")
	if err != nil {
		t.Fatal(err)
	}
	want, err := ordered(f)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(want, got, cmpopts.EquateEmpty(), cmpopts.SortSlices(func(a, b Tensor) bool { return a.Name < b.Name })); diff != "" {
		t.Fatal(diff)
	}
}

func TestWriteRefusesWhatReadWouldRefuse(t *testing.T) {
	x := Float32Tensor("x", []int{2}, []float32{1, 2})
	for want, f := range map[string]*File{
		"taken":        {Tensors: []Tensor{x, x}},
		"__metadata__": {Tensors: []Tensor{{Name: "__metadata__", DType: U8, Shape: []int{0}}}},
		"8 bytes":      {Tensors: []Tensor{Float32Tensor("x", []int{3}, []float32{1, 2})}},
		"negative":     {Tensors: []Tensor{Float32Tensor("x", []int{-2}, []float32{1, 2})}},
		"F33":          {Tensors: []Tensor{{Name: "x", DType: "F33", Shape: []int{0}}}},
		"axes":         {Tensors: []Tensor{Float32Tensor("x", []int{1, 1, 1, 1, 1, 1, 1, 1, 2}, []float32{1, 2})}},
		"byte 7":       {Tensors: []Tensor{{Name: "x", DType: Bool, Shape: []int{1}, Data: []byte{7}}}},
		"UTF-8":        {Tensors: []Tensor{{Name: "\xff", DType: U8, Shape: []int{0}}}},
		"metadata key": {Metadata: map[string]string{"k": "\xff"}},
		"16777216":     {Metadata: map[string]string{"k": strings.Repeat("x", MaxHeaderBytes)}},
	} {
		path := filepath.Join(t.TempDir(), "w.safetensors")
		writeText(t, path, "old")
		err := Write(path, f)
		if err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v, want the path and %q in it", err, want)
		}
		onlyFile(t, path, "old")
	}
}

// onlyFile demands that path holds content and that its folder holds nothing else.
func onlyFile(t *testing.T, path, content string) {
	t.Helper()
	data, err := os.ReadFile(path)
	if err != nil || content != "" && string(data) != content {
		t.Errorf("%s: %d bytes, %v; want the old file untouched", path, len(data), err)
	}
	entries, err := os.ReadDir(filepath.Dir(path))
	if err != nil || len(entries) != 1 {
		t.Errorf("%d entries beside %s (%v), want it alone", len(entries)-1, path, err)
	}
}

func TestWriteIntoTrouble(t *testing.T) {
	folder := t.TempDir()
	if err := Write(filepath.Join(folder, "no", "such", "w.safetensors"), &File{}); err == nil || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("missing folder: %v", err)
	}
	if err := Write(folder, &File{}); err == nil || !strings.Contains(err.Error(), folder) {
		t.Errorf("a folder as target: %v", err)
	}
	for _, path := range []string{"", folder + "/"} {
		if err := Write(path, &File{}); err == nil {
			t.Errorf("path %q accepted", path)
		}
	}
	if err := Encode(failingWriter{}, mustRead(t, micro+"vit.safetensors")); err == nil {
		t.Error("a failing writer gave no error")
	}
}

type failingWriter struct{}

func (failingWriter) Write([]byte) (int, error) { return 0, errors.New("disk full") }

// Concurrent writers of one file end with one of the contents, whole.
func TestWritersAtOnce(t *testing.T) {
	path := filepath.Join(t.TempDir(), "w.safetensors")
	var group sync.WaitGroup
	for i := range 8 {
		group.Go(func() {
			for range 20 {
				values := slices.Repeat([]float32{float32(i)}, 1000)
				if err := Write(path, &File{Tensors: []Tensor{Float32Tensor("x", []int{1000}, values)}}); err != nil {
					t.Error(err)
				}
			}
		})
	}
	group.Wait()
	x, _ := mustRead(t, path).Get("x")
	values, err := x.Float32s()
	if err != nil || values[0] != values[999] {
		t.Error("mixed content", err)
	}
	onlyFile(t, path, "")
}

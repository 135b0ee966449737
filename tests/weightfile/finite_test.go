package weightfile

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/weights"
)

// TestNotFinite: refused with tensor and count.
func TestNotFinite(t *testing.T) {
	set := func(dtype weights.DType, width int, bits ...byte) func(*weights.Tensor) {
		return func(t *weights.Tensor) {
			typed(dtype, width)(t)
			copy(t.Data[5*width:], bits)
			copy(t.Data[9*width:], bits)
		}
	}
	for i, c := range []struct {
		name   string
		change func(*weights.Tensor)
		words  []string
	}{
		{"NaN in F32", set(weights.F32, 4, 0, 0, 0xc0, 0x7f), []string{"2 of 96", "element 5"}},
		{"infinity in F32", set(weights.F32, 4, 0, 0, 0x80, 0xff), []string{"2 of 96", "element 5"}},
		{"NaN in F16", set(weights.F16, 2, 1, 0x7c), []string{"2 of 96", "element 5"}},
		{"infinity in F16", set(weights.F16, 2, 0, 0xfc), []string{"2 of 96", "element 5"}},
		{"NaN in BF16", set(weights.BF16, 2, 0xc0, 0xff), []string{"2 of 96", "element 5"}},
		{"infinity in BF16", set(weights.BF16, 2, 0x80, 0x7f), []string{"2 of 96", "element 5"}},
		{"NaN in F64", set(weights.F64, 8, 0, 0, 0, 0, 0, 0, 0xf8, 0x7f), []string{"2 of 96", "element 5"}},
		{"infinity in F64", set(weights.F64, 8, 0, 0, 0, 0, 0, 0, 0xf0, 0xff), []string{"2 of 96", "element 5"}},
		{"F64 beyond float32", set(weights.F64, 8, 0, 0, 0, 0, 0, 0, 0xe0, 0x7f), []string{"element 5", "float32"}},
	} {
		catalogue.Case(t, "W4", c.name, func(t *testing.T) {
			f := read(t, golden("vit.safetensors"))
			changed("blocks.1.mlp.fc1.bias", c.change)(f)
			path := write(t, filepath.Join(t.TempDir(), "vit.safetensors"), f)
			args := taking(t, takers[i], path)
			if takers[i] == "inspect" { // it says what a file holds
				if got := catalogue.Run(t, nil, args...); got.Code != 0 || !strings.Contains(got.Out, "2 of 96") {
					t.Errorf("%v", got)
				}
				args = taking(t, "export", path)
			}
			catalogue.Refused(t, append(c.words, `"blocks.1.mlp.fc1.bias"`, path), args...)
		})
		if !strings.Contains(c.name, "beyond") { // that is a number, though none of float32
			catalogue.Case(t, "W4", c.name+", 0 where asked for", func(t *testing.T) { zeroed(t, c.change) })
		}
	}
	catalogue.Case(t, "W4", "NaN in a NumPy archive", func(t *testing.T) {
		f, err := weights.ReadNPZ(filepath.Join(catalogue.Root(), "weights", "testdata", "jax.npz"))
		if err != nil {
			t.Fatal(err)
		}
		changed("Dense_0/bias", func(x *weights.Tensor) { copy(x.Data[4:], "\x00\x00\xc0\x7f") })(f)
		path := filepath.Join(t.TempDir(), "jax.npz")
		if err := weights.WriteNPZ(path, f); err != nil {
			t.Fatal(err)
		}
		catalogue.Refused(t, []string{path, "mlp.fc1.bias", "1 of"}, taking(t, "convert", path)...)
	})
}

// zeroed converts weights with two values that are not finite: these are 0 and
// told, all others are the same bits.
func zeroed(t *testing.T, change func(*weights.Tensor)) {
	t.Helper()
	const name = "blocks.1.mlp.fc1.bias"
	var want []byte
	f := read(t, golden("vit.safetensors"))
	changed(name, func(x *weights.Tensor) {
		change(x)
		want = make([]byte, len(x.Data))
		x.Data[len(x.Data)-2], want[len(want)-2] = 1, 1 // a small number behind them
	})(f)
	path, to := write(t, filepath.Join(t.TempDir(), "vit.safetensors"), f), filepath.Join(t.TempDir(), "out.safetensors")
	got := catalogue.Run(t, nil, "convert", path, "--out", to, "--zero-nan")
	if got.Code != 0 || !strings.Contains(got.Out, name+": 2 values were NaN or infinite") {
		t.Fatal(got)
	}
	loaded, err := weights.Load(to)
	if err != nil {
		t.Fatal(err)
	}
	for _, x := range loaded.Tensors {
		i := slices.IndexFunc(f.Tensors, func(y weights.Tensor) bool { return y.Name == x.Name })
		if expected := f.Tensors[i].Data; x.Name != name && !bytes.Equal(x.Data, expected) || x.Name == name && !bytes.Equal(x.Data, want) {
			t.Errorf("%s has other bits", x.Name)
		}
	}
}

package weights

import (
	"archive/zip"
	"bytes"
	"cmp"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/hostile/weightfiles"
)

func mustReadNPZ(t *testing.T, path string) *File {
	t.Helper()
	f, err := ReadNPZ(path)
	if err != nil {
		t.Fatal(err)
	}
	return f
}

func byName(tensors []Tensor) []Tensor {
	return slices.SortedFunc(slices.Values(tensors), func(a, b Tensor) int { return cmp.Compare(a.Name, b.Name) })
}

// TestReadNPZ: every element type and order as NumPy wrote them (testdata/make_npz.py).
func TestReadNPZ(t *testing.T) {
	want, got := mustRead(t, "testdata/arrays.safetensors"), mustReadNPZ(t, "testdata/arrays.npz")
	if diff := diffTensors(byName(want.Tensors), byName(got.Tensors)); diff != "" {
		t.Error(diff)
	}
}

// TestJAXNames: Google's layout, checked with timm's own loader when it was
// made, holds the weights of the golden model; our writer gives the same arrays.
func TestJAXNames(t *testing.T) {
	want, jax := mustRead(t, micro+"vit.safetensors"), mustReadNPZ(t, "testdata/jax.npz")
	if naming := DetectNaming(jax); naming != JAX {
		t.Errorf("names %q, want %q", naming, JAX)
	}
	timm := mustTimm(t, jax)
	if diff := diffTensors(want.Tensors, timm.Tensors); diff != "" {
		t.Error("JAX to timm:", diff)
	}
	if g, err := Describe(timm); err != nil || g.Heads != 3 || g.HeadsFrom != headsFromMetadata {
		t.Errorf("heads %d from %s (%v), want 3 from the kernels", g.Heads, g.HeadsFrom, err)
	}
	for _, prefix := range []string{"params/", "opt/target/"} {
		wrapped := renamed(jax, func(name string) string { return prefix + name })
		if diff := diffTensors(want.Tensors, mustTimm(t, wrapped).Tensors); diff != "" {
			t.Error("prefix", prefix, diff)
		}
	}
	back, err := ToJAX(timm)
	if err != nil {
		t.Fatal(err)
	}
	if diff := diffTensors(byName(jax.Tensors), byName(back.Tensors)); diff != "" {
		t.Error("timm to JAX:", diff)
	}
}

func TestWriteNPZ(t *testing.T) {
	timm := mustRead(t, micro+"vit.safetensors")
	timm.Metadata = map[string]string{MetadataHeads: "3", "protocol": "paper", MetadataClassNames: `["é","<b>"]`}
	jax, err := ToJAX(timm)
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	var bytesOf [2][]byte
	for i := range bytesOf {
		path := filepath.Join(dir, "vit.npz")
		if err := WriteNPZ(path, jax); err != nil {
			t.Fatal(err)
		}
		if bytesOf[i], err = os.ReadFile(path); err != nil {
			t.Fatal(err)
		}
		slices.Reverse(jax.Tensors) // order must not matter
	}
	if !bytes.Equal(bytesOf[0], bytesOf[1]) {
		t.Error("two writes of the same content differ")
	}
	back := mustReadNPZ(t, filepath.Join(dir, "vit.npz"))
	if diff := diffTensors(timm.Tensors, mustTimm(t, back).Tensors); diff != "" {
		t.Error(diff)
	}
	for key, want := range timm.Metadata {
		if back.Metadata[key] != want {
			t.Errorf("metadata %s: %q, want %q", key, back.Metadata[key], want)
		}
	}
	jax.Metadata = withMetadata(jax.Metadata, MetadataClassNames, strings.Repeat("x", 1<<17))
	if err := EncodeNPZ(&bytes.Buffer{}, jax, "x"); err != nil {
		t.Error("class names too long for a comment:", err)
	}
	jax.Metadata = withMetadata(jax.Metadata, "long", strings.Repeat("x", 1<<17))
	if err := EncodeNPZ(&bytes.Buffer{}, jax, "x"); err == nil || !strings.Contains(err.Error(), "metadata") {
		t.Error("metadata too long for a comment:", err)
	}
}

// TestHalfAndDoubleInNPZ: the bits of every float type survive.
func TestHalfAndDoubleInNPZ(t *testing.T) {
	for _, dtype := range []DType{F16, F64} {
		half := mustRead(t, micro+"vit.safetensors")
		for i := range half.Tensors {
			t := &half.Tensors[i]
			t.DType, t.Data = dtype, slices.Repeat(t.Data, 2)[:t.Len()*dtype.Bits()/8]
		}
		half.Metadata = map[string]string{MetadataHeads: "3"}
		jax, err := ToJAX(half)
		if err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		if err := EncodeNPZ(&out, jax, "x"); err != nil {
			t.Fatal(err)
		}
		back, err := DecodeNPZ(bytes.NewReader(out.Bytes()), int64(out.Len()), "x")
		if err != nil {
			t.Fatal(err)
		}
		if diff := diffTensors(half.Tensors, mustTimm(t, back).Tensors); diff != "" {
			t.Errorf("%s: %s", dtype, diff)
		}
	}
}

func TestJAXRefuses(t *testing.T) {
	jax := mustReadNPZ(t, "testdata/jax.npz")
	timm := mustRead(t, micro+"vit.safetensors")
	timm.Metadata = map[string]string{MetadataHeads: "3"}
	with := func(f *File, extra ...Tensor) *File {
		return &File{Tensors: append(slices.Clone(f.Tensors), extra...), Metadata: f.Metadata}
	}
	without := func(f *File, name string) *File {
		return &File{Tensors: slices.DeleteFunc(slices.Clone(f.Tensors), func(t Tensor) bool { return t.Name == name }), Metadata: f.Metadata}
	}
	query := "Transformer/encoderblock_1/MultiHeadDotProductAttention_1/query/"
	for _, c := range []struct {
		name string
		f    *File
		want string
	}{
		{"layer before the head", with(jax, Float32Tensor("pre_logits/bias", []int{1}, []float32{1})), "imagenet2012"},
		{"unknown array", with(jax, Float32Tensor("Transformer/encoderblock_1/LayerNorm_9/scale", []int{1}, []float32{1})), "LayerNorm_9"},
		{"query in the wrong place", with(jax, Float32Tensor("Transformer/encoderblock_1/query/kernel", []int{1}, []float32{1})), "/query/kernel"},
		{"missing part", without(jax, query+"bias"), "no query part"},
		{"kernel without heads", with(without(jax, query+"kernel"), Float32Tensor(query+"kernel", []int{24, 24}, make([]float32, 576))), "3 axes"},
		{"other number of heads", with(without(jax, query+"kernel"), Float32Tensor(query+"kernel", []int{24, 6, 4}, make([]float32, 576))), "heads"},
	} {
		if _, err := ToTimm(c.f); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", c.name, err, c.want)
		}
	}
	for _, c := range []struct {
		name string
		f    *File
		want string
	}{
		{"distillation token", distilled(t), "dist_token"},
		{"no bias of query, key, value", without(timm, "blocks.0.attn.qkv.bias"), "attn.qkv.bias"},
		{"bfloat16 in NumPy", &File{Tensors: []Tensor{{Name: "x", DType: BF16, Shape: []int{1}, Data: []byte{0, 0}}}}, "BF16"},
	} {
		_, err := ToJAX(c.f)
		if err == nil || c.name == "bfloat16 in NumPy" {
			err = EncodeNPZ(&bytes.Buffer{}, c.f, "x")
		}
		if err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", c.name, err, c.want)
		}
	}
}

// TestUnusualButValidArchives: what NumPy and JAX write is read.
func TestUnusualButValidArchives(t *testing.T) {
	for name, file := range map[string][]byte{
		"compressed":      weightfiles.Archive(zip.Deflate, weightfiles.Array(weightfiles.PlainArray, 8)),
		"no trailing":     weightfiles.Archive(zip.Store, weightfiles.Array("{'descr':'<f4','fortran_order':False,'shape':(2,)}", 8)),
		"other order":     weightfiles.Archive(zip.Store, weightfiles.Array(`{"shape": (1, 2), "fortran_order": True, "descr": "<f4"}   `+"\n", 8)),
		"scalar":          weightfiles.Archive(zip.Store, weightfiles.Array("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", 4)),
		"bfloat16 of JAX": weightfiles.Archive(zip.Store, weightfiles.Array("{'descr': '|V2', 'fortran_order': False, 'shape': (4,), }", 8)),
		"no array":        weightfiles.Named(),
		"path in a name":  weightfiles.Named("../a.npy", "/b.npy", "opt/target/c.npy"),
	} {
		if _, err := DecodeNPZ(bytes.NewReader(file), int64(len(file)), "x"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

package weights

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// TestTransformers5Names: a state dict of transformers 5 has other names than its saved files.
func TestTransformers5Names(t *testing.T) {
	want := mustRead(t, micro+"vit.safetensors")
	short := strings.NewReplacer("encoder.layer.", "layers.", "attention.attention.query", "attention.q_proj", "attention.attention.key", "attention.k_proj",
		"attention.attention.value", "attention.v_proj", "attention.output.dense", "attention.o_proj", "intermediate.dense", "mlp.fc1", "output.dense", "mlp.fc2")
	hf := renamed(mustRead(t, micro+"hf_vit.safetensors"), short.Replace)
	if _, ok := hf.Get("vit.layers.0.attention.q_proj.weight"); !ok {
		t.Fatal("the names were not changed")
	}
	if diff := diffTensors(want.Tensors, mustTimm(t, hf).Tensors); diff != "" {
		t.Error(diff)
	}
	twice := &File{Tensors: append(slices.Clone(hf.Tensors), Float32Tensor("vit.encoder.layer.0.attention.attention.query.bias", []int{24}, make([]float32, 24)))}
	if _, err := ToTimm(twice); err == nil || !strings.Contains(err.Error(), "two tensors that both become the query") {
		t.Errorf("a query in both spellings: error %v", err)
	}
}

// dino is a checkpoint of DINO's student: a headless ViT beside a projection head.
func dino(t *testing.T, prefix string) *File {
	t.Helper()
	f := &File{}
	for _, tensor := range mustRead(t, micro+"vit.safetensors").Tensors {
		if !strings.HasPrefix(tensor.Name, "head.") {
			tensor.Name = prefix + "backbone." + tensor.Name
			f.Tensors = append(f.Tensors, tensor)
		}
	}
	for _, name := range []string{"head.mlp.0.weight", "head.mlp.0.bias", "head.last_layer.weight_g", "head.last_layer.weight_v"} {
		f.Tensors = append(f.Tensors, Float32Tensor(prefix+name, []int{1}, []float32{1}))
	}
	return f
}

func TestBackbone(t *testing.T) {
	var want []Tensor
	for _, tensor := range mustRead(t, micro+"vit.safetensors").Tensors {
		if !strings.HasPrefix(tensor.Name, "head.") {
			want = append(want, tensor)
		}
	}
	jax, err := ToJAX(mustRead(t, micro+"vit.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	for name, c := range map[string]struct {
		f       *File
		dropped []string
	}{
		"teacher":          {dino(t, ""), []string{"head.last_layer.weight_g", "head.last_layer.weight_v", "head.mlp.0.bias", "head.mlp.0.weight"}},
		"student":          {dino(t, "module."), []string{"module.head.last_layer.weight_g", "module.head.last_layer.weight_v", "module.head.mlp.0.bias", "module.head.mlp.0.weight"}},
		"classifier":       {mustRead(t, micro+"vit.safetensors"), []string{"head.bias", "head.weight"}},
		"transformers":     {mustRead(t, micro+"hf_vit.safetensors"), []string{"classifier.bias", "classifier.weight"}},
		"JAX":              {jax, []string{"head/bias", "head/kernel"}},
		"already headless": {&File{Tensors: want}, nil},
	} {
		backbone, dropped := Backbone(c.f)
		if !slices.Equal(dropped, c.dropped) || backbone.Metadata[MetadataLeftOut] != strings.Join(c.dropped, " ") {
			t.Errorf("%s: left out %v (metadata %q), want %v", name, dropped, backbone.Metadata[MetadataLeftOut], c.dropped)
		}
		if diff := diffTensors(want, mustTimm(t, backbone).Tensors); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
	if _, err := ToTimm(dino(t, "")); err == nil || !strings.Contains(err.Error(), "--backbone") {
		t.Errorf("a checkpoint with a projection head: error %v, want the flag that takes its backbone", err)
	}
}

func TestResize(t *testing.T) {
	f := mustRead(t, micro+"vit.safetensors")
	for _, side := range []int{8, 24, 32, 48, 128} {
		out, err := Resize(f, side)
		if err != nil {
			t.Fatal(err)
		}
		g, err := Describe(out)
		if err != nil || g.ImageSize != side || out.Metadata[MetadataImage] != fmt.Sprint(side) {
			t.Errorf("side %d: %v, metadata %v (%v)", side, g, out.Metadata, err)
		}
		for i, before := range f.Tensors {
			after := out.Tensors[i]
			same := bytes.Equal(before.Data, after.Data) && before.DType == after.DType
			if before.Name == "pos_embed" {
				if same != (side == 32) || !bytes.Equal(before.Data[:4*24], after.Data[:4*24]) {
					t.Errorf("side %d: the position embeddings are %d bytes, or their CLS token changed", side, len(after.Data))
				}
			} else if !same {
				t.Errorf("side %d: %s changed", side, before.Name)
			}
		}
	}
	if g, err := Describe(f); err != nil || g.ImageSize != 32 {
		t.Errorf("the file itself changed: %v %v", g, err)
	}
	for _, side := range []int{0, -8, 7, 33, MaxImageSize + 8} {
		if _, err := Resize(f, side); err == nil || !strings.Contains(err.Error(), "multiple of the patch 8") {
			t.Errorf("side %d: error %v", side, err)
		}
	}
	rectangle := mustRead(t, micro+"vit.safetensors")
	position, _ := rectangle.Get("pos_embed")
	*position = Float32Tensor("pos_embed", []int{1, 1 + 12, 24}, make([]float32, 13*24))
	if _, err := Resize(rectangle, 64); err == nil || !strings.Contains(err.Error(), "square number of patches") {
		t.Errorf("a grid of 12 patches: error %v", err)
	}
}

// TestImportKnowsTheKind: the content decides, whatever the name says.
func TestImportKnowsTheKind(t *testing.T) {
	want := mustRead(t, micro+"vit.safetensors")
	dir := t.TempDir()
	link := func(from, name string) string {
		content, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	config := `{"num_attention_heads": 3, "layer_norm_eps": 1e-12, "id2label": {"0":"a","1":"b","2":"c","3":"d","4":"e","5":"f","6":"g"}}`
	for _, folder := range []string{"hub", "folder"} {
		if err := os.MkdirAll(filepath.Join(dir, folder), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, folder, configFile), []byte(config), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	link(micro+"hf_vit.safetensors", "folder/model.safetensors")
	for path, names := range map[string]int{
		link("testdata/jax.npz", "a.npz"): 0, link("testdata/jax.npz", "b.pth"): 0, link("testdata/jax.npz", "c.safetensors"): 0,
		link(micro+"vit.pth.tar", "d.pth"): 0, link(micro+"vit_legacy.pth.tar", "e.safetensors"): 0, link(micro+"vit.pth.tar", "f.npz.bin"): 0,
		link(micro+"hf_vit.safetensors", "g.bin"): 0, link(micro+"vit.pth.tar", "hub/pytorch_model.bin"): 7, filepath.Join(dir, "folder"): 7,
	} {
		f, err := Import(path)
		if err != nil {
			t.Errorf("%s: %v", filepath.Base(path), err)
			continue
		}
		if diff := diffTensors(want.Tensors, mustTimm(t, f).Tensors); diff != "" {
			t.Errorf("%s: %s", filepath.Base(path), diff)
		}
		if epsilon := f.Metadata[MetadataEpsilon]; (epsilon == "1e-12") != (names > 0) {
			t.Errorf("%s: epsilon %q", filepath.Base(path), epsilon)
		}
		if got, err := f.ClassNames(); err != nil || len(got) != names {
			t.Errorf("%s: %d class names, want the %d of config.json (%v)", filepath.Base(path), len(got), names, err)
		}
	}
	for path, want := range map[string]string{
		link(micro+"meta.json", "h.safetensors"): "text", link(micro+"meta.json", "i.npz"): "text", link("testdata/jax.npz", "j.pth")[:len(dir)] + "/none.npz": "check the path",
		link(micro+"vit.pth.tar", "k.npz"): ".npy",
	} {
		if _, err := Import(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error %v, want %q in it", filepath.Base(path), err, want)
		}
	}
}

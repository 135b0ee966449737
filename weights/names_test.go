package weights

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

func mustTimm(t *testing.T, f *File) *File {
	t.Helper()
	out, err := ToTimm(f)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func renamed(f *File, change func(string) string) *File {
	out := &File{Tensors: slices.Clone(f.Tensors), Metadata: f.Metadata}
	for i := range out.Tensors {
		out.Tensors[i].Name = change(out.Tensors[i].Name)
	}
	return out
}

func TestNamesBothWays(t *testing.T) {
	timm, hf := mustRead(t, micro+"vit.safetensors"), mustRead(t, micro+"hf_vit.safetensors")
	if diff := diffTensors(timm.Tensors, mustTimm(t, hf).Tensors); diff != "" {
		t.Error("transformers to timm:", diff)
	}
	if diff := diffTensors(timm.Tensors, mustTimm(t, timm).Tensors); diff != "" {
		t.Error("timm to timm:", diff)
	}
	back, err := ToTransformers(timm)
	if err != nil {
		t.Fatal(err)
	}
	if diff := diffTensors(hf.Tensors, back.Tensors); diff != "" {
		t.Error("timm to transformers:", diff)
	}
	for _, prefix := range []string{"module.", "model.", "_orig_mod.", "module.model.", "_orig_mod.module."} {
		for _, f := range []*File{timm, hf} {
			wrapped := renamed(f, func(name string) string { return prefix + name })
			if diff := diffTensors(timm.Tensors, mustTimm(t, wrapped).Tensors); diff != "" {
				t.Error("prefix", prefix, diff)
			}
		}
	}
	bare := renamed(hf, func(name string) string { return strings.TrimPrefix(name, "vit.") }) // ViTModel
	bare.Tensors = append(bare.Tensors, Float32Tensor("pooler.dense.bias", []int{1}, []float32{1}))
	got := mustTimm(t, bare)
	if diff := diffTensors(timm.Tensors, got.Tensors); diff != "" || got.Metadata["left_out"] != "pooler.dense.bias" {
		t.Error("without vit.:", diff, got.Metadata)
	}
}

// distilled turns the golden model into a distilled DeiT: one token and one head more.
func distilled(t *testing.T) *File {
	t.Helper()
	f := mustTimm(t, mustRead(t, micro+"vit.safetensors"))
	add := func(name, from string, shape []int) {
		source, ok := f.Get(from)
		if !ok {
			t.Fatal(from)
		}
		values, err := source.Float32s()
		if err != nil {
			t.Fatal(err)
		}
		slices.Reverse(values)
		f.Tensors = append(f.Tensors, Float32Tensor(name, shape, values))
	}
	add("dist_token", "cls_token", []int{1, 1, 24})
	add("head_dist.weight", "head.weight", []int{7, 24})
	add("head_dist.bias", "head.bias", []int{7})
	position, _ := f.Get("pos_embed")
	position.Data = append(slices.Clone(position.Data[:4*24]), position.Data...)
	position.Shape = []int{1, 18, 24}
	return f
}

func TestDistilledNamesBothWays(t *testing.T) {
	want := mustTimm(t, distilled(t))
	hf, err := ToTransformers(want)
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"deit.embeddings.distillation_token", "distillation_classifier.weight", "cls_classifier.bias",
		"deit.encoder.layer.2.attention.attention.key.weight"} {
		if _, ok := hf.Get(name); !ok {
			t.Errorf("no %s", name)
		}
	}
	if diff := diffTensors(want.Tensors, mustTimm(t, hf).Tensors); diff != "" {
		t.Error(diff)
	}
	g, err := Describe(want)
	if err != nil || g.Prefix != 2 || g.Tokens != 18 || g.ImageSize != 32 {
		t.Error(g, err)
	}
}

// exportDistilled writes the distilled twin for Python.
func exportDistilled(t *testing.T, dir string) {
	t.Helper()
	for kind, export := range map[string]func(string, *File, ExportInfo) error{"timm": ExportTimm, "hf": ExportTransformers} {
		if err := export(filepath.Join(dir, kind), distilled(t), microInfo()); err != nil {
			t.Fatal(err)
		}
	}
}

func TestNamesRefused(t *testing.T) {
	hf := mustRead(t, micro+"hf_vit.safetensors")
	key := "vit.encoder.layer.1.attention.attention.key.weight"
	without := &File{Tensors: slices.DeleteFunc(slices.Clone(hf.Tensors), func(x Tensor) bool { return x.Name == key })}
	narrow := &File{Tensors: slices.Clone(hf.Tensors)}
	part, _ := narrow.Get(key)
	*part = Float32Tensor(key, []int{12, 24}, make([]float32, 12*24))
	strange := &File{Tensors: append(slices.Clone(hf.Tensors), Float32Tensor("vit.strange", nil, []float32{0}))}
	twice := &File{Tensors: append(slices.Clone(hf.Tensors), Float32Tensor("deit.layernorm.bias", nil, []float32{0}))}
	for _, c := range []struct {
		name string
		f    *File
		want string
	}{
		{"part missing", without, "no key part"},
		{"part of another shape", narrow, "key of F32 [12 24]"},
		{"unknown tensor", strange, "vit.strange"},
		{"two become one", twice, "norm.bias"},
		{"no tensors", &File{}, "no tensors"},
		{"another model", &File{Tensors: []Tensor{Float32Tensor("conv1.weight", nil, []float32{0})}}, "conv1.weight"},
	} {
		if _, err := ToTimm(c.f); err == nil || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: error %v, want %q in it", c.name, err, c.want)
		}
	}
	odd := mustRead(t, micro+"vit.safetensors")
	qkv, _ := odd.Get("blocks.0.attn.qkv.bias")
	*qkv = Float32Tensor(qkv.Name, []int{70}, make([]float32, 70))
	if _, err := ToTransformers(odd); err == nil || !strings.Contains(err.Error(), "blocks.0.attn.qkv.bias") {
		t.Errorf("qkv of 70: error %v", err)
	}
}

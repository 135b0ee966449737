package export

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/weights"
)

// write stores a changed copy of the golden model.
func write(t *testing.T, change func(*weights.File)) string {
	t.Helper()
	file, err := weights.Read(filepath.Join(golden, "vit.safetensors"))
	if err != nil {
		t.Fatal(err)
	}
	change(file)
	path := filepath.Join(t.TempDir(), "changed.safetensors")
	if err := weights.Write(path, file); err != nil {
		t.Fatal(err)
	}
	return path
}

func text(t *testing.T, content string) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "classes.txt")
	if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
		t.Fatal(err)
	}
	return path
}

// selfSupervised gives every tensor but the head the prefix of a self-supervised checkpoint.
func selfSupervised(file *weights.File) {
	for i := range file.Tensors {
		if !strings.HasPrefix(file.Tensors[i].Name, "head.") {
			file.Tensors[i].Name = "backbone." + file.Tensors[i].Name
		}
	}
}

// TestConvertChanges: size, names and backbone arrive in a file that opens and runs.
func TestConvertChanges(t *testing.T) {
	b := goBackend(t)
	path, to := filepath.Join(golden, "vit.safetensors"), filepath.Join(t.TempDir(), "out.safetensors")
	names := []string{"a", "b", "crane", "crane", "e e", "é", "g"}
	c, err := Convert(ConvertJob{From: path, To: to, Heads: 3, ImageSize: 48, ClassNames: text(t, "\ufeff"+strings.Join(names, "\r\n")+"\n\n")})
	if err != nil {
		t.Fatal(err)
	}
	m := open(t, to)
	if m.Variant.ImageSize != 48 || c.Resized != 32 || !slices.Equal(m.Classes, names) || m.Variant.Heads != 3 {
		t.Errorf("image size %d (from %d), classes %q, heads %d", m.Variant.ImageSize, c.Resized, m.Classes, m.Variant.Heads)
	}
	if logits, err := ParityLogits(b, m); err != nil || len(logits) != 4*7 {
		t.Errorf("%d logits, %v", len(logits), err)
	}
	if c, err = Convert(ConvertJob{From: write(t, selfSupervised), To: to, Heads: 3, Backbone: true}); err != nil {
		t.Fatal(err)
	}
	if m = open(t, to); m.Variant.Classes != 0 || !slices.Equal(c.LeftOut, []string{"head.bias", "head.weight"}) || c.Names != "timm" {
		t.Errorf("%d classes, left out %v, names %s", m.Variant.Classes, c.LeftOut, c.Names)
	}
	for _, list := range []string{`["a","b","c","d","e","f","g"]`, `{"6":"g","0":"a","1":"b","2":"c","3":"d","4":"e","5":"f"}`} {
		if _, err := Convert(ConvertJob{From: path, To: to, ClassNames: text(t, list)}); err != nil {
			t.Error(err)
		} else if m = open(t, to); strings.Join(m.Classes, "") != "abcdefg" {
			t.Errorf("classes %q from %s", m.Classes, list)
		}
	}
}

func TestConvertRefuses(t *testing.T) {
	path := filepath.Join(golden, "vit.safetensors")
	drop := func(name string) func(*weights.File) {
		return func(f *weights.File) {
			f.Tensors = slices.DeleteFunc(f.Tensors, func(t weights.Tensor) bool { return t.Name == name })
		}
	}
	for _, c := range []struct {
		name string
		job  ConvertJob
		want []string
	}{
		{"size that patches do not fill", ConvertJob{From: path, ImageSize: 50}, []string{"50", "multiple of the patch 8", "48 or 56"}},
		{"too few names", ConvertJob{From: path, ClassNames: text(t, "a\nb\n")}, []string{"classes.txt", "2 class names", "7 classes"}},
		{"empty line between names", ConvertJob{From: path, ClassNames: text(t, "a\nb\n\nd\ne\nf\ng\n")}, []string{"classes.txt", "name 2"}},
		{"empty list", ConvertJob{From: path, ClassNames: text(t, "")}, []string{"no list"}},
		{"JSON that is no list", ConvertJob{From: path, ClassNames: text(t, `[1, 2]`)}, []string{"no list"}},
		{"no such list", ConvertJob{From: path, ClassNames: "none.txt"}, []string{"none.txt", "check the path"}},
		{"names without a head", ConvertJob{From: path, Backbone: true, ClassNames: text(t, "a\n")}, []string{"0 classes"}},
		{"missing tensor", ConvertJob{From: write(t, drop("blocks.1.norm1.bias"))}, []string{"1 missing", "blocks.1.norm1.bias"}},
		{"extra tensors", ConvertJob{From: write(t, func(f *weights.File) {
			f.Tensors = append(f.Tensors, weights.Float32Tensor("head.mlp.0.bias", []int{1}, []float32{1}), weights.Float32Tensor("center", []int{1}, []float32{1}))
		})}, []string{"2 not wanted", "center", "head.mlp.0.bias", "--backbone"}},
		{"projection head", ConvertJob{From: write(t, selfSupervised)}, []string{"--backbone"}},
		{"heads that do not divide", ConvertJob{From: path, Heads: 5}, []string{"heads", "divides"}},
	} {
		c.job.To = filepath.Join(t.TempDir(), "out.safetensors")
		_, err := Convert(c.job)
		if err == nil {
			t.Errorf("%s: accepted", c.name)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error %q lacks %q", c.name, err, want)
			}
		}
		if exists(c.job.To) {
			t.Errorf("%s: a file was written", c.name)
		}
	}
}

// TestNoJAXForDistilled: the JAX models have no second token.
func TestNoJAXForDistilled(t *testing.T) {
	b := goBackend(t)
	path := write(t, func(f *weights.File) {
		cls, _ := f.Get("cls_token")
		position, _ := f.Get("pos_embed")
		weight, _ := f.Get("head.weight")
		bias, _ := f.Get("head.bias")
		extra := []weights.Tensor{*cls, *weight, *bias}
		for i, name := range []string{"dist_token", "head_dist.weight", "head_dist.bias"} {
			extra[i].Name = name
		}
		position.Data = append(slices.Clone(position.Data[:4*24]), position.Data...)
		position.Shape = []int{1, 18, 24}
		f.Tensors = append(f.Tensors, extra...)
		f.Metadata = map[string]string{weights.MetadataHeads: "3"}
	})
	m := open(t, path)
	dir := filepath.Join(t.TempDir(), "out")
	if _, err := Run(t.Context(), Job{Model: m, Format: NPZ, Dir: dir, Backend: b}); err == nil || !strings.Contains(err.Error(), "dist_token") {
		t.Errorf("npz: error %v", err)
	}
	for _, format := range []string{Timm, Transformers} {
		dir := filepath.Join(t.TempDir(), format)
		if _, err := Run(t.Context(), Job{Model: m, Format: format, Dir: dir, Backend: b}); err != nil {
			t.Errorf("%s: %v", format, err)
		}
		if back := exported(t, dir); back.SHA256 != m.SHA256 || back.Variant.PrefixTokens != 2 {
			t.Errorf("%s: other weights read back", format)
		}
	}
}

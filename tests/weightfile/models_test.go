package weightfile

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/weights"
)

// golden is a file of the smallest sound model: width 24, 3 blocks, 7 classes.
func golden(name string) string {
	return filepath.Join(catalogue.Root(), "tests", "golden", "micro", name)
}

func read(t *testing.T, path string) *weights.File {
	t.Helper()
	f, err := weights.Read(path)
	if err != nil {
		t.Fatal(err)
	}
	f.Metadata = map[string]string{weights.MetadataHeads: "3"}
	return f
}

func write(t *testing.T, path string, f *weights.File) string {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := weights.Write(path, f); err != nil {
		t.Fatal(err)
	}
	return path
}

// changed gives one tensor of the file, by a part of its name, to the function.
func changed(part string, change func(*weights.Tensor)) func(*weights.File) {
	return func(f *weights.File) {
		for i := range f.Tensors {
			if strings.Contains(f.Tensors[i].Name, part) {
				change(&f.Tensors[i])
				return
			}
		}
		panic("no tensor " + part)
	}
}

func without(parts ...string) func(*weights.File) {
	return func(f *weights.File) {
		f.Tensors = slices.DeleteFunc(f.Tensors, func(t weights.Tensor) bool {
			return slices.ContainsFunc(parts, func(part string) bool { return strings.Contains(t.Name, part) })
		})
	}
}

func shaped(shape ...int) func(*weights.Tensor) {
	return func(t *weights.Tensor) {
		n := 1
		for _, axis := range shape {
			n *= axis
		}
		*t = weights.Float32Tensor(t.Name, shape, make([]float32, n))
	}
}

func typed(dtype weights.DType, width int) func(*weights.Tensor) {
	return func(t *weights.Tensor) { t.DType, t.Data = dtype, make([]byte, t.Len()*width) }
}

func metadata(key, value string) func(*weights.File) {
	return func(f *weights.File) { f.Metadata[key] = value }
}

// wrongModels are files in order whose tensors are not those of a model.
var wrongModels = []struct {
	name   string
	change func(*weights.File)
	words  []string
}{
	{"one missing", without("blocks.1.mlp.fc1.bias"), []string{"1 missing", `"blocks.1.mlp.fc1.bias"`}},
	{"a block missing", without("blocks.1."), []string{"blocks.2", "not wanted"}},
	{"all weights of two kinds missing", without("attn.proj", "mlp.fc2", "norm2"), []string{"18 missing", `"blocks.0.`, ", ..."}},
	{"no patches", without("patch_embed"), []string{"patch_embed.proj.weight", "timm names"}},
	{"no positions", without("pos_embed"), []string{"pos_embed", "timm names"}},
	{"one too many", func(f *weights.File) {
		f.Tensors = append(f.Tensors, weights.Float32Tensor("mask_token", []int{1}, []float32{0}))
	}, []string{"1 not wanted", `"mask_token"`}},
	{"thirty too many", func(f *weights.File) {
		for i := range 30 {
			f.Tensors = append(f.Tensors, weights.Float32Tensor("extra."+string(rune('A'+i)), []int{1}, []float32{0}))
		}
	}, []string{"30 not wanted", `"extra.A"`, ", ..."}},
	{"renamed", changed("blocks.0.norm1.weight", func(t *weights.Tensor) { t.Name = "blocks.0.norm_1.weight" }), []string{"1 missing", "1 not wanted", `"blocks.0.norm_1.weight"`, `"blocks.0.norm1.weight"`}},
	{"a name that steers a terminal", changed("blocks.0.norm1.weight", func(t *weights.Tensor) { t.Name = "\x1b[2J" }), []string{`"\x1b[2J"`}},
	{"transposed", changed("blocks.1.mlp.fc1.weight", shaped(24, 96)), []string{"1 of another shape", `"blocks.1.mlp.fc1.weight" [24 96] instead of [96 24]`}},
	{"flattened", changed("cls_token", shaped(24)), []string{"1 of another shape", `"cls_token" [24]`}},
	{"queries alone", changed("blocks.2.attn.qkv.weight", shaped(24, 24)), []string{"1 of another shape", `"blocks.2.attn.qkv.weight" [24 24] instead of [72 24]`}},
	{"integers", changed("blocks.0.mlp.fc2.weight", typed(weights.I64, 8)), []string{"1 not of a floating-point type", `"blocks.0.mlp.fc2.weight" I64`}},
	{"8-bit floats", changed("blocks.0.mlp.fc2.weight", typed(weights.F8E4M3, 1)), []string{"1 not of a floating-point type", "F8_E4M3"}},
	{"truth values", changed("norm.bias", typed(weights.Bool, 1)), []string{"1 not of a floating-point type", "BOOL"}},
	{"tokens that are no square", changed("pos_embed", shaped(1, 16, 24)), []string{"pos_embed", "16 tokens", "square"}},
	{"2^60 tokens of nothing", changed("pos_embed", func(t *weights.Tensor) { t.Shape, t.Data = []int{1, 1 << 60, 0}, nil }), []string{"pos_embed", "above 0"}},
	{"patches that are no square", changed("patch_embed.proj.weight", shaped(24, 3, 4, 16)), []string{"patch_embed.proj.weight", "square"}},
	{"thirty thousand blocks of nothing", func(f *weights.File) {
		for i := range 30_000 {
			f.Tensors = append(f.Tensors, weights.Uint8Tensor(fmt.Sprintf("blocks.%d.x", i), []int{0}, nil))
		}
	}, []string{"30000 blocks", "1000"}},
	{"one colour", changed("patch_embed.proj.weight", shaped(24, 1, 8, 8)), []string{"patch_embed.proj.weight", "image channels 1"}},
	{"heads that do not divide", metadata(weights.MetadataHeads, "5"), []string{"heads", `"5"`, "24"}},
	{"heads in words", metadata(weights.MetadataHeads, "three"), []string{"heads", `"three"`}},
	{"another number of class names", metadata(weights.MetadataClassNames, `["cat"]`), []string{"class names", "found 1", "7"}},
	{"class names that are no list", metadata(weights.MetadataClassNames, `{"0":1}`), []string{weights.MetadataClassNames, "JSON list"}},
	{"a class name that steers a terminal", metadata(weights.MetadataClassNames, `["a","b","c","d","e","f","\u001b[2J"]`), []string{weights.MetadataClassNames, `\x1b[2J`}},
	{"an architecture that steers a terminal", metadata(weights.MetadataModel, "vit\x1b[2J"), []string{weights.MetadataModel, `\x1b[2J`}},
	{"a deviation of 0", metadata(weights.MetadataStd, "0.5,0,0.5"), []string{`"std"`, "0.5,0,0.5"}},
	{"a mean in words", metadata(weights.MetadataMean, "half"), []string{`"mean"`, "half"}},
	{"a mean of NaN", metadata(weights.MetadataMean, "NaN,0,0"), []string{`"mean"`, "NaN"}},
	{"a crop of nothing", metadata(weights.MetadataCrop, "-1"), []string{"crop_pct", "-1"}},
	{"a crop of next to nothing", metadata(weights.MetadataCrop, "0.0001"), []string{"crop_pct", "0.0001"}}, // images of 320,000 pixels
	{"a crop of NaN", metadata(weights.MetadataCrop, "NaN"), []string{"crop_pct", "NaN"}},
}

// TestWrongModels: the first names and the count; no partial model.
func TestWrongModels(t *testing.T) {
	for i, c := range wrongModels {
		catalogue.Case(t, "W3", c.name, func(t *testing.T) {
			f := read(t, golden("vit.safetensors"))
			c.change(f)
			path := write(t, filepath.Join(t.TempDir(), "vit.safetensors"), f)
			args := taking(t, []string{"convert", "evaluate"}[i%2], path)
			catalogue.Refused(t, append(c.words, path), args...)
			absent(t, args[len(args)-1])
		})
	}
}

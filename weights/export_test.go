package weights

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
)

func microInfo() ExportInfo {
	half := [3]float32{0.5, 0.5, 0.5}
	return ExportInfo{
		Architecture: "vit_micro_patch8_32", Heads: 3, Mean: [3]float32{0.485, 0.456, 0.406}, Std: half,
		ClassNames: []string{"a", "b", "c", "d", "e", "f", "ü"}, Metadata: map[string]string{"run": "r1", "lr": "4e-05"},
	}
}

// exportMicro writes both exports of the golden model, each with its parity file.
func exportMicro(t *testing.T, dir string) {
	t.Helper()
	f, stages := mustRead(t, micro+"vit.safetensors"), mustRead(t, micro+"stages.safetensors")
	images, ok1 := stages.Get("images")
	logits, ok2 := stages.Get("logits")
	if !ok1 || !ok2 {
		t.Fatal("golden stages lack images or logits")
	}
	for kind, export := range map[string]func(string, *File, ExportInfo) error{"timm": ExportTimm, "hf": ExportTransformers} {
		folder := filepath.Join(dir, kind)
		if err := export(folder, f, microInfo()); err != nil {
			t.Fatal(err)
		}
		if err := WriteParity(filepath.Join(folder, ParityFile), *images, *logits); err != nil {
			t.Fatal(err)
		}
	}
}

func TestExportsLoadBackBitForBit(t *testing.T) {
	dir, again := t.TempDir(), t.TempDir()
	exportMicro(t, dir)
	exportMicro(t, again)
	want := mustRead(t, micro+"vit.safetensors")
	for _, kind := range []string{"timm", "hf"} {
		got, err := Load(filepath.Join(dir, kind))
		if err != nil {
			t.Fatal(err)
		}
		if diff := diffTensors(want.Tensors, got.Tensors); diff != "" {
			t.Errorf("%s: %s", kind, diff)
		}
		if got.SHA256() != want.SHA256() {
			t.Errorf("%s: content hash changed", kind)
		}
		if names, err := got.ClassNames(); err != nil || !slices.Equal(names, microInfo().ClassNames) {
			t.Errorf("%s: class names %v (%v)", kind, names, err)
		}
		g, err := Describe(got)
		if err != nil || g.Heads != 3 || g.HeadsFrom != "metadata" {
			t.Errorf("%s: %v, %v", kind, g, err)
		}
		for key, value := range map[string]string{"run": "r1", "lr": "4e-05", "format": "pt", "mean": "0.485,0.456,0.406", "image": "32", "patch": "8"} {
			if got.Metadata[key] != value {
				t.Errorf("%s: metadata %s = %q, want %q", kind, key, got.Metadata[key], value)
			}
		}
		entries, err := os.ReadDir(filepath.Join(dir, kind))
		if err != nil {
			t.Fatal(err)
		}
		for _, entry := range entries {
			a, err1 := FileSHA256(filepath.Join(dir, kind, entry.Name()))
			b, err2 := FileSHA256(filepath.Join(again, kind, entry.Name()))
			if err1 != nil || err2 != nil || a != b || strings.HasPrefix(entry.Name(), ".") {
				t.Errorf("%s/%s: two exports differ, or a leftover (%v, %v)", kind, entry.Name(), err1, err2)
			}
		}
	}
}

// config.json must keep the golden one's facts that decide the logits.
func TestTransformersConfigAgreesWithGolden(t *testing.T) {
	dir := t.TempDir()
	exportMicro(t, dir)
	var got, want map[string]any
	for path, into := range map[string]*map[string]any{filepath.Join(dir, "hf", configFile): &got, micro + "hf_config.json": &want} {
		text, err := readConfig(path)
		if err == nil {
			err = decodeConfig(path, text, into)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	for _, key := range []string{"hidden_size", "num_hidden_layers", "num_attention_heads", "intermediate_size", "image_size",
		"patch_size", "num_channels", "hidden_act", "layer_norm_eps", "qkv_bias", "model_type"} {
		if diff := cmp.Diff(want[key], got[key]); diff != "" {
			t.Errorf("%s: %s", key, diff)
		}
	}
}

func TestExportRefusesContradictions(t *testing.T) {
	f := mustRead(t, micro+"vit.safetensors")
	for want, change := range map[string]func(*ExportInfo){
		"depth":         func(i *ExportInfo) { i.Depth = 12 },
		"width":         func(i *ExportInfo) { i.Width = 768 },
		"heads":         func(i *ExportInfo) { i.Heads = 0 },
		"heads: found":  func(i *ExportInfo) { i.Heads = 5 },
		"class names":   func(i *ExportInfo) { i.ClassNames = i.ClassNames[:3] },
		"std":           func(i *ExportInfo) { i.Std[1] = 0 },
		"interpolation": func(i *ExportInfo) { i.Interpolation = "nearest" },
	} {
		info, dir := microInfo(), filepath.Join(t.TempDir(), "out")
		change(&info)
		if err := ExportTimm(dir, f, info); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), dir) {
			t.Errorf("%s: error %v", want, err)
		}
		if _, err := os.Stat(dir); err == nil {
			t.Errorf("%s: a folder was left", want)
		}
	}
}

func TestTimmBase(t *testing.T) {
	for _, c := range []struct {
		name      string
		distilled bool
		want      string
	}{
		{"vit_base_patch16_224.augreg_in21k_ft_in1k", false, "vit_base_patch16_224"},
		{"vit_small_patch8_224.dino", false, "vit_small_patch8_224"},
		{"deit_small_patch16_224.fb_in1k", false, "deit_small_patch16_224"},
		{"deit_tiny_distilled_patch16_224", true, "deit_tiny_distilled_patch16_224"},
		{"deit_tiny_patch16_224", true, "deit_base_distilled_patch16_224"},
		{"vit_demo_patch8_64", false, "vit_base_patch16_224"},
		{"", false, "vit_base_patch16_224"},
	} {
		if got := timmBase(c.name, c.distilled); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// TestExportsInPython lets timm and transformers load the exports and holds
// their logits against the parity file. It needs a Python with timm,
// transformers, torch and safetensors.
func TestExportsInPython(t *testing.T) {
	python := os.Getenv("ROBUSTVIT_PYTHON")
	if python == "" {
		t.Skip("ROBUSTVIT_PYTHON names no Python with timm and transformers")
	}
	dir := t.TempDir()
	exportMicro(t, dir)
	exportDistilled(t, filepath.Join(dir, "distilled"))
	out, err := exec.Command(python, "testdata/check_export.py", dir).CombinedOutput()
	t.Logf("%s", out)
	if err != nil {
		t.Fatal(err)
	}
}

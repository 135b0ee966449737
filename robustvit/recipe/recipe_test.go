package recipe

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/weights"
	"github.com/robustvit/workbench/weights/demo"
)

func TestDemoStages(t *testing.T) {
	for name, steps := range map[string]int{"vit": 3700, "augreg": 1800, "deit": 1800, "vit-seed2": 3700, "vit40": 5100, "vit80": 5100} {
		p, err := Demo(name, 1)
		if err != nil {
			t.Fatal(err)
		}
		if classes := len(p.Config.Stages[0].Data.Classes()); p.Steps() != steps || len(p.Config.Stages) != 2 || classes != p.Config.Variant.Classes {
			t.Errorf("%s: %d steps, %d classes", name, p.Steps(), classes)
		}
	}
	if _, err := Demo("swin", 0); err == nil || !strings.Contains(err.Error(), "swin") {
		t.Errorf("unknown family: %v", err)
	}
}

// Every model that ships can be made again: recipe, family, seed and classes are
// those in its file.
func TestEmbeddedModelsCanBeMadeAgain(t *testing.T) {
	for _, name := range demo.Families() {
		p, err := Demo(name, 0)
		if err != nil {
			t.Errorf("demo:%s: %v", name, err)
			continue
		}
		m, err := pretrained.Open("demo:" + name)
		if err != nil {
			t.Fatal(err)
		}
		metadata, err := p.Config.Metadata()
		if err != nil {
			t.Fatal(err)
		}
		for _, key := range []string{"family", "seed", "stages", weights.MetadataClassNames} {
			if m.File.Metadata[key] != metadata[key] {
				t.Errorf("demo:%s: %s is %q in the file, %q in the recipe", name, key, m.File.Metadata[key], metadata[key])
			}
		}
	}
}

func TestFolder(t *testing.T) {
	d := shapes.Objects("train", 40, 0)
	size := Size{Image: 32, Patch: 8, Width: 32, Depth: 1, Heads: 2}
	p, err := Folder(d, size, Training{Family: finetune.ViT, Steps: 5, Rate: 1e-3, Batch: 8})
	if err != nil {
		t.Fatal(err)
	}
	if p.Config.Batch != 8 || p.Config.Stages[0].Images != 40 || p.Config.Variant.Classes != 20 {
		t.Errorf("%+v", p.Config)
	}
	for name, training := range map[string]Training{
		"batch": {Family: finetune.ViT, Steps: 5, Rate: 1e-3, Batch: 41}, "no batch": {Family: finetune.ViT, Steps: 5, Rate: 1e-3},
		"family": {Family: "x", Steps: 5, Rate: 1e-3, Batch: 8}, "steps": {Family: finetune.ViT, Rate: 1e-3, Batch: 8},
	} {
		if _, err := Folder(d, size, training); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

func TestClassIndices(t *testing.T) {
	names := []string{"cat", "dog", "7", "owl"}
	for _, test := range []struct {
		asked []string
		want  []int
	}{{[]string{"owl", "cat", "owl"}, []int{0, 3}}, {[]string{"1", "7"}, []int{1, 2}}} {
		if got, err := ClassIndices(test.asked, names); err != nil || !slices.Equal(got, test.want) {
			t.Errorf("%v: %v, %v, expected %v", test.asked, got, err, test.want)
		}
	}
	for _, word := range []string{"cow", "4", "-1", ""} {
		if got, err := ClassIndices([]string{word}, names); err == nil {
			t.Errorf("%q: %v without an error", word, got)
		}
	}
}

func TestFraction(t *testing.T) {
	d := shapes.NewDataset("train", shapes.DefaultConfig(), 40, 1)
	if got, err := Fraction(0.5, d, 2, 3); err != nil || len(got) != 10 {
		t.Errorf("%v, %v", got, err)
	}
	if got, err := Fraction(0.001, d, 2, 3); err != nil || len(got) != 1 {
		t.Errorf("%v, %v", got, err)
	}
	few := shapes.NewDataset("train", shapes.DefaultConfig(), 28, 1) // 8 classes have 2 images, the others 1
	if got, err := Fraction(0.5, few, 2, 3); err != nil || len(got) != 4 || slices.Max(got) > 7 {
		t.Errorf("classes with too few images were drawn: %v, %v", got, err)
	}
	for _, share := range []float64{0, -1, 1.5} {
		if _, err := Fraction(share, d, 2, 0); err == nil {
			t.Errorf("fraction %g: no error", share)
		}
	}
}

func model(classes ...string) *pretrained.Model {
	outputs := len(classes)
	if outputs == 0 {
		outputs = 3
	}
	return &pretrained.Model{Source: "m", Classes: classes, Variant: robustvit.Variant{Classes: outputs, ImageSize: 32}, File: &weights.File{}}
}

func TestMatchClasses(t *testing.T) {
	dir := t.TempDir()
	for _, class := range []string{"a", "b", "c"} {
		if err := os.MkdirAll(filepath.Join(dir, class), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, class, "1.png"), []byte("not read here"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	for _, test := range []struct {
		name  string
		model *pretrained.Model
		want  string // "" = fits
	}{
		{"same", model("a", "b", "c"), ""}, {"without names", model(), ""},
		{"subset, ordered as the model's", model("c", "b", "x", "a"), ""},
		{"others", model("x", "y", "z"), "trained on these classes"}, {"too few", model("a", "b"), "trained on these classes"},
	} {
		d, err := OpenData(dir, DataOptions{Classes: test.model.Classes})
		if err != nil {
			t.Fatalf("%s: %v", test.name, err)
		}
		err = MatchClasses(test.model, d)
		if test.want == "" && err != nil || test.want != "" && (err == nil || !strings.Contains(err.Error(), test.want)) {
			t.Errorf("%s: %v, expected %q", test.name, err, test.want)
		}
	}
	d, err := OpenData(dir, DataOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := MatchClasses(model("b", "a", "c"), d); err == nil || !strings.Contains(err.Error(), "classes.txt") {
		t.Errorf("another order: %v", err)
	}
}

func TestPreset(t *testing.T) {
	small, large := model("a", "b", "c"), model("a", "b", "c")
	large.Variant.ImageSize = 224
	for _, test := range []struct {
		name  string
		model *pretrained.Model
		rate  float64
	}{{PresetAuto, small, 4e-5}, {PresetAuto, large, 3e-6}, {PresetPaper, small, 3e-6}, {PresetEmbedded, large, 4e-5}} {
		if config, _, err := Preset(test.name, test.model); err != nil || config.Rate != test.rate {
			t.Errorf("%s: rate %g, %v, expected %g", test.name, config.Rate, err, test.rate)
		}
	}
	if _, _, err := Preset("own", small); err == nil {
		t.Error("unknown preset: no error")
	}
}

// TestPresetOfPublishedModels: each of the paper's models is finetuned at its
// own published rate and temperature.
func TestPresetOfPublishedModels(t *testing.T) {
	m := model("a", "b", "c")
	m.Variant.ImageSize = 224
	for name, want := range map[string][2]float64{
		"deit_small_patch16_224.fb_in1k": {1e-6, 0.55}, "deit_base_patch16_224.fb_in1k": {8e-7, 0.65},
		"vit_large_patch16_224.augreg_in21k_ft_in1k": {9e-7, 1}, "vit_base_patch16_224.augreg_in21k_ft_in1k": {6e-7, 1},
		"vit_tiny_patch16_224.augreg_in21k_ft_in1k": {3e-6, 1}, "my_own": {3e-6, 1},
	} {
		m.Variant.Name = name
		config, _, err := Preset(PresetAuto, m)
		if err != nil || config.Rate != want[0] || config.Objective.Temperature != want[1] {
			t.Errorf("%s: rate %g, temperature %g, %v, expected %v", name, config.Rate, config.Objective.Temperature, err, want)
		}
	}
}

func TestProtocolName(t *testing.T) {
	m := model("a", "b", "c")
	if got := ProtocolName("auto", m); got != "native" {
		t.Errorf("small model: %q", got)
	}
	m.File.Metadata = map[string]string{"protocol": "paper"}
	if got := ProtocolName("auto", m); got != "paper" {
		t.Errorf("with metadata: %q", got)
	}
	if got := ProtocolName("timm", m); got != "timm" {
		t.Errorf("named: %q", got)
	}
}

func TestResumeCommand(t *testing.T) {
	type flags struct {
		Data   string `json:"data,omitempty"`
		Epochs int    `json:"epochs,omitempty"`
		Seed   int    `json:"seed,omitempty"`
	}
	dir := t.TempDir()
	if err := ResumeCommand(dir, &flags{}); err == nil || !strings.Contains(err.Error(), dir) {
		t.Errorf("nothing to resume: %v", err)
	}
	if err := SaveCommand(dir, flags{Data: "photos", Epochs: 10, Seed: 3}); err != nil {
		t.Fatal(err)
	}
	got := flags{Epochs: 20}
	if err := ResumeCommand(dir, &got); err != nil || got != (flags{"photos", 20, 3}) {
		t.Errorf("%+v, %v", got, err)
	}
}

// TestEvaluationBatch: large models still give both cores work, small ones are
// bounded, and what is slow can be stopped.
func TestEvaluationBatch(t *testing.T) {
	for _, c := range []struct {
		model string
		kind  backend.Kind
		want  int
	}{
		{"vit_base", backend.KindCPU, 4}, {"vit_large", backend.KindCPU, 4}, {"vit_tiny", backend.KindCPU, 6},
		{"vit_base", backend.KindGo, 1}, {"vit_tiny", backend.KindGo, 6}, {"vit_base", backend.KindCUDA, 36},
	} {
		v, err := robustvit.LookupVariant(c.model + "_patch16_224")
		if err != nil {
			t.Fatal(err)
		}
		if got := EvaluationBatch(&pretrained.Model{Variant: v}, c.kind); got != c.want {
			t.Errorf("%s on %s: %d images at a time, want %d", c.model, c.kind, got, c.want)
		}
	}
}

package report_test

import (
	"image"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/viz"
	"github.com/robustvit/workbench/viz/report"
)

// anatomyFiles is an image of 2 x 2 patches, two layers and two heads.
func anatomyFiles() (map[string]any, value) {
	row := []float32{0, 1, 2, 3}
	gae := value{"name": "gae", "patches": row, "relevance": "explain/gae-0.png",
		"score": value{"pixels_right": 12, "pixels": 16, "intersection": []int{8, 4}, "union": []int{10, 8}, "average_precision_two_class": 0.75, "mass_on_object": 62.5}}
	parts := value{
		"model": value{"source": "demo:vit"}, "id": "val/heart/1", "truth": "heart", "picture": "explain/picture.png", "mask": "explain/mask.png", "grid": 2,
		"top": []value{{"name": "heart", "confidence": 0.75}, {"name": "star", "confidence": 0.125}},
		"classes": []value{{"class": value{"name": "heart", "confidence": 0.75}, "layers": [][]float32{{0, 0, 0, 1}, row},
			"heads": [][][]float32{{row, row}, {row, row}}, "explainers": []value{gae}}},
	}
	return map[string]any{"anatomy.json": parts, "explain/picture.png": image.NewRGBA(image.Rect(0, 0, 16, 16)),
		"explain/mask.png": image.NewGray(image.Rect(0, 0, 16, 16)), "explain/gae-0.png": image.NewGray16(image.Rect(0, 0, 16, 16))}, parts
}

func TestAnatomy(t *testing.T) {
	dir := t.TempDir()
	files, _ := anatomyFiles()
	put(t, dir, files)
	a, err := report.ReadAnatomy(dir)
	if err != nil {
		t.Fatal(err)
	}
	input, err := a.Input()
	if err != nil {
		t.Fatal(err)
	}
	five, err := a.Explainers(viz.Viridis)
	if err != nil {
		t.Fatal(err)
	}
	colours, err := a.ColorMaps()
	if err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		fragment viz.Fragment
		want     []string
	}{
		{input, []string{"val/heart/1", "border of its mask", "75 %"}},
		{viz.Row(a.Layers(viz.Jet)), []string{"layer 2", "for heart", ">0<", ">3<", "jet colour scale"}},
		{a.Heads(viz.Inferno), []string{"head 2", "layer 2, up to 3"}},
		{five, []string{"GAE (Eq. 6, 7)", "62 %", "for heart (75.0 %)"}},
		{a.Classes(viz.Viridis, viz.ItemScale), []string{"raw values 0 to 3", "75.0 %"}},
		{colours, []string{"viridis", "as in the paper"}},
		// 12 of 16; (8/10 + 4/8) / 2
		{a.Table([3]float64{76.3, 58.3, 85.3}), []string{"75.0", "65.0", "62.5", "76.3", "85.3"}},
	} {
		html, err := viz.HTML(test.fragment)
		if err != nil {
			t.Errorf("%T: %v", test.fragment, err)
		}
		for _, want := range test.want {
			if !strings.Contains(html, want) {
				t.Errorf("%T lacks %q", test.fragment, want)
			}
		}
	}
}

func TestAnatomyFaults(t *testing.T) {
	for want, change := range map[string]func(files map[string]any, parts value){
		"appears when":    func(f map[string]any, _ value) { delete(f, "anatomy.json") },
		"picture.png":     func(f map[string]any, _ value) { delete(f, "explain/picture.png") },
		"no class":        func(_ map[string]any, p value) { p["classes"] = []value{} },
		"3 x 3 patches":   func(_ map[string]any, p value) { p["grid"] = 3 },
		"inside the fold": func(_ map[string]any, p value) { p["picture"] = "../x.png" },
	} {
		dir := t.TempDir()
		files, parts := anatomyFiles()
		change(files, parts)
		put(t, dir, files)
		if _, err := report.ReadAnatomy(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
	dir := t.TempDir()
	files, parts := anatomyFiles()
	for _, class := range parts["classes"].([]value) {
		for _, e := range class["explainers"].([]value) {
			delete(e, "score")
		}
	}
	put(t, dir, files)
	a, err := report.ReadAnatomy(dir)
	if err != nil {
		t.Fatal(err)
	}
	if prose, ok := a.Table([3]float64{}).(viz.Prose); !ok || !slices.ContainsFunc(prose, func(s string) bool { return strings.Contains(s, "no mask") }) {
		t.Error("without a mask there are figures")
	}
}

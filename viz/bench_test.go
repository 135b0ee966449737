package viz_test

import (
	"testing"

	"github.com/robustvit/workbench/viz"
)

func BenchmarkHeatmap(b *testing.B) {
	p, mask := scene(1, 224)
	m := viz.Map{Width: 14, Height: 14, Pix: spread(1, viz.Map{Width: 14, Height: 14, Pix: make([]float32, 196)}, 0).Pix}
	for b.Loop() {
		if _, err := viz.Heatmap(p, m, viz.HeatmapOptions{Side: 224, Outline: &mask}); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkGallery(b *testing.B) {
	g := viz.Gallery{Items: repeated(24)}
	for b.Loop() {
		if _, err := viz.HTML(g); err != nil {
			b.Fatal(err)
		}
	}
}

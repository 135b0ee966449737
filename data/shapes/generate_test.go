package shapes

import (
	"slices"
	"testing"
)

func BenchmarkGenerate(b *testing.B) {
	for _, set := range Sets() {
		b.Run(set.Name, func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				Generate(set.Config, 1, i)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "images/s")
		})
	}
}

func TestGenerateTwice(t *testing.T) {
	for _, set := range Sets() {
		a, ma, _, _ := Generate(set.Config, 5, 9)
		b, mb, _, _ := Generate(set.Config, 5, 9)
		if !slices.Equal(a.Pix, b.Pix) || !slices.Equal(ma.Pix, mb.Pix) {
			t.Errorf("%s: two drawings of one image differ", set.Name)
		}
	}
}

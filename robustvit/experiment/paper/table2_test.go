package paper

import (
	"math"
	"testing"
)

// printedChanges are the differences that Table 2 prints in brackets behind R@1
// and R@5 of SI-location, SI-rotation and SI-size.
var printedChanges = []line{
	{model: ViTB, method: GradMask, values: []float64{1.3, 1.7, 1.6, 2.0, 1.4, 1.3}},
	{model: ViTB, method: RRR, values: []float64{2.3, 2.8, 2.8, 3.5, 2.4, 2.2}},
	{model: ViTB, method: Ours, values: []float64{5.3, 5.6, 7.1, 8.7, 5.4, 5.2}},
	{model: ViTB, method: OursTokenCut, values: []float64{5.1, 4.8, 5.7, 6.9, 4.6, 4.4}},
	{model: ViTL, method: Ours, values: []float64{4.7, 5.9, 4.6, 6.1, 3.8, 4.7}},
	{model: ViTL, method: OursTokenCut, values: []float64{5.1, 6.0, 4.6, 6.5, 4.3, 4.9}},
	{model: ARS, method: GradMask, values: []float64{1.9, 2.2, 2.7, 3.4, 2.6, 2.6}},
	{model: ARS, method: RRR, values: []float64{0.5, 0.6, 0.8, 1.0, 0.6, 0.6}},
	{model: ARS, method: Ours, values: []float64{4.4, 4.9, 7.0, 8.2, 5.9, 5.5}},
	{model: ARS, method: OursTokenCut, values: []float64{3.9, 3.9, 6.0, 7.1, 5.3, 4.7}},
	{model: ARB, method: GradMask, values: []float64{1.0, 1.0, 1.2, 1.2, 0.8, 0.9}},
	{model: ARB, method: RRR, values: []float64{1.9, 1.9, 2.3, 2.4, 1.5, 1.6}},
	{model: ARB, method: Ours, values: []float64{2.7, 2.0, 5.9, 6.3, 3.5, 3.5}},
	{model: ARB, method: OursTokenCut, values: []float64{3.8, 3.2, 6.5, 6.4, 3.9, 4.2}},
	{model: ARL, method: Ours, values: []float64{4.5, 4.3, 4.6, 4.7, 4.1, 3.8}},
	{model: ARL, method: OursTokenCut, values: []float64{3.6, 3.2, 5.6, 5.6, 4.2, 3.4}},
	{model: DeiTS, method: GradMask, values: []float64{1.3, 0.3, 2.2, 2.4, 2.5, 2.0}},
	{model: DeiTS, method: RRR, values: []float64{1.3, 0.6, 1.8, 2.0, 2.3, 1.8}},
	{model: DeiTS, method: Ours, values: []float64{1.6, 1.1, 3.9, 5.1, 4.2, 4.3}},
	{model: DeiTS, method: OursTokenCut, values: []float64{1.8, 1.0, 4.3, 5.3, 4.4, 4.1}},
	{model: DeiTB, method: GradMask, values: []float64{-0.4, 0.3, -0.2, 2.0, 0.6, 2.4}},
	{model: DeiTB, method: RRR, values: []float64{-0.1, 0.6, 1.1, 2.2, 0.7, 2.4}},
	{model: DeiTB, method: Ours, values: []float64{2.1, 2.4, 3.6, 5.2, 3.4, 4.8}},
	{model: DeiTB, method: OursTokenCut, values: []float64{3.3, 3.5, 4.9, 6.4, 4.7, 5.6}},
}

func TestDifferencesOfTable2(t *testing.T) {
	for _, l := range printedChanges {
		for i, want := range l.values {
			set, k := Sets()[6+i/2], []int{1, 5}[i%2]
			after, ok := Accuracy(Main, l.model, l.method, set, k)
			before, known := Accuracy(Main, l.model, Original, set, k)
			if got := after - before; !ok || !known || math.Abs(got-want) > 1e-9 {
				t.Errorf("%s %s %s R@%d: %.1f - %.1f, printed %+.1f", l.model, l.method, set, k, after, before, want)
			}
		}
	}
	if len(printedChanges) != 24 {
		t.Errorf("%d rows with differences, expected 24", len(printedChanges))
	}
}

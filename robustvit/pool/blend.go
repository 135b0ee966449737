package pool

import (
	"fmt"

	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/weights"
)

// blend interpolates weights: before + alpha (after - before).
func blend(before, after *pretrained.Model, alpha float64) (*pretrained.Model, error) {
	file := &weights.File{Metadata: after.File.Metadata}
	for i := range after.File.Tensors {
		to := &after.File.Tensors[i]
		from, ok := before.File.Get(to.Name)
		if !ok {
			return nil, fmt.Errorf("interpolate %s and %s: the first has no tensor %q", before.Source, after.Source, to.Name)
		}
		a, err := from.Float32s()
		if err != nil {
			return nil, err
		}
		b, err := to.Float32s()
		if err != nil {
			return nil, err
		}
		if len(a) != len(b) {
			return nil, fmt.Errorf("interpolate %s and %s: tensor %q holds %d and %d values", before.Source, after.Source, to.Name, len(a), len(b))
		}
		mixed := make([]float32, len(a))
		for k := range a {
			mixed[k] = float32(float64(a[k]) + alpha*(float64(b[k])-float64(a[k])))
		}
		file.Tensors = append(file.Tensors, weights.Float32Tensor(to.Name, to.Shape, mixed))
	}
	return pretrained.New(file, fmt.Sprintf("%s, %g of the way", after.Source, alpha))
}

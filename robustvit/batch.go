package robustvit

import "fmt"

// Batch is what one step of a trainer or one call of a predictor reads: flat
// float32 arrays, prepared on the host. A batch that is not full is padded; the
// padding's share is 0.
type Batch struct {
	Images  []float32 // B x 3 x h x w, normalised
	Masks   []float32 // B x 1 x h x w, 1 = foreground
	Labels  []int32   // B class indices
	Targets []float32 // B x K target distribution; pretraining reads it instead of labels and masks
	N       int       // images that count; the rest is padding
}

// share is each image's part of the mean loss: 1/N, and 0 for the padding.
func (b *Batch) share(size int) []float32 {
	share := make([]float32, size)
	for i := range b.N {
		share[i] = 1 / float32(b.N)
	}
	return share
}

// check compares the lengths of the arrays with what the model reads.
func (b *Batch) check(v Variant, size int, pretraining bool) error {
	pixels := v.ImageSize * v.ImageSize
	want := []struct {
		name      string
		got, want int
	}{{"images", len(b.Images), size * 3 * pixels}}
	if pretraining {
		want = append(want, struct {
			name      string
			got, want int
		}{"targets", len(b.Targets), size * v.Outputs()})
	} else {
		want = append(want, struct {
			name      string
			got, want int
		}{"masks", len(b.Masks), size * pixels}, struct {
			name      string
			got, want int
		}{"labels", len(b.Labels), size})
	}
	for _, array := range want {
		if array.got != array.want {
			return fmt.Errorf("batch: %s hold %d values, expected %d for %d images of %d pixels", array.name, array.got, array.want, size, v.ImageSize)
		}
	}
	if b.N < 1 || b.N > size {
		return fmt.Errorf("batch: %d images count, expected 1 to %d", b.N, size)
	}
	return nil
}

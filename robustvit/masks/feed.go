package masks

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/weights"
)

// input is an image ready for the model.
type input struct {
	listed
	image  *data.Image
	pixels []float32 // resized to the grid and normalised, 3 x h x w
	err    error
}

// prepare loads the images of the chunks in order, two ahead of the device.
func (w *worker) prepare(ctx context.Context, chunks [][]listed) <-chan input {
	inputs := make(chan input, 2)
	go func() {
		defer close(inputs)
		for _, chunk := range chunks {
			for _, l := range chunk {
				in := input{listed: l}
				in.err = backend.Guard(0, func() error { return w.load(&in) })
				select {
				case inputs <- in:
				case <-ctx.Done():
					return
				}
			}
		}
	}()
	return inputs
}

func (w *worker) load(in *input) error {
	sample, err := w.Images.Load(in.index)
	if err != nil {
		return err
	}
	v := w.Model.Variant
	seen, err := data.Resize(sample.Image, in.columns*v.Patch, in.rows*v.Patch, data.Bicubic)
	if err != nil {
		return fmt.Errorf("image %s: %w", in.ID, err)
	}
	in.image, in.pixels = sample.Image, make([]float32, 3*seen.Width*seen.Height)
	data.Normalize(in.pixels, seen, v.Mean, v.Std)
	return nil
}

// read runs the model on one image.
func (w *worker) read(in input) (f robustvit.PatchFeatures, err error) {
	if in.err != nil {
		return f, in.err
	}
	v := w.Model.Variant
	if w.columns != in.columns || w.rows != in.rows {
		w.columns, w.rows = in.columns, in.rows
		w.positions = weights.ResamplePositions(w.trained, v.PrefixTokens, v.Grid(), in.rows, in.columns, v.Width)
	}
	if f, err = w.reader.Read(in.pixels, w.positions, in.rows, in.columns); err != nil {
		return f, fmt.Errorf("image %s: %w", in.ID, err)
	}
	return f, nil
}

package robustvit

import (
	"fmt"

	"github.com/gomlx/compute"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// PatchReader reads what the last block makes of the patches of an image of any
// grid, without labels or classes. A graph is compiled for each grid: images
// should come sorted by grid, and only the grids used last are kept.
type PatchReader struct {
	backend compute.Backend
	variant Variant
	store   *model.Store
	kept    []compiledGrid // the one used last at the end
	most    int
}

type compiledGrid struct {
	rows, columns int
	exec          *model.Exec
}

// PatchFeatures are those of one image.
type PatchFeatures struct {
	Keys      []float32 // P x C: the keys of all heads, side by side
	Attention []float32 // H x P: the CLS token's attention
}

// NewPatchReader shares the weights of the store. Of the compiled graphs it
// keeps at most so many, at least one.
func NewPatchReader(backend compute.Backend, v Variant, store *model.Store, most int) *PatchReader {
	return &PatchReader{backend: backend, variant: v, store: store, most: max(most, 1)}
}

// Read runs one normalised image, 3 x h x w values of h = rows*patch and
// w = columns*patch pixels. Positions are the (prefix + rows*columns) x C
// embeddings for that grid.
func (r *PatchReader) Read(image, positions []float32, rows, columns int) (PatchFeatures, error) {
	v := r.variant
	if rows < 1 || columns < 1 || len(image) != 3*rows*columns*v.Patch*v.Patch || len(positions) != (v.PrefixTokens+rows*columns)*v.Width {
		return PatchFeatures{}, fmt.Errorf("patches of %s: %d values of an image and %d of positions do not fit a grid of %d x %d patches", v.Name, len(image), len(positions), columns, rows)
	}
	exec, err := r.compiled(rows, columns)
	if err != nil {
		return PatchFeatures{}, err
	}
	outputs, err := exec.Call(
		tensors.FromFlatDataAndDimensions(image, 1, 3, rows*v.Patch, columns*v.Patch),
		tensors.FromFlatDataAndDimensions(positions, 1, v.PrefixTokens+rows*columns, v.Width))
	if err != nil {
		return PatchFeatures{}, fmt.Errorf("patches of %s on a grid of %d x %d: %w", v.Name, columns, rows, err)
	}
	var f PatchFeatures
	if f.Keys, err = firstRows(outputs[0], rows*columns*v.Width); err != nil {
		return f, err
	}
	f.Attention, err = firstRows(outputs[1], v.Heads*rows*columns)
	return f, err
}

// Close frees the compiled graphs; the store's weights stay.
func (r *PatchReader) Close() {
	for _, g := range r.kept {
		g.exec.Finalize()
	}
	r.kept = nil
}

// compiled is the executor of a grid; the one unused for longest makes room.
func (r *PatchReader) compiled(rows, columns int) (*model.Exec, error) {
	for i, g := range r.kept {
		if g.rows == rows && g.columns == columns {
			r.kept = append(append(r.kept[:i:i], r.kept[i+1:]...), g)
			return g.exec, nil
		}
	}
	exec, err := model.NewExec(r.backend, r.store, func(scope *model.Scope, inputs []*Node) []*Node {
		return lastPatches(r.variant, StoreWeights(scope.Store(), inputs[0].Graph()), inputs[0], inputs[1])
	})
	if err != nil {
		return nil, fmt.Errorf("patches on a grid of %d x %d: %w", columns, rows, err)
	}
	if len(r.kept) == r.most {
		r.kept[0].exec.Finalize()
		r.kept = r.kept[1:]
	}
	r.kept = append(r.kept, compiledGrid{rows, columns, exec})
	return exec, nil
}

// lastPatches are the keys [P, C] of the last block and the CLS token's
// attention [H, P] to the patches, for one image [1, 3, h, w].
func lastPatches(v Variant, w Weights, image, positions *Node) []*Node {
	trace := ForwardAt(v, w, image, positions)
	keys := Squeeze(Slice(trace.Keys[v.Depth-1], AxisElem(0), AxisRangeToEnd(v.PrefixTokens)), 0)
	attention := Slice(trace.Attentions[v.Depth-1], AxisElem(0), AxisRange(), AxisElem(0), AxisRangeToEnd(v.PrefixTokens))
	return []*Node{keys, Squeeze(attention, 0, 2)}
}

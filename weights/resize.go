package weights

import (
	"fmt"
	"slices"
	"strconv"
)

// Resize returns f for images of another side in pixels: the position
// embeddings are interpolated (ResamplePositions, then F32), every other tensor
// is shared with f, which stays as it is. f has timm's names; the side must be
// a multiple of the patch.
func Resize(f *File, side int) (*File, error) {
	g, err := Describe(f)
	if err != nil {
		return nil, err
	}
	if side < g.Patch || side%g.Patch != 0 || side > MaxImageSize {
		return nil, fmt.Errorf("weights: found image size %d, expected a multiple of the patch %d up to %d; choose %d or %d",
			side, g.Patch, MaxImageSize, max(g.Patch, side/g.Patch*g.Patch), (max(0, side)/g.Patch+1)*g.Patch)
	}
	out := f.With(MetadataImage, strconv.Itoa(side))
	out.Tensors = slices.Clone(f.Tensors)
	if side == g.ImageSize {
		return out, nil
	}
	position, _ := out.Get("pos_embed") // Describe found it
	values, err := position.Float32s()
	if err != nil {
		return nil, fmt.Errorf("weights: %w", err)
	}
	grid := side / g.Patch
	values = ResamplePositions(values, g.Prefix, g.ImageSize/g.Patch, grid, grid, g.Width)
	if values == nil {
		return nil, fmt.Errorf("weights: tensor %q: found shape %v, expected [1, %d, %d]", "pos_embed", position.Shape, g.Tokens, g.Width)
	}
	*position = Float32Tensor("pos_embed", []int{1, g.Prefix + grid*grid, g.Width}, values)
	return out, nil
}

// MaxImageSize bounds the side of a model's input in pixels: the tokens, and
// with them the memory of its attention, grow with the square.
const MaxImageSize = 4096

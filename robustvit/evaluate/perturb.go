package evaluate

import (
	"cmp"
	"encoding/binary"
	"hash/fnv"
	"math"
	"math/rand/v2"
	"slices"

	"github.com/robustvit/workbench/robustvit"
)

// rankUnits cuts an image of size x size pixels into squares of side pixels and
// orders them by the mean relevance of each, highest first; equal ones by index.
func rankUnits(relevance []float32, size, side int) []int {
	grid := size / side
	sums := make([]float64, grid*grid)
	for y := range grid * side {
		for x := range grid * side {
			sums[y/side*grid+x/side] += float64(relevance[y*size+x])
		}
	}
	order := make([]int, len(sums))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(sums[b], sums[a]) })
	return order
}

// copyUnit copies one square of all three channels; image and from are 3 x size x size.
func copyUnit(image, from []float32, unit, size, side int) {
	grid := size / side
	top, left := unit/grid*side, unit%grid*side
	for c := range 3 {
		for y := top; y < top+side; y++ {
			at := (c*size+y)*size + left
			copy(image[at:at+side], from[at:at+side])
		}
	}
}

// blurred is the image 3 x size x size under a Gaussian of sigma pixels; pixels
// beyond the edge are left out of the weights.
func blurred(image []float32, size int, sigma float64) []float32 {
	radius := int(math.Ceil(3 * sigma))
	kernel := make([]float64, radius+1)
	for d := range kernel {
		kernel[d] = math.Exp(-float64(d*d) / (2 * sigma * sigma))
	}
	along := func(from []float32, stride, at, place int) float32 {
		sum, weights := 0.0, 0.0
		for d := max(-radius, -place); d <= min(radius, size-1-place); d++ {
			w := kernel[max(d, -d)]
			sum += w * float64(from[at+d*stride])
			weights += w
		}
		return float32(sum / weights)
	}
	rows, result := make([]float32, len(image)), make([]float32, len(image))
	for i := range image {
		rows[i] = along(image, 1, i, i%size)
	}
	for i := range image {
		result[i] = along(rows, size, i, i/size%size)
	}
	return result
}

// RandomOrder is the control of the faithfulness test: maps of independent
// uniform noise. An image's map depends on the seed and its pixels alone, not on
// the batch it comes in.
func RandomOrder(v robustvit.Variant, seed uint64) ExplainFunc {
	pixels := v.ImageSize * v.ImageSize
	return func(images []float32, _ []int32, n int) (robustvit.Explanation, error) {
		maps := make([]float32, n*pixels)
		for i := range n {
			hash := fnv.New64a()
			binary.Write(hash, binary.LittleEndian, images[i*3*pixels:(i+1)*3*pixels]) // a hash takes everything
			rng := rand.New(rand.NewPCG(seed, hash.Sum64()))
			for j := range pixels {
				maps[i*pixels+j] = rng.Float32()
			}
		}
		return robustvit.Explanation{Maps: maps}, nil
	}
}

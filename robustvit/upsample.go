package robustvit

import (
	. "github.com/gomlx/gomlx/core/graph"
)

// Map brings patch relevance [B, P] to a relevance map in [0, 1] at image size
// [B, h, w]: bilinear upsampling (half-pixel centres) and min-max scaling.
func Map(v Variant, relevance *Node) *Node {
	batch, grid := relevance.Shape().Dimensions[0], v.Grid()
	low := Reshape(relevance, batch, grid, grid)
	return MinMax(Upsample(low, v.ImageSize))
}

// Upsample resizes [B, n, n] bilinearly to [B, size, size] as two products with
// a constant matrix, which can be differentiated any number of times.
func Upsample(low *Node, size int) *Node {
	grid := low.Shape().Dimensions[1]
	weights := ConvertDType(Const(low.Graph(), bilinearMatrix(grid, size)), low.DType()) // [size, n]
	rows := Einsum("yi,bij->byj", weights, low)
	return Einsum("byj,xj->byx", rows, weights)
}

// MinMax scales each map of [B, h, w] to [0, 1]. A constant map becomes zeros:
// the released code divides by zero there.
func MinMax(maps *Node) *Node {
	low := extreme(maps, ReduceMin)
	span := Sub(extreme(maps, ReduceMax), low)
	span = Where(GreaterThan(span, ZerosLike(span)), span, OnesLike(span))
	return Div(Sub(maps, low), span)
}

// extreme is the least or largest value of each map [B, 1, 1]. Its gradient is
// shared evenly among equal pixels, as PyTorch shares it: clamped upsampling
// repeats a corner patch's value, so ties are the rule, and ReduceMax alone
// would count each of them in full.
func extreme(maps *Node, reduce func(*Node, ...int) *Node) *Node {
	value := StopGradient(ReduceAndKeep(maps, reduce, 1, 2))
	equal := StopGradient(ConvertDType(Equal(maps, BroadcastToDims(value, maps.Shape().Dimensions...)), maps.DType()))
	share := Div(ReduceAndKeep(Mul(maps, equal), ReduceSum, 1, 2), ReduceAndKeep(equal, ReduceSum, 1, 2))
	return Add(value, Sub(share, StopGradient(share))) // the exact value, with the shared gradient
}

// bilinearMatrix holds, for each of size output positions, the weights of the n
// inputs (half-pixel centres, edges clamped: PyTorch's align_corners=False).
func bilinearMatrix(n, size int) [][]float64 {
	matrix := make([][]float64, size)
	scale := float64(n) / float64(size)
	for y := range matrix {
		matrix[y] = make([]float64, n)
		at := max((float64(y)+0.5)*scale-0.5, 0)
		below := min(int(at), n-1)
		above := min(below+1, n-1)
		fraction := at - float64(below)
		matrix[y][below] += 1 - fraction
		matrix[y][above] += fraction
	}
	return matrix
}

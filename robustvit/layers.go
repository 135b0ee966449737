package robustvit

import (
	"math"

	. "github.com/gomlx/gomlx/core/graph"
)

// layerNormEpsilon is timm's; PyTorch's own default is 1e-5.
const layerNormEpsilon = 1e-6

// dense applies y = x W^T + b to rows: x [R, in], weight [out, in], bias [out] -> [R, out].
// Rows are flat because a product of two matrices is what every backend does best.
func dense(x *Node, w Weights, name string) *Node {
	y := DotGeneral(x, []int{1}, nil, w(name+".weight"), []int{1}, nil)
	return Add(y, InsertAxes(w(name+".bias"), 0))
}

// layerNorm normalises the last axis. It divides by Sqrt: Rsqrt cannot be
// differentiated twice.
func layerNorm(x *Node, w Weights, name string) *Node {
	x = IdentityWithCustomGradient(x, func(_, v *Node) *Node { return v })
	centred := Sub(x, ReduceAndKeep(x, ReduceMean, -1))
	variance := ReduceAndKeep(Square(centred), ReduceMean, -1)
	normal := Mul(centred, Reciprocal(Sqrt(AddScalar(variance, layerNormEpsilon))))
	scale, shift := w(name+".weight"), w(name+".bias")
	for scale.Rank() < x.Rank() {
		scale, shift = InsertAxes(scale, 0), InsertAxes(shift, 0)
	}
	return Add(Mul(normal, scale), shift)
}

// gelu is the exact form x/2 (1 + erf(x/sqrt 2)) of the paper's models.
func gelu(x *Node) *Node {
	return Mul(MulScalar(x, 0.5), AddScalar(Erf(MulScalar(x, 1/math.Sqrt2)), 1))
}

// softmax over the last axis, spelled out: a fused form may hide the map or
// lack a second gradient.
func softmax(x *Node) *Node {
	exp := Exp(Sub(x, StopGradient(ReduceAndKeep(x, ReduceMax, -1))))
	return Mul(exp, Reciprocal(ReduceAndKeep(exp, ReduceSum, -1)))
}

package robustvit

import (
	"math"

	. "github.com/gomlx/gomlx/core/graph"
)

// layerNormEpsilon is timm's; PyTorch's own default is 1e-5.
const layerNormEpsilon = 1e-6

// dense applies y = x W^T + b to rows: x [R, in], weight [out, in], bias [out] -> [R, out].
// Rows are flat because a product of two matrices is what every backend does best.
// The product has the weight's type, the result that of x ([Precision]).
func dense(x *Node, w Weights, name string) *Node {
	weight := w(name + ".weight")
	y := DotGeneral(ConvertDType(x, weight.DType()), []int{1}, nil, weight, []int{1}, nil)
	return Add(ConvertDType(y, x.DType()), InsertAxes(w(name+".bias"), 0))
}

// layerNorm normalises the last axis of rows [R, C].
func layerNorm(x *Node, w Weights, name string) *Node {
	normal, _ := standardise(x)
	return Add(Mul(normal, InsertAxes(w(name+".weight"), 0)), InsertAxes(w(name+".bias"), 0))
}

// standardise brings each row of [R, C] to mean 0 and variance 1, and returns
// the reciprocal of its deviation [R, 1] too. It divides by Sqrt: Rsqrt cannot
// be differentiated twice.
func standardise(x *Node) (normal, scale *Node) {
	centred := Sub(x, ReduceAndKeep(x, ReduceMean, -1))
	variance := ReduceAndKeep(Square(centred), ReduceMean, -1)
	scale = Reciprocal(Sqrt(AddScalar(variance, layerNormEpsilon)))
	normal = withGradient(x, func() *Node { return Mul(centred, scale) }, func(x, v *Node) *Node {
		normal, scale := standardise(x)
		along := ReduceAndKeep(Mul(v, normal), ReduceMean, -1)
		return Mul(Sub(Sub(v, ReduceAndKeep(v, ReduceMean, -1)), Mul(normal, along)), scale)
	})
	return normal, scale
}

// gelu is the exact form x/2 (1 + erf(x/sqrt 2)) of the paper's models.
func gelu(x *Node) *Node {
	below := MulScalar(AddScalar(Erf(MulScalar(x, 1/math.Sqrt2)), 1), 0.5) // the normal distribution up to x
	return withGradient(x, func() *Node { return Mul(x, below) }, func(x, v *Node) *Node {
		below := MulScalar(AddScalar(Erf(MulScalar(x, 1/math.Sqrt2)), 1), 0.5)
		density := MulScalar(Exp(MulScalar(Square(x), -0.5)), 1/math.Sqrt(2*math.Pi))
		return Mul(v, Add(below, Mul(x, density)))
	})
}

// softmax over the last axis, spelled out: a fused form may hide the map or
// lack a second gradient.
func softmax(x *Node) *Node {
	exp := Exp(Sub(x, StopGradient(ReduceAndKeep(x, ReduceMax, -1))))
	value := func() *Node { return Mul(exp, Reciprocal(ReduceAndKeep(exp, ReduceSum, -1))) }
	return withGradient(x, value, func(x, v *Node) *Node {
		y := softmax(x)
		return Mul(y, Sub(v, ReduceAndKeep(Mul(v, y), ReduceSum, -1)))
	})
}

// withGradient is value(), a function of x in its shape, with a gradient of its
// own: vjp turns the adjoint v of the value into that of x, and can be
// differentiated in turn. The derived gradients of these layers are right too,
// but make the device read and write whole activations several times more.
func withGradient(x *Node, value func() *Node, vjp func(x, v *Node) *Node) *Node {
	identity := func() *Node {
		return IdentityWithCustomGradient(x, func(node, v *Node) *Node {
			return vjp(node.Inputs()[0], v) // not the node: its own gradient is not x's
		})
	}
	y, own := InternalFusedOpCaller(value, identity, true)
	if !own { // GOMLX_FUSION=0 gives back the identity
		return value()
	}
	return y
}

package robustvit

import (
	"strings"

	"github.com/gomlx/compute/dtypes"
	. "github.com/gomlx/gomlx/core/graph"
)

// Precision is that of the matrix products of the blocks, nearly all of the work.
// Everything else is float32 under each: the weights that are trained (masters)
// and their moments, the residual stream, LayerNorm, softmax, GELU, the
// relevance, the losses and the head.
type Precision int

const (
	// Float32 products are the paper's.
	Float32 Precision = iota
	// BFloat16 products round both factors to 8 bits of mantissa and add up in
	// float32: for GPUs, which compute them several times faster.
	BFloat16
)

// round brings a factor of a product to the precision.
func (p Precision) round(x *Node) *Node {
	if p == BFloat16 {
		return ConvertDType(x, dtypes.BFloat16)
	}
	return x
}

// product is Einsum at the precision; its result has the type of a.
func (p Precision) product(equation string, a, b *Node) *Node {
	return ConvertDType(Einsum(equation, p.round(a), p.round(b)), a.DType())
}

// weights rounds the kernels of the blocks, so that [dense] multiplies at the
// precision.
func (p Precision) weights(w Weights) Weights {
	if p == Float32 {
		return w
	}
	return func(name string) *Node {
		if strings.HasPrefix(name, "blocks.") && isMatrix(name) {
			return p.round(w(name))
		}
		return w(name)
	}
}

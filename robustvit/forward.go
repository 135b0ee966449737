package robustvit

import (
	"fmt"
	"math"

	. "github.com/gomlx/gomlx/core/graph"
)

// Trace is everything a forward pass computes. The compiler drops what nobody
// uses, so asking costs nothing and nothing is hidden.
type Trace struct {
	Images     *Node   // [B, 3, h, w] what the pass read, normalised
	Embeddings *Node   // [B, N, C] patches and prefix tokens with positions
	Keys       []*Node // a layer: [B, N, C] the keys of all heads, side by side
	Attentions []*Node // a layer: [B, H, N, N], rows sum to 1
	Blocks     []*Node // a layer: [B, N, C] the residual stream after the block
	Tokens     *Node   // [B, N, C] after the last LayerNorm
	Logits     *Node   // [B, K]
}

// Forward runs the Vision Transformer on normalised images [B, 3, h, w] of the
// size that it was trained at.
func Forward(v Variant, w Weights, images *Node) *Trace {
	return network{variant: v, weights: w}.forward(images)
}

// ForwardAt runs it on images [B, 3, h, w] whose sides are any multiples of the
// patch. Positions [1, N, C] are the embeddings of the prefix tokens and of the
// h/patch x w/patch grid, row by row; N is that of the grid.
func ForwardAt(v Variant, w Weights, images, positions *Node) *Trace {
	return network{variant: v, weights: w}.forwardAt(images, positions)
}

// ForwardPrefix is Forward without what the logits do not read: in the last
// block only the prefix tokens ask, so the last of Attentions is [B, H, Q, N],
// and the last of Blocks and Tokens are [B, Q, C], with Q the prefix tokens.
// Logits, relevance and every gradient of theirs are those of Forward: the
// attention rows that are left out have no gradient.
func ForwardPrefix(v Variant, w Weights, images *Node) *Trace {
	return network{variant: v, weights: w, prefixOnly: true}.forward(images)
}

// network is a Vision Transformer as a graph.
type network struct {
	variant    Variant
	weights    Weights
	prefixOnly bool // the last block computes the prefix tokens alone
	precision  Precision
	// rematerialise keeps of each block its input and its attention map; a
	// gradient computes the rest again.
	rematerialise bool
}

func (n network) forward(images *Node) *Trace {
	images.AssertDims(-1, 3, n.variant.ImageSize, n.variant.ImageSize)
	return n.forwardAt(images, n.weights("pos_embed"))
}

func (n network) forwardAt(images, positions *Node) *Trace {
	n.weights = n.precision.weights(n.weights)
	v, w := n.variant, n.weights
	trace := &Trace{Images: images, Embeddings: embed(v, w, images, positions)}
	batch, tokens := images.Shape().Dimensions[0], positions.Shape().Dimensions[1]
	// Rows stay flat from here on: a reshape between two blocks makes XLA:CPU
	// add up the gradients of all blocks above once more in every block.
	x := Reshape(trace.Embeddings, batch*tokens, v.Width)
	for i := range v.Depth {
		name := fmt.Sprintf("blocks.%d.", i)
		if n.rematerialise {
			x = x.Checkpoint()
		}
		asking := tokens
		if n.prefixOnly && i == v.Depth-1 {
			asking = v.PrefixTokens
		}
		mixed, keys, attention := n.attend(name, x, batch, asking)
		x = Add(firstTokens(x, batch, asking), mixed)
		x = Add(x, mlp(w, name, x))
		trace.Keys = append(trace.Keys, keys)
		trace.Attentions = append(trace.Attentions, attention)
		trace.Blocks = append(trace.Blocks, Reshape(x, batch, asking, v.Width))
	}
	if n.rematerialise {
		x = x.StopCheckpoint()
	}
	trace.Tokens = Reshape(layerNorm(x, w, "norm"), batch, -1, v.Width)
	trace.Logits = classify(v, w, trace.Tokens)
	return trace
}

// embed cuts images [B, 3, h, w] into patches, projects them and adds prefix
// tokens and positions: [B, N, C].
func embed(v Variant, w Weights, images, positions *Node) *Node {
	batch, p := images.Shape().Dimensions[0], v.Patch
	rows, columns := images.Shape().Dimensions[2]/p, images.Shape().Dimensions[3]/p
	images.AssertDims(batch, 3, rows*p, columns*p)
	positions.AssertDims(1, v.PrefixTokens+rows*columns, v.Width)
	patches := Reshape(images, batch, 3, rows, p, columns, p)
	patches = TransposeAllAxes(patches, 0, 2, 4, 1, 3, 5) // [B, rows, columns, 3, p, p]
	patches = Reshape(patches, batch*rows*columns, 3*p*p)
	kernel := Reshape(w("patch_embed.proj.weight"), v.Width, 3*p*p)
	tokens := DotGeneral(patches, []int{1}, nil, kernel, []int{1}, nil)
	tokens = Add(tokens, InsertAxes(w("patch_embed.proj.bias"), 0))
	tokens = Reshape(tokens, batch, rows*columns, v.Width)

	parts := []*Node{BroadcastToDims(w("cls_token"), batch, 1, v.Width)}
	if v.PrefixTokens == 2 {
		parts = append(parts, BroadcastToDims(w("dist_token"), batch, 1, v.Width))
	}
	return Add(Concatenate(append(parts, tokens), 1), positions)
}

// attend is multi-head self-attention on the rows x [B*N, C] of the residual
// stream, where the first Q tokens of each image ask: the mixed values [B*Q, C],
// the keys [B, N, C] and the attention map [B, H, Q, N], which rematerialisation
// keeps: the relevance reads it.
func (n network) attend(block string, x *Node, batch, asking int) (mixed, keys, attention *Node) {
	v, w := n.variant, n.weights
	tokens, headDim := x.Shape().Dimensions[0]/batch, v.Width/v.Heads
	q, k, values := n.project(block, layerNorm(x, w, block+"norm1"), batch, asking)
	q = MulScalar(q, 1/math.Sqrt(float64(headDim)))
	attention = softmax(n.precision.product("bnhd,bmhd->bhnm", q, k)) // [B, H, Q, N]
	if n.rematerialise {
		attention = attention.StopCheckpoint()
	}
	mixed = n.precision.product("bhnm,bmhd->bnhd", attention, values) // [B, Q, H, C/H]
	mixed = dense(Reshape(mixed, batch*asking, v.Width), w, block+"attn.proj")
	return mixed, Reshape(k, batch, tokens, v.Width), attention
}

// project makes queries [B, Q, H, C/H], and keys and values [B, N, H, C/H], of
// normalised rows [B*N, C]: one product where all tokens ask, else two.
func (n network) project(block string, rows *Node, batch, asking int) (q, k, values *Node) {
	v, name := n.variant, block+"attn.qkv"
	split := func(projected *Node, parts int) []*Node {
		projected = Reshape(projected, batch, -1, parts, v.Heads, v.Width/v.Heads)
		nodes := make([]*Node, parts)
		for i := range nodes {
			nodes[i] = Squeeze(Slice(projected, AxisRange(), AxisRange(), AxisElem(i)), 2)
		}
		return nodes
	}
	if batch*asking == rows.Shape().Dimensions[0] {
		all := split(dense(rows, n.weights, name), 3)
		return all[0], all[1], all[2]
	}
	half := func(part SliceAxisSpec) Weights { // rows of the weight and its bias
		return func(name string) *Node { return Slice(n.weights(name), part) }
	}
	q = split(dense(firstTokens(rows, batch, asking), half(AxisRange(0, v.Width)), name), 1)[0]
	others := split(dense(rows, half(AxisRangeToEnd(v.Width)), name), 2)
	return q, others[0], others[1]
}

// firstTokens are the rows of the first tokens of each image: [B*N, C] -> [B*first, C].
func firstTokens(rows *Node, batch, first int) *Node {
	if batch*first == rows.Shape().Dimensions[0] {
		return rows
	}
	width := rows.Shape().Dimensions[1]
	cut := Slice(Reshape(rows, batch, -1, width), AxisRange(), AxisRange(0, first))
	return Reshape(cut, batch*first, width)
}

// mlp is the block's feed-forward part on rows x [R, C].
func mlp(w Weights, block string, x *Node) *Node {
	hidden := gelu(dense(layerNorm(x, w, block+"norm2"), w, block+"mlp.fc1"))
	return dense(hidden, w, block+"mlp.fc2")
}

// classify reads the prefix tokens of [B, N, C] into logits [B, K]. A distilled
// DeiT averages its two heads, a headless model returns its CLS features.
func classify(v Variant, w Weights, tokens *Node) *Node {
	prefix := func(i int) *Node {
		return Squeeze(Slice(tokens, AxisRange(), AxisElem(i)), 1) // [B, C]
	}
	if v.Classes == 0 {
		return prefix(0)
	}
	logits := dense(prefix(0), w, "head")
	if v.PrefixTokens == 2 {
		logits = MulScalar(Add(logits, dense(prefix(1), w, "head_dist")), 0.5)
	}
	return logits
}

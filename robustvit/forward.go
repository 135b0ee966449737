package robustvit

import (
	"fmt"
	"math"

	. "github.com/gomlx/gomlx/core/graph"
)

// Trace is everything a forward pass computes. The compiler drops what nobody
// uses, so asking costs nothing and nothing is hidden.
type Trace struct {
	Embeddings *Node   // [B, N, C] patches and prefix tokens with positions
	Attentions []*Node // a layer: [B, H, N, N], rows sum to 1
	Blocks     []*Node // a layer: [B, N, C] the residual stream after the block
	Tokens     *Node   // [B, N, C] after the last LayerNorm
	Logits     *Node   // [B, K]
}

// Forward runs the Vision Transformer on normalised images [B, 3, h, w].
func Forward(v Variant, w Weights, images *Node) *Trace {
	return forward(v, w, images, false)
}

// forward can mark the blocks for rematerialisation: of each one its input and
// its attention map are kept, and a gradient computes the rest again.
func forward(v Variant, w Weights, images *Node, rematerialise bool) *Trace {
	images.AssertDims(-1, 3, v.ImageSize, v.ImageSize)
	trace := &Trace{Embeddings: embed(v, w, images)}
	x := trace.Embeddings
	for i := range v.Depth {
		name := fmt.Sprintf("blocks.%d.", i)
		if rematerialise {
			x = x.Checkpoint()
		}
		mixed, attention := attend(v, w, name, x, rematerialise)
		x = Add(x, mixed)
		x = Add(x, mlp(v, w, name, x))
		trace.Attentions = append(trace.Attentions, attention)
		trace.Blocks = append(trace.Blocks, x)
	}
	if rematerialise {
		x = x.StopCheckpoint()
	}
	trace.Tokens = layerNorm(x, w, "norm")
	trace.Logits = classify(v, w, trace.Tokens)
	return trace
}

// embed cuts images [B, 3, h, w] into patches, projects them and adds prefix
// tokens and positions: [B, N, C].
func embed(v Variant, w Weights, images *Node) *Node {
	batch, grid, p := images.Shape().Dimensions[0], v.Grid(), v.Patch
	patches := Reshape(images, batch, 3, grid, p, grid, p)
	patches = TransposeAllAxes(patches, 0, 2, 4, 1, 3, 5) // [B, g, g, 3, p, p]
	patches = Reshape(patches, batch*grid*grid, 3*p*p)
	kernel := Reshape(w("patch_embed.proj.weight"), v.Width, 3*p*p)
	tokens := DotGeneral(patches, []int{1}, nil, kernel, []int{1}, nil)
	tokens = Add(tokens, InsertAxes(w("patch_embed.proj.bias"), 0))
	tokens = Reshape(tokens, batch, grid*grid, v.Width)

	parts := []*Node{BroadcastToDims(w("cls_token"), batch, 1, v.Width)}
	if v.PrefixTokens == 2 {
		parts = append(parts, BroadcastToDims(w("dist_token"), batch, 1, v.Width))
	}
	return Add(Concatenate(append(parts, tokens), 1), w("pos_embed"))
}

// attend is multi-head self-attention on the residual stream x [B, N, C]:
// the mixed values [B, N, C] and the attention map [B, H, N, N], which
// rematerialisation keeps: the relevance reads it.
func attend(v Variant, w Weights, block string, x *Node, rematerialise bool) (mixed, attention *Node) {
	batch, tokens, headDim := x.Shape().Dimensions[0], v.Tokens(), v.Width/v.Heads
	normal := Reshape(layerNorm(x, w, block+"norm1"), batch*tokens, v.Width)
	qkv := Reshape(dense(normal, w, block+"attn.qkv"), batch, tokens, 3, v.Heads, headDim)
	part := func(i int) *Node {
		return Squeeze(Slice(qkv, AxisRange(), AxisRange(), AxisElem(i)), 2) // [B, N, H, C/H]
	}
	q, k, values := part(0), part(1), part(2)
	q = MulScalar(q, 1/math.Sqrt(float64(headDim)))
	attention = softmax(Einsum("bnhd,bmhd->bhnm", q, k)) // [B, H, N, N]
	if rematerialise {
		attention = attention.StopCheckpoint()
	}
	mixed = Einsum("bhnm,bmhd->bnhd", attention, values) // [B, N, H, C/H]
	mixed = dense(Reshape(mixed, batch*tokens, v.Width), w, block+"attn.proj")
	return Reshape(mixed, batch, tokens, v.Width), attention
}

// mlp is the block's feed-forward part on x [B, N, C].
func mlp(v Variant, w Weights, block string, x *Node) *Node {
	batch, tokens := x.Shape().Dimensions[0], v.Tokens()
	rows := Reshape(layerNorm(x, w, block+"norm2"), batch*tokens, v.Width)
	rows = dense(gelu(dense(rows, w, block+"mlp.fc1")), w, block+"mlp.fc2")
	return Reshape(rows, batch, tokens, v.Width)
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

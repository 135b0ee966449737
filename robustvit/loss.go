package robustvit

import (
	. "github.com/gomlx/gomlx/core/graph"
)

// MaskRule says how a fractional mask value (a border pixel after a bilinear
// resize) enters the background.
type MaskRule int

const (
	// ReferenceMasks flips only exact 0 and 1, as the released code does: a
	// fractional pixel counts in the foreground and in the background.
	ReferenceMasks MaskRule = iota
	// StrictMasks takes the background as 1 - mask.
	StrictMasks
)

// Background is the inverse of the foreground mask [B, h, w].
func Background(mask *Node, rule MaskRule) *Node {
	inverse := OneMinus(mask)
	if rule == StrictMasks {
		return inverse
	}
	fractional := LogicalAnd(GreaterThan(mask, ZerosLike(mask)), LessThan(mask, OnesLike(mask)))
	return Where(fractional, mask, inverse)
}

// BackgroundLoss is Eq. 1, the mean over pixels of (relevance * background)^2,
// for each image: relevance and background [B, h, w] -> [B].
func BackgroundLoss(relevance, background *Node) *Node {
	return ReduceMean(Square(Mul(relevance, background)), 1, 2)
}

// ForegroundLoss is Eq. 2, the mean over pixels of (relevance * mask - mask)^2,
// for each image: relevance and mask [B, h, w] -> [B].
func ForegroundLoss(relevance, mask *Node) *Node {
	return ReduceMean(Square(Sub(Mul(relevance, mask), mask)), 1, 2)
}

// CrossEntropy is -log softmax(logits)[class] for each image: logits [B, K],
// classes [B] int32 -> [B].
func CrossEntropy(logits, classes *Node) *Node {
	return SoftCrossEntropy(logits, OneHot(classes, logits.Shape().Dimensions[1], logits.DType()))
}

// SoftCrossEntropy is the cross-entropy with a target distribution for each
// image: logits and targets [B, K] -> [B].
func SoftCrossEntropy(logits, targets *Node) *Node {
	return Neg(ReduceSum(Mul(logSoftmax(logits), targets), -1))
}

// logSoftmax over the last axis, safe for large logits.
func logSoftmax(logits *Node) *Node {
	shifted := Sub(logits, StopGradient(ReduceAndKeep(logits, ReduceMax, -1)))
	return Sub(shifted, Log(ReduceAndKeep(Exp(shifted), ReduceSum, -1)))
}

// Divergence is KL(original || current) for each image, the sum over classes of
// p (log p - log q), where p and q are the softmax of the original's and the
// current logits [B, K] divided by the temperature -> [B]. Only the current
// logits are trained.
func Divergence(original, current *Node, temperature float64) *Node {
	logP := logSoftmax(StopGradient(DivScalar(original, temperature)))
	logQ := logSoftmax(DivScalar(current, temperature))
	return ReduceSum(Mul(Exp(logP), Sub(logP, logQ)), -1)
}

// ConfidenceLoss is Eq. 4, the cross-entropy of the model's own prediction,
// with the logits divided by the temperature: logits [B, K] -> [B].
func ConfidenceLoss(logits *Node, temperature float64) *Node {
	predicted := ArgMax(StopGradient(logits), -1)
	return CrossEntropy(DivScalar(logits, temperature), predicted)
}

// restrictTo pushes every logit outside classes out of the softmax, so that a
// classification term neither raises nor lowers it. Logits [B, K].
func restrictTo(logits *Node, classes []int) *Node {
	keep := make([][]bool, 1)
	keep[0] = make([]bool, logits.Shape().Dimensions[1])
	for _, class := range classes {
		keep[0][class] = true
	}
	kept := BroadcastToDims(Const(logits.Graph(), keep), logits.Shape().Dimensions...)
	return Where(kept, logits, AddScalar(ZerosLike(logits), outsideLogit))
}

// outsideLogit is far enough down that exp underflows to 0 and near enough that
// float32 arithmetic on it stays finite.
const outsideLogit = -1e9

package robustvit

import (
	"math"
	"slices"
)

// Rank orders the classes of one image by its logits [K], most likely first,
// and gives each place's softmax probability. Equal logits go to the lower
// class index, as argmax does.
func Rank(logits []float32) (classes []int, confidence []float64) {
	classes, confidence = make([]int, len(logits)), make([]float64, len(logits))
	for i := range classes {
		classes[i] = i
	}
	slices.SortStableFunc(classes, func(a, b int) int {
		switch {
		case logits[a] > logits[b]:
			return -1
		case logits[a] < logits[b]:
			return 1
		}
		return 0
	})
	sum := 0.0
	for _, logit := range logits {
		sum += math.Exp(float64(logit - logits[classes[0]]))
	}
	for place, class := range classes {
		confidence[place] = math.Exp(float64(logits[class]-logits[classes[0]])) / sum
	}
	return classes, confidence
}

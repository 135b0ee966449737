package explain

import (
	"math"
	"slices"
)

// Prediction is one class that a model names.
type Prediction struct {
	Class      int     `json:"class"`
	Name       string  `json:"name"`
	Logit      float64 `json:"logit"`
	Confidence float64 `json:"confidence"` // softmax over all classes
}

// top are the k most likely classes, best first; equal logits go to the lower
// class, as argmax does.
func top(logits []float32, k int, name func(int) string) []Prediction {
	order := make([]int, len(logits))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
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
		sum += math.Exp(float64(logit - logits[order[0]]))
	}
	var best []Prediction
	for _, class := range order[:min(k, len(order))] {
		confidence := math.Exp(float64(logits[class]-logits[order[0]])) / sum
		best = append(best, Prediction{class, name(class), float64(logits[class]), confidence})
	}
	return best
}

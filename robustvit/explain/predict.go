package explain

import "github.com/robustvit/workbench/robustvit"

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
	order, confidence := robustvit.Rank(logits)
	var best []Prediction
	for place, class := range order[:min(k, len(order))] {
		best = append(best, Prediction{class, name(class), float64(logits[class]), confidence[place]})
	}
	return best
}

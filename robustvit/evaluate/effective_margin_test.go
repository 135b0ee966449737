package evaluate

import (
	"math"
	"slices"
	"testing"
)

// t with 2 degrees of freedom at 97.5 % is 4.3027.
func TestMarginByHand(t *testing.T) {
	f := RobustnessFit{Spread: 2, Baselines: []string{"a", "b", "c", "d"}}
	if got := f.Margin(); math.Abs(got-8.6053) > 1e-3 {
		t.Errorf("%g, expected 8.6053", got)
	}
}

func TestFactorValues(t *testing.T) {
	of := []string{"10", "word", "9", "10"}
	if got := Values(of); !slices.Equal(got, []string{"9", "10", "word"}) || of[0] != "10" {
		t.Errorf("%v of %v", got, of)
	}
}

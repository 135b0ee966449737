package report

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestSmooth holds what a running mean must: constants stay, a window of one
// changes nothing, values stay between the extremes, order of addition aside it
// equals the mean of the window written out.
func TestSmooth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-100, 100), 1, 60).Draw(t, "values")
		window := rapid.IntRange(1, 80).Draw(t, "window")
		got := smooth(values, window)
		if len(got) != len(values) {
			t.Fatalf("%d values of %d", len(got), len(values))
		}
		for i := range values {
			sum, n := 0.0, 0
			for j := range values {
				if j-i <= window/2 && i-j <= window/2 {
					sum, n = sum+values[j], n+1
				}
			}
			if math.Abs(got[i]-sum/float64(n)) > 1e-9 {
				t.Fatalf("value %d with window %d is %g, the mean of its window %g", i, window, got[i], sum/float64(n))
			}
		}
	})
}

func TestStepsPerEpoch(t *testing.T) {
	lines := func(epochs ...int) []logLine {
		var all []logLine
		for _, e := range epochs {
			all = append(all, logLine{Epoch: e})
		}
		return all
	}
	for want, l := range map[int][]logLine{3: lines(0, 0, 0, 1, 1, 1), 2: lines(4, 4), 1: nil} {
		if got := stepsPerEpoch(l); got != want {
			t.Errorf("%d steps an epoch, want %d", got, want)
		}
	}
}

// TestTermsThatAreNotThere: the control has no relevance loss, so no line of zeros.
func TestTermsThatAreNotThere(t *testing.T) {
	lines := []logLine{{Step: 1, Class: 2}, {Step: 2, Class: 1}}
	if _, ok := lossSeries(lines, func(l logLine) float64 { return l.Background }); ok {
		t.Error("a term that is zero throughout is drawn")
	}
	if s, ok := lossSeries(lines, func(l logLine) float64 { return l.Class }); !ok || s.X[1] != 2 {
		t.Errorf("%+v, %v", s, ok)
	}
}

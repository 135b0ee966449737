package evaluate

import (
	"math"
	"testing"
)

// TestOverDraws: golden values of scipy 1.17.1, t.interval, computed once.
func TestOverDraws(t *testing.T) {
	s, err := OverDraws([]float64{1.2, -0.4, 2.5, 0.9, 3.1})
	if err != nil {
		t.Fatal(err)
	}
	if !near([]float64{s.Mean, s.Std, s.Low, s.High}, []float64{1.46, 1.379492660364672, -0.2528663721611457, 3.1728663721611463}, 1e-9) || s.N != 5 || s.Significant() {
		t.Errorf("%+v", s)
	}
	if _, err := OverDraws([]float64{1}); err == nil {
		t.Error("one draw has no spread, and no error")
	}
}

// TestPairedOverDraws: draws that differ much but gain alike are a clear gain.
func TestPairedOverDraws(t *testing.T) {
	s, err := PairedOverDraws([]float64{10, 50, 90}, []float64{12, 51, 93})
	if err != nil || math.Abs(s.Mean-2) > 1e-12 || math.Abs(s.Std-1) > 1e-12 {
		t.Errorf("%+v, %v; expected a mean of 2 and a deviation of 1", s, err)
	}
	if half := 4.302652729911275 / math.Sqrt(3); math.Abs(s.High-2-half) > 1e-9 { // t of 2 degrees
		t.Errorf("upper end %g, expected %g", s.High, 2+half)
	}
	same, err := DifferencesOverDraws([]Difference{{Points: 1}, {Points: 1}})
	if err != nil || same.Std != 0 || same.Low != 1 || !same.Significant() {
		t.Errorf("%+v, %v", same, err)
	}
	if _, err := PairedOverDraws([]float64{1, 2}, []float64{1}); err == nil {
		t.Error("unpaired draws, and no error")
	}
}

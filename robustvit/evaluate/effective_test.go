package evaluate

import (
	"math"
	"testing"
)

func at(model string, clean, shift int) ShiftPoint {
	return ShiftPoint{model, NewRate(clean, 100), NewRate(shift, 100)}
}

// TestFitRobustness: golden values of scipy 1.17.1, linregress on logits,
// computed once.
func TestFitRobustness(t *testing.T) {
	baselines := []ShiftPoint{at("a", 70, 30), at("b", 80, 41), at("c", 90, 62), at("d", 85, 45)}
	fit, err := FitRobustness(baselines)
	if err != nil {
		t.Fatal(err)
	}
	if !near([]float64{fit.Slope, fit.Intercept, fit.Spread}, []float64{0.9522662342207029, -1.6983762375445253, 3.229676061484555}, 1e-9) {
		t.Errorf("%+v", fit)
	}
	var left []float64
	for _, p := range baselines {
		left = append(left, fit.Of(p).Points)
	}
	if want := []float64{0.9204385829016615, 0.3452143634866178, 2.2762803586065306, -3.835854860604532}; !near(left, want, 1e-9) {
		t.Errorf("residuals %v, expected %v", left, want)
	}
	if e := fit.Of(at("ours", 82, 50)); math.Abs(e.Expected-43.67384149921608) > 1e-9 || math.Abs(e.Points-(50-e.Expected)) > 1e-12 {
		t.Errorf("%+v, expected 43.67 %% on the line", e)
	}
}

func TestFitRobustnessRefuses(t *testing.T) {
	for name, baselines := range map[string][]ShiftPoint{
		"two":        {at("a", 70, 30), at("b", 80, 40)},
		"equal":      {at("a", 70, 30), at("b", 70, 40), at("c", 70, 50)},
		"not tested": {at("a", 70, 30), at("b", 80, 40), {Model: "c"}},
	} {
		if _, err := FitRobustness(baselines); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	// None and all right stay finite.
	fit, err := FitRobustness([]ShiftPoint{at("a", 0, 0), at("b", 50, 50), at("c", 100, 100)})
	if err != nil || math.Abs(fit.Slope-1) > 1e-9 || math.Abs(fit.Of(at("d", 100, 90)).Expected-99.5) > 1e-9 {
		t.Errorf("%+v, %v", fit, err)
	}
}

func TestRobustnessChange(t *testing.T) {
	fit := RobustnessFit{Slope: 1, Intercept: 0} // shift as accurate as clean
	clean := func(right int) []Record {
		return append(classRecords(1, 200, 0, right), classRecords(2, 50, 0, right)...)
	}
	shift := func(right int) []Record { return classRecords(1, 200, 0, right) }
	// Clean 60 % to 65 % promises 5 points of shift accuracy; 40 % to 55 % are 15.
	e, err := fit.Change(clean(120), clean(130), shift(80), shift(110))
	if err != nil || math.Abs(e.Value-10) > 1e-9 || e.Low <= 0 || e.High >= 20 || e.N != 400 {
		t.Errorf("%+v, %v; expected 10 points of 400 images, class 2 left out", e, err)
	}
	// A gain on both alike is none.
	if e, err = fit.Change(clean(120), clean(140), shift(80), shift(100)); err != nil || math.Abs(e.Value) > 1e-9 || e.Significant() {
		t.Errorf("%+v, %v; expected no change", e, err)
	}
	if _, err = fit.Change(clean(120), clean(140), shift(80), shift(100)[1:]); err == nil {
		t.Error("other images, and no error")
	}
}

func TestCleanOn(t *testing.T) {
	clean := append(classRecords(1, 10, 0, 9), classRecords(2, 10, 0, 2)...)
	if r := CleanOn(clean, classRecords(1, 3, 0, 0)); r.Hits != 9 || r.N != 10 {
		t.Errorf("%+v, expected 9 of the 10 images of class 1", r)
	}
}

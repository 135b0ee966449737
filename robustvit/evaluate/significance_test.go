package evaluate

import (
	"math"
	"testing"
)

func TestCompareWithControl(t *testing.T) {
	sets := func(right ...int) (all [][]Record) {
		for _, n := range right {
			all = append(all, classRecords(0, 100, 0, n))
		}
		return all
	}
	original, control, ours := sets(50, 20), sets(60, 30), sets(75, 45)
	a, err := CompareWithControl(original, control, ours, nil)
	if err != nil {
		t.Fatal(err)
	}
	if !near([]float64{a.Control.Points, a.Ours.Points, a.OverControl.Points}, []float64{10, 25, 15}, 1e-9) || !a.Held() || a.Reversed() {
		t.Errorf("%+v", a)
	}
	if difference := a.Ours.Points - a.Control.Points; math.Abs(difference-a.OverControl.Points) > 1e-9 {
		t.Errorf("ours minus control %g, difference of the differences %g", a.OverControl.Points, difference)
	}
	// A gain that the control has as well is no claim of the method's.
	same, err := CompareWithControl(original, ours, ours, nil)
	if err != nil || !same.Ours.Significant() || same.Held() || same.Reversed() {
		t.Errorf("as good as the control: %+v, %v", same, err)
	}
	if worse, err := CompareWithControl(original, ours, control, nil); err != nil || !worse.Reversed() || worse.Held() {
		t.Errorf("worse than the control: %+v, %v", worse, err)
	}
	if _, err := CompareWithControl(original, control, ours[:1], nil); err == nil {
		t.Error("one set against two, and no error")
	}
	ours[1] = ours[1][1:]
	if _, err := CompareWithControl(original, control, ours, nil); err == nil {
		t.Error("99 images against 100, and no error")
	}
}

func TestMeanChange(t *testing.T) {
	e, err := MeanChange([]float64{1, 2, 3, 4}, []float64{2, 4, 3, 8})
	if err != nil || e.Value != 1.75 || e.N != 4 || e.Low > 1.75 || e.High < 1.75 {
		t.Errorf("%+v, %v", e, err)
	}
	if _, err := MeanChange([]float64{1}, nil); err == nil {
		t.Error("unpaired, and no error")
	}
	if e := MeanOf(nil); e != (Estimate{}) {
		t.Errorf("of nothing: %+v", e)
	}
	// The interval of a mean of 400 values is near 1.96 standard errors.
	var values []float64
	for i := range 400 {
		values = append(values, float64(i%2))
	}
	if e := MeanOf(values); math.Abs(e.High-e.Value-1.96*0.5/20) > 0.006 || math.Abs(e.Value-e.Low-1.96*0.5/20) > 0.006 {
		t.Errorf("%+v, expected 0.5 +- 0.049", e)
	}
}

package evaluate

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func answer(id int, confidence float64, right bool) Record {
	r := Record{ID: fmt.Sprint(id), Class: 1, Top: []int{0, 1}, Confidence: []float64{confidence, 1 - confidence}}
	if right {
		r.Class = 0
	}
	return r
}

func TestCalibrationOf(t *testing.T) {
	// Bins of 1/15: 0.9 and 0.92 share the 14th, 0.6 ends the 9th.
	c := CalibrationOf([]Record{answer(0, 0.9, true), answer(1, 0.92, false), answer(2, 0.6, true), answer(3, 1, true)})
	// |1.82 - 1| + |0.6 - 1| + 0 over 4 images.
	if math.Abs(c.ECE-100*(0.82+0.4)/4) > 1e-9 {
		t.Errorf("ECE %g, expected 30.5", c.ECE)
	}
	if math.Abs(c.Overconfidence-100*(3.42-3)/4) > 1e-9 {
		t.Errorf("overconfidence %g, expected 10.5", c.Overconfidence)
	}
	if want := (0.01 + 0.92*0.92 + 0.16 + 0) / 4; math.Abs(c.Brier-want) > 1e-12 {
		t.Errorf("Brier %g, expected %g", c.Brier, want)
	}
	if b := c.Bins[13]; len(c.Bins) != 15 || b.N != 2 || math.Abs(b.Confidence-91) > 1e-9 || b.Accuracy != 50 || b.Share != 50 {
		t.Errorf("14th of %d bins: %+v", len(c.Bins), b)
	}
	if c.Bins[8].N != 1 || c.Bins[14].N != 1 || c.Bins[14].High != 100 {
		t.Errorf("0.6 belongs to (8/15, 9/15], 1 to the last: %+v", c.Bins)
	}
	if empty := CalibrationOf(nil); empty.N != 0 || empty.ECE != 0 || len(empty.Bins) != 15 {
		t.Errorf("of nothing: %+v", empty)
	}
}

// eceNaive asks every image for every bin.
func eceNaive(records []Record) (ece float64) {
	for m := 1.0; m <= 15; m++ {
		n, confidence, accuracy := 0.0, 0.0, 0.0
		for _, r := range records {
			if p := r.Confidence[0]; p > (m-1)/15 && p <= m/15 {
				n++
				confidence += p
				if r.Correct(1) {
					accuracy++
				}
			}
		}
		if n > 0 {
			ece += n / float64(len(records)) * math.Abs(accuracy/n-confidence/n)
		}
	}
	return 100 * ece
}

// drawn are answers whose confidence is too high by so much.
func drawn(n int, excess float64) (records []Record) {
	rng := rand.New(rand.NewPCG(1, 2))
	for i := range n {
		p := 0.3 + 0.6*rng.Float64()
		records = append(records, answer(i, min(1, p+excess), rng.Float64() < p))
	}
	return records
}

func TestCalibrationAgainstTheNaiveForm(t *testing.T) {
	for _, excess := range []float64{0, 0.05, 0.3} {
		records := drawn(400, excess)
		if got, want := CalibrationOf(records).ECE, eceNaive(records); math.Abs(got-want) > 1e-9 {
			t.Errorf("excess %g: ECE %g, expected %g", excess, got, want)
		}
	}
}

func TestCompareCalibration(t *testing.T) {
	before, after := drawn(500, 0.2), drawn(500, 0)
	c, err := CompareCalibration(before, after)
	if err != nil {
		t.Fatal(err)
	}
	if want := CalibrationOf(after).ECE - CalibrationOf(before).ECE; math.Abs(c.ECE.Value-want) > 1e-9 || !c.ECE.Significant() || c.ECE.High >= 0 {
		t.Errorf("%+v, expected a fall by %g beyond noise", c.ECE, want)
	}
	if c.Brier.Value >= 0 || c.Overconfidence.Value >= 0 || c.ECE.N != 500 {
		t.Errorf("%+v", c)
	}
	if _, err := CompareCalibration(before, after[:3]); err == nil {
		t.Error("3 images against 500, and no error")
	}
}

package evaluate

import (
	"fmt"
	"math"
)

// ShiftPoint is a model's accuracy without and with a distribution shift. Clean
// is measured on the classes of the shift set (CleanOn).
type ShiftPoint struct {
	Model string `json:"model"`
	Clean Rate   `json:"clean"`
	Shift Rate   `json:"shift"`
}

// RobustnessFit is the line through the baselines:
// logit(shift) = Slope * logit(clean) + Intercept.
type RobustnessFit struct {
	Slope     float64  `json:"slope"`
	Intercept float64  `json:"intercept"`
	Spread    float64  `json:"spread"` // standard deviation of the baselines around it (n - 2), points
	Baselines []string `json:"baselines"`
}

// Effective is how far a model's shift accuracy lies above what baselines of its
// clean accuracy reach: effective robustness, in points (Taori et al., 2020).
type Effective struct {
	Model    string  `json:"model"`
	Clean    float64 `json:"clean"`    // percent
	Shift    float64 `json:"shift"`    // percent
	Expected float64 `json:"expected"` // percent, on the line
	Points   float64 `json:"points"`   // Shift - Expected
}

// FitRobustness fits the line of at least three baselines by least squares. It
// says little with few of them, or where their clean accuracies are close: see
// Spread.
func FitRobustness(baselines []ShiftPoint) (RobustnessFit, error) {
	if len(baselines) < 3 {
		return RobustnessFit{}, fmt.Errorf("effective robustness: %d baseline models, expected at least 3; evaluate more models that were not finetuned", len(baselines))
	}
	var fit RobustnessFit
	var x, y []float64
	for _, p := range baselines {
		if p.Clean.N == 0 || p.Shift.N == 0 {
			return fit, fmt.Errorf("effective robustness: model %s has %d clean and %d shifted images, expected some of both", p.Model, p.Clean.N, p.Shift.N)
		}
		x, y = append(x, logit(p.Clean)), append(y, logit(p.Shift))
		fit.Baselines = append(fit.Baselines, p.Model)
	}
	meanX, meanY, xx, xy := mean(x), mean(y), 0.0, 0.0
	for i := range x {
		xx += (x[i] - meanX) * (x[i] - meanX)
		xy += (x[i] - meanX) * (y[i] - meanY)
	}
	if xx < 1e-12 {
		return fit, fmt.Errorf("effective robustness: all %d baselines have the same clean accuracy of %.2f %%, which gives no line; use baselines that differ", len(x), baselines[0].Clean.Percent)
	}
	fit.Slope = xy / xx
	fit.Intercept = meanY - fit.Slope*meanX
	squares := 0.0
	for _, p := range baselines {
		points := fit.Of(p).Points
		squares += points * points
	}
	fit.Spread = math.Sqrt(squares / float64(len(x)-2))
	return fit, nil
}

// Of is the effective robustness of a model. That of a baseline is what the fit
// leaves of it.
func (f RobustnessFit) Of(p ShiftPoint) Effective {
	expected := f.Expected(p.Clean)
	return Effective{Model: p.Model, Clean: p.Clean.Percent, Shift: p.Shift.Percent, Expected: expected, Points: p.Shift.Percent - expected}
}

// Expected is the shift accuracy on the line in percent.
func (f RobustnessFit) Expected(clean Rate) float64 {
	return 100 / (1 + math.Exp(-f.Slope*logit(clean)-f.Intercept))
}

// Change is how a model's effective robustness changes, in points, from before to
// after: what the shift accuracy gained beyond what its clean accuracy promises.
// Clean records on classes that the shift set leaves out are not counted. The
// interval is a paired bootstrap over the images of both sets; the line is taken
// as given.
func (f RobustnessFit) Change(cleanBefore, cleanAfter, shiftBefore, shiftAfter []Record) (Estimate, error) {
	if err := paired(cleanBefore, cleanAfter, recordID); err != nil {
		return Estimate{}, fmt.Errorf("clean set: %w", err)
	}
	if err := paired(shiftBefore, shiftAfter, recordID); err != nil {
		return Estimate{}, fmt.Errorf("shift set: %w", err)
	}
	present := classesOf(shiftBefore)
	var clean, shift [2][]bool // right before, after
	for i, record := range cleanBefore {
		if present(record.Class) {
			clean[0], clean[1] = append(clean[0], record.Correct(1)), append(clean[1], cleanAfter[i].Correct(1))
		}
	}
	for i, record := range shiftBefore {
		shift[0], shift[1] = append(shift[0], record.Correct(1)), append(shift[1], shiftAfter[i].Correct(1))
	}
	effective := func(model int, draws [][]int) float64 {
		c, s := hitsOf(clean[model], draws[0]), hitsOf(shift[model], draws[1])
		return 100*float64(s)/float64(len(draws[1])) - f.Expected(Rate{Hits: c, N: len(draws[0])})
	}
	return bootstrapOver([]int{len(clean[0]), len(shift[0])}, 1, func(draws [][]int, figures []float64) {
		figures[0] = effective(1, draws) - effective(0, draws)
	})[0], nil
}

func hitsOf(right []bool, draw []int) (hits int) {
	for _, i := range draw {
		if right[i] {
			hits++
		}
	}
	return hits
}

// CleanOn is the clean accuracy on the classes that the shift set has: a model
// is not called robust for classes that the shift set leaves out.
func CleanOn(clean, shift []Record) Rate { return Accuracy(clean, 1, classesOf(shift)) }

// classesOf says which classes the records have.
func classesOf(records []Record) func(class int) bool {
	present := map[int]bool{}
	for _, record := range records {
		present[record.Class] = true
	}
	return func(class int) bool { return present[class] }
}

// logit of a share, which stays half an image away from none and all, where the
// logit is infinite.
func logit(r Rate) float64 {
	n := float64(r.N)
	share := min(max(float64(r.Hits)/n, 0.5/n), 1-0.5/n)
	return math.Log(share / (1 - share))
}

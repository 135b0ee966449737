package experiment

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

var calibrationStudy = Experiment{
	Name: "calibration", Title: "Confidence against accuracy", Paper: beyondPaper + ": Eq. 4 asks for confidence, not for calibration", Minutes: 5,
	Question: "Does the confidence term leave a model more sure of itself than it is right, on clean and on shifted images?",
	Reading: []string{
		"ECE: expected calibration error of the top-1 confidence, 15 bins of equal width, percent. Overconfidence: mean confidence minus accuracy, points; below 0 the model is too modest.",
		"Changes are against the original on the same images, with a paired bootstrap interval. The ECE of few images a bin is too high by chance, that of a change less so.",
		"Confidence is the softmax among the classes that compete in the set.",
	},
	Points:  compared,
	Measure: Measure{Sets: true},
	Tell:    tellCalibration,
}

// part is a choice of sets that is looked at as one.
type part struct {
	name, title string
	sets        []string
}

// cleanAndShift are the clean set and all shift sets as one, as far as there
// are any.
func (w *Work) cleanAndShift() []part {
	parts := []part{{"clean", evaluate.Title(w.Clean()), []string{w.Clean()}}}
	if shifts := w.ShiftSets(); len(shifts) > 0 {
		parts = append(parts, part{"shift", fmt.Sprintf("%d shift sets pooled", len(shifts)), shifts})
	}
	return parts
}

// pooled are a point's records on several sets, one after the other: each image
// weighs the same.
func (o *Outcome) pooled(ctx context.Context, point string, sets []string) ([]evaluate.Record, error) {
	var all []evaluate.Record
	for _, set := range sets {
		records, err := o.Records(ctx, point, set)
		if err != nil {
			return nil, err
		}
		all = append(all, records...)
	}
	return all, nil
}

// calibrated is one model on one part.
type calibrated struct {
	of   evaluate.Calibration
	top1 evaluate.Rate
	// Against the original, of the original itself empty: the accuracy and the
	// confidence of the top-1 class in points, and what follows from both.
	gain, sure evaluate.Estimate
	change     evaluate.CalibrationChange
}

func (o *Outcome) calibrated(ctx context.Context, p Point, sets []string) (c calibrated, err error) {
	now, err := o.pooled(ctx, p.Name, sets)
	if err != nil {
		return c, err
	}
	c.of, c.top1 = evaluate.CalibrationOf(now), evaluate.Accuracy(now, 1, nil)
	if p.Name == original(p.Base) {
		return c, nil
	}
	was, err := o.pooled(ctx, original(p.Base), sets)
	if err != nil {
		return c, err
	}
	if c.change, err = evaluate.CompareCalibration(was, now); err != nil {
		return c, err
	}
	if c.gain, err = evaluate.MeanChange(rightOnes(was), rightOnes(now)); err != nil {
		return c, err
	}
	c.sure, err = evaluate.MeanChange(confidences(was), confidences(now))
	return c, err
}

// rightOnes are 100 for a right answer and 0 for a wrong one.
func rightOnes(records []evaluate.Record) []float64 {
	values := make([]float64, len(records))
	for i, r := range records {
		if r.Correct(1) {
			values[i] = 100
		}
	}
	return values
}

// confidences are those of the top-1 class, in percent.
func confidences(records []evaluate.Record) []float64 {
	values := make([]float64, len(records))
	for i, r := range records {
		if len(r.Confidence) > 0 {
			values[i] = 100 * r.Confidence[0]
		}
	}
	return values
}

func tellCalibration(ctx context.Context, o *Outcome) error {
	found := map[string]calibrated{} // by part and point
	changes := Section{Title: "Change against the original", Lead: "ECE and overconfidence: down is better calibrated, where the model was too sure before."}
	levels := Section{Title: "Levels", Collapsed: true}
	for _, part := range o.cleanAndShift() {
		for _, p := range o.points {
			c, err := o.calibrated(ctx, p, part.sets)
			if err != nil {
				return err
			}
			found[part.name+"/"+p.Name] = c
		}
		of := func(p Point) calibrated { return found[part.name+"/"+p.Name] }
		changes.Tables = append(changes.Tables, o.calibrationChanges(part, of))
		levels.Tables = append(levels.Tables, o.calibrationLevels(part, of))
	}
	o.Add(changes)
	for _, b := range o.Bases {
		section := Section{Title: b.Title + ": reliability", Lead: "Points below the diagonal: more confident than right."}
		for _, part := range o.cleanAndShift() {
			section.Plots = append(section.Plots, reliability(b.Title+", "+part.title, append([]Point{before(b)}, o.some(b, Confidence, Published, Ours, KL)...), func(p Point) evaluate.Calibration { return found[part.name+"/"+p.Name].of }))
		}
		o.Add(section)
	}
	o.Add(levels)
	o.claimsCalibration(found)
	return nil
}

func (o *Outcome) calibrationChanges(part part, of func(Point) calibrated) Table {
	t := Table{Name: "calibration-change-" + part.name, Title: part.title, Corner: "model", Note: intervalNote,
		Columns: []Column{{Name: "R@1"}, {Name: "confidence"}, {Name: "overconfidence", LowerIsBetter: o.tooSure(of)}, {Name: "ECE", LowerIsBetter: true}, {Name: "Brier x 100", LowerIsBetter: true}}}
	last := ""
	for _, p := range o.points {
		c := of(p)
		if p.Name == original(p.Base) {
			continue
		}
		t.Rows = append(t.Rows, Row{Name: p.Base.Title + ", " + p.Title, Rule: last != "" && last != p.Base.Name, Cells: []Cell{
			moved(c.gain, 1), moved(c.sure, 1), moved(c.change.Overconfidence, 1), moved(c.change.ECE, 1), moved(times(c.change.Brier, 100), 2),
		}})
		last = p.Base.Name
	}
	return t
}

// tooSure says whether the originals are more confident than right, on average: a
// fall of the overconfidence is then for the better.
func (o *Outcome) tooSure(of func(Point) calibrated) bool {
	sum := 0.0
	for _, b := range o.Bases {
		sum += of(before(b)).of.Overconfidence
	}
	return sum > 0
}

func times(e evaluate.Estimate, factor float64) evaluate.Estimate {
	e.Value, e.Low, e.High = e.Value*factor, e.Low*factor, e.High*factor
	return e
}

func (o *Outcome) calibrationLevels(part part, of func(Point) calibrated) Table {
	t := Table{Name: "calibration-" + part.name, Title: part.title, Corner: "model",
		Columns: []Column{{Name: "R@1, %"}, {Name: "confidence, %"}, {Name: "overconfidence, points"}, {Name: "ECE, %", LowerIsBetter: true}, {Name: "Brier", LowerIsBetter: true}}}
	last := ""
	for _, p := range o.points {
		c := of(p)
		t.Rows = append(t.Rows, Row{Name: p.Base.Title + ", " + p.Title, Rule: last != "" && last != p.Base.Name, Cells: []Cell{
			plain(c.top1), number(c.top1.Percent+c.of.Overconfidence, 1), {Value: pointer(c.of.Overconfidence), Digits: 1, Change: true}, number(c.of.ECE, 1), number(c.of.Brier, 3),
		}})
		last = p.Base.Name
	}
	return t
}

// reliability is accuracy against confidence, a point a bin that holds images.
func reliability(title string, points []Point, of func(Point) evaluate.Calibration) Plot {
	plot := Plot{Kind: Reliability, Title: title, X: "confidence, %", Y: "accuracy, %", Diagonal: true, Caption: "15 bins of equal width; bins without images are left out."}
	for _, p := range points {
		s := Series{Name: p.Title}
		for _, bin := range of(p).Bins {
			if bin.N == 0 {
				continue
			}
			s.X, s.Y, s.Weights = append(s.X, round2(bin.Confidence)), append(s.Y, round2(bin.Accuracy)), append(s.Weights, round2(bin.Share/100))
		}
		plot.Series = append(plot.Series, s)
	}
	return plot
}

// claimsCalibration judges the confidence term.
func (o *Outcome) claimsCalibration(found map[string]calibrated) {
	for _, part := range o.cleanAndShift() {
		for _, a := range []Arm{Confidence, Published, Ours, KL} {
			verdict, text := judgeCalibration(o.Bases, a, func(b *pool.Base) (was, is calibrated) {
				return found[part.name+"/"+original(b)], found[part.name+"/"+named(b, a)]
			})
			o.Say(Claim{Claim: "The model stays as well calibrated as it was (" + a.Title + ", " + part.title + ")", Source: "Eq. 4, " + beyondPaper, Verdict: verdict, Text: text})
		}
	}
}

// judgeCalibration: held where the whole interval of the change of the ECE lies
// below one point, not held where it lies above 0; in between the images do not
// decide.
func judgeCalibration(bases []*pool.Base, a Arm, of func(*pool.Base) (was, is calibrated)) (verdict, text string) {
	const tolerance = 1.0 // points of ECE
	var kept, broken int
	for _, b := range bases {
		was, is := of(b)
		switch e := is.change.ECE; {
		case e.High < tolerance:
			kept++
		case e.Low > 0:
			broken++
		}
		text += fmt.Sprintf("%s: ECE %.1f %% before, change %s; overconfidence %+.1f before, change %s. ", b.Title, was.of.ECE, spelled(is.change.ECE), noZero(was.of.Overconfidence), spelled(is.change.Overconfidence))
	}
	verdict = Partly
	switch len(bases) {
	case kept:
		verdict = Held
	case broken:
		verdict = NotHeld
	}
	return verdict, text + fmt.Sprintf("Held where the change of the ECE stays below %g point with its interval (%d of %d models), not held where its interval lies above 0 (%d); for the others there are too few images to say.", tolerance, kept, len(bases), broken)
}

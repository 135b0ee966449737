package experiment

import (
	"context"
	"fmt"
	"slices"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
)

// draws repeats the main result with other classes, images and orders.
var draws = Experiment{
	Name: "tables-8-9", Title: "Several draws of the classes", Paper: "Tables 8 and 9, Appendix E", Minutes: 8,
	Question: "How far does the result depend on which classes were drawn for finetuning?",
	Reading: []string{
		"Each draw has other finetuned classes, other images of them and another order; the first is that of Tables 1 and 2.",
		"Set A differs by draw, so no table here splits the classes.",
		"± is the standard deviation over draws; intervals of a mean are Student's t over draws with the test images fixed: wide where there are few draws.",
		"The controls here are cross-entropy over the finetuned classes and confidence alone, for both forms of the method.",
	},
	Points:  drawPoints,
	Measure: Measure{Sets: true},
	Tell:    tellDraws,
}

// drawnArms are finetuned on every draw.
var (
	drawnControls = []Arm{CrossEntropyFinetuned, Confidence}
	drawnArms     = slices.Concat([]Arm{KL}, drawnControls, method)
)

// number of draws, at least the one of the main results.
func (w *Work) draws() int { return max(w.Draws, 1) }

// drawn sets the classes and the seed of a draw; draw 0 is the base's own.
func (w *Work) drawn(train data.Dataset, draw int) func(*finetune.Config) {
	return func(c *finetune.Config) {
		c.Seed = w.Seed + uint64(draw)
		c.Classes = data.HalfOfClasses(train, c.PerClass, c.Seed)
	}
}

// drawName is an arm's point on a draw: that of the main results for the first.
func drawName(b *pool.Base, a Arm, draw int) string {
	if draw == 0 {
		return named(b, a)
	}
	return fmt.Sprintf("%s-draw%d", named(b, a), draw+1)
}

func drawPoints(_ context.Context, w *Work) ([]Point, error) {
	var all []Point
	for _, b := range w.Bases {
		train, err := b.Data.Train()
		if err != nil {
			return nil, err
		}
		all = append(all, before(b))
		for _, a := range drawnArms {
			for draw := range w.draws() {
				p := a.Point(b, w.drawn(train, draw))
				p.Name, p.Title = drawName(b, a, draw), fmt.Sprintf("%s, draw %d", a.Title, draw+1)
				all = append(all, p)
			}
		}
	}
	return all, nil
}

// drawTops are an arm's top-k on a set, a value a draw.
func (o *Outcome) drawTops(ctx context.Context, b *pool.Base, a Arm, set string, k int) ([]float64, error) {
	var values []float64
	for draw := range o.draws() {
		r, err := o.Top(ctx, drawName(b, a, draw), set, k, nil)
		if err != nil {
			return nil, err
		}
		values = append(values, r.Percent)
	}
	return values, nil
}

// drawGains are an arm's changes over sets, a value a draw: against the original,
// or against a control finetuned on the same draw.
func (o *Outcome) drawGains(ctx context.Context, b *pool.Base, control *Arm, a Arm, sets []string) ([]float64, error) {
	var values []float64
	for draw := range o.draws() {
		from := original(b)
		if control != nil {
			from = drawName(b, *control, draw)
		}
		d, err := o.Delta(ctx, from, drawName(b, a, draw), sets, nil)
		if err != nil {
			return nil, err
		}
		values = append(values, d.Points)
	}
	return values, nil
}

// spread is that of the draws; of a single one its value alone.
func spread(values []float64) evaluate.Spread {
	s, err := evaluate.OverDraws(values)
	if err != nil && len(values) == 1 {
		return evaluate.Spread{Mean: values[0], Low: values[0], High: values[0], N: 1}
	}
	return s
}

// spreadCell is mean ± standard deviation.
func spreadCell(s evaluate.Spread) Cell {
	c := number(s.Mean, 1)
	if s.N > 1 {
		c.Std = pointer(s.Std)
	}
	return c
}

// measured says that the draws give an interval: draws that agree to the image by
// chance, as few on small sets may, give none.
func measured(s evaluate.Spread) bool { return s.N > 1 && s.Std > 0 }

// spreadChange is the mean change with its interval over draws.
func spreadChange(s evaluate.Spread) Cell {
	if !measured(s) {
		return Cell{Value: pointer(s.Mean), Digits: 1, Change: true}
	}
	return Cell{Value: pointer(s.Mean), Low: pointer(s.Low), High: pointer(s.High), Digits: 1, Change: true, Noise: !s.Significant()}
}

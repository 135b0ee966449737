package experiment

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
)

// interpolation goes from the original's weights to the finetuned ones.
var interpolation = Experiment{
	Name: "interpolation", Title: "Between the original and the finetuned weights", Paper: "beyond the paper", Minutes: 5,
	Question: "Does taking the finetuned weights only in part trade clean for shifted accuracy as another learning rate does, or better?",
	Reading: []string{
		"Weights w = original + alpha (finetuned - original): alpha 0 is the original, 1 the finetuned model, beyond 1 extrapolates. Nothing is trained for it.",
		"The models of other rates are finetuned anew, on the same images for the same steps.",
		"The curve shows test sets: choosing alpha by it would be tuning on them.",
	},
	Points:  pointsInterpolation,
	Measure: Measure{Sets: true},
	Tell:    tellInterpolation,
}

var (
	alphas      = []float64{0, 0.25, 0.5, 0.75, 1, 1.25, 1.5}
	pathFactors = []float64{0.25, 0.5, 1, 2} // of the arm's rate
)

// pathStep is one model of a curve.
type pathStep struct {
	value float64 // alpha or factor
	point Point
}

// interpolated are the models along alpha.
func interpolated(b *pool.Base, a Arm) []pathStep {
	var steps []pathStep
	for _, alpha := range alphas {
		p := a.Point(b)
		switch alpha {
		case 0:
			p = before(b)
		case 1:
		default:
			p.Name, p.Title, p.Spec = fmt.Sprintf("%s-alpha-%g", p.Name, alpha), fmt.Sprintf("%s, alpha %g", p.Title, alpha), p.Spec.Blended(alpha)
		}
		steps = append(steps, pathStep{alpha, p})
	}
	return steps
}

// byRate are the models of other learning rates.
func byRate(b *pool.Base, a Arm) []pathStep {
	var steps []pathStep
	for _, factor := range pathFactors {
		p := a.Point(b, func(c *finetune.Config) { c.Rate *= factor })
		if factor != 1 {
			p.Name, p.Title = fmt.Sprintf("%s-rate-%g", p.Name, factor), fmt.Sprintf("%s, %g times the rate", p.Title, factor)
		}
		steps = append(steps, pathStep{factor, p})
	}
	return steps
}

func pointsInterpolation(_ context.Context, w *Work) ([]Point, error) {
	b := w.Bases[0]
	points, seen := grid(w.Bases[:1], controls...), map[string]bool{}
	for _, p := range points {
		seen[p.Name] = true
	}
	for _, a := range method {
		for _, s := range append(interpolated(b, a), byRate(b, a)...) {
			if !seen[s.point.Name] {
				points, seen[s.point.Name] = append(points, s.point), true
			}
		}
	}
	return points, nil
}

func tellInterpolation(ctx context.Context, o *Outcome) error {
	b := o.Bases[0]
	changes, err := o.aspectTable(ctx, "changes", o.points, o.aspects(), nil)
	if err != nil {
		return err
	}
	section := Section{Title: "The way from the original", Lead: "Of " + b.Title + "."}
	if len(o.ShiftSets()) > 0 { // without shift sets there is nothing to trade
		pairs, err := o.pairTable(ctx, b)
		if err != nil {
			return err
		}
		trade, err := o.tradePlot(ctx, b)
		if err != nil {
			return err
		}
		section.Tables, section.Plots = []Table{pairs}, []Plot{trade}
	}
	for _, a := range method {
		plot, err := o.alphaPlot(ctx, b, a)
		if err != nil {
			return err
		}
		section.Plots = append(section.Plots, plot)
	}
	o.Add(section)
	o.Add(Section{Title: "Every model", Lead: "Against the original, on the same images.", Tables: []Table{changes}})
	for _, a := range method {
		if err := o.claimsPath(ctx, b, a); err != nil {
			return err
		}
	}
	return nil
}

// tradePlot is clean against shifted accuracy along alpha and along the rate.
func (o *Outcome) tradePlot(ctx context.Context, b *pool.Base) (Plot, error) {
	clean := o.Clean()
	plot := Plot{Kind: Scatter, Title: b.Title + ": clean against shifted accuracy", X: "R@1, " + evaluate.Title(clean) + ", %", Y: "R@1, " + shiftName(o.ShiftSets()) + ", %",
		Caption: "Labels: alpha, or the factor of the rate (x). Up and to the right is better."}
	add := func(name, mark string, steps []pathStep) error {
		s := Series{Name: name}
		for _, step := range steps {
			x, err := o.Top(ctx, step.point.Name, clean, 1, nil)
			if err != nil {
				return err
			}
			y, err := o.MeanTop(ctx, step.point.Name, o.ShiftSets(), 1, nil)
			if err != nil {
				return err
			}
			s.X, s.Y, s.Labels = append(s.X, round2(x.Percent)), append(s.Y, round2(y)), append(s.Labels, fmt.Sprintf("%s%g", mark, step.value))
		}
		plot.Series = append(plot.Series, s)
		return nil
	}
	for _, a := range method {
		if err := add(a.Title+", interpolated", "", interpolated(b, a)); err != nil {
			return plot, err
		}
		if err := add(a.Title+", other rates", "x", byRate(b, a)); err != nil {
			return plot, err
		}
	}
	return plot, nil
}

// alphaPlot is the change along alpha.
func (o *Outcome) alphaPlot(ctx context.Context, b *pool.Base, a Arm) (Plot, error) {
	plot := Plot{Kind: Curves, Title: b.Title + ", " + a.Title + ": change along alpha", X: "alpha", Y: "change in R@1, points", Caption: "Bands: 95 % paired bootstrap over images. Set A: the finetuned classes; set B: the others."}
	for _, c := range o.aspects() {
		if c.group == "" && c.sets[0] != o.Clean() {
			continue // ImageNet-v2 stands in the table
		}
		s := Series{Name: c.short()}
		for _, step := range interpolated(b, a) {
			d, err := o.Delta(ctx, original(b), step.point.Name, c.sets, c.filter(step.point))
			if err != nil {
				return plot, err
			}
			s.X, s.Y = append(s.X, step.value), append(s.Y, round2(d.Points))
			s.Low, s.High = append(s.Low, round2(d.Low)), append(s.High, round2(d.High))
		}
		plot.Series = append(plot.Series, s)
	}
	return plot, nil
}

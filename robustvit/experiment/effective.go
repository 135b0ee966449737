package experiment

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
	"github.com/robustvit/workbench/weights/demo"
)

var effectiveStudy = Experiment{
	Name: "effective-robustness", Title: "Effective robustness", Paper: beyondPaper + ": after Taori et al., 2020", Minutes: 5.5,
	Question: "Is a finetuned model more robust than models of its clean accuracy are anyway, or does its shift accuracy only go with its clean accuracy?",
	Reading: []string{
		"A line logit(shift) = slope x logit(clean) + intercept is fitted through the models that were not finetuned; effective robustness is how far a model lies above it, in points.",
		"Clean accuracy is that on the classes of the shift set.",
		"In brackets: the residual plus and minus t (n - 2 degrees of freedom) times the spread of the baselines. With a handful of baselines of close clean accuracies, as here, the line is weak: Taori et al. have 204 models. Read the sign, not the digits; a line extrapolates where a model lies outside the baselines.",
	},
	Points:  effectivePoints,
	Measure: Measure{Sets: true},
	Tell:    tellEffective,
}

// baselineFamilies are embedded models that were not finetuned, to fit the line
// through; those that this build does not ship are left out.
var baselineFamilies = []string{"vit", "vit-seed1", "vit-seed2", "augreg", "deit"}

func effectivePoints(ctx context.Context, w *Work) ([]Point, error) {
	points, err := compared(ctx, w)
	if err != nil {
		return nil, err
	}
	have := map[string]bool{}
	for _, b := range w.Bases {
		have[b.Name] = true
	}
	var missing []string
	for _, family := range baselineFamilies {
		if slices.Contains(demo.Families(), family) && !have[family] {
			missing = append(missing, family)
		}
	}
	further, err := w.Open(missing...)
	if err != nil {
		return nil, err
	}
	for _, b := range further {
		points = append(points, before(b))
	}
	return points, nil
}

// shiftPoint is a model's accuracy on the shift sets as one, and on the clean
// images of their classes.
func (o *Outcome) shiftPoint(ctx context.Context, p Point, sets []string) (evaluate.ShiftPoint, error) {
	shift, err := o.pooled(ctx, p.Name, sets)
	if err != nil {
		return evaluate.ShiftPoint{}, err
	}
	clean, err := o.Records(ctx, p.Name, o.Clean())
	return evaluate.ShiftPoint{Model: p.Base.Title + ", " + p.Title, Clean: evaluate.CleanOn(clean, shift), Shift: evaluate.Accuracy(shift, 1, nil)}, err
}

// fitted is a line with all models about it.
type fitted struct {
	part
	fit    evaluate.RobustnessFit
	models []evaluate.ShiftPoint // in the order of the points
}

func (o *Outcome) fitted(ctx context.Context, p part) (fitted, error) {
	f := fitted{part: p}
	var baselines []evaluate.ShiftPoint
	for _, point := range o.points {
		s, err := o.shiftPoint(ctx, point, p.sets)
		if err != nil {
			return f, err
		}
		f.models = append(f.models, s)
		if point.Spec.Finetune == nil {
			baselines = append(baselines, s)
		}
	}
	var err error
	f.fit, err = evaluate.FitRobustness(baselines)
	return f, err
}

const effectiveClaim = "Finetuning raises effective robustness: more than the clean accuracy explains"

func tellEffective(ctx context.Context, o *Outcome) error {
	shifts := o.ShiftSets()
	parts := []part{{"all", "all, pooled", shifts}}
	for _, set := range shifts {
		parts = append(parts, part{set, evaluate.Title(set), []string{set}})
	}
	var fits []fitted
	if len(shifts) == 0 || o.Clean() == shifts[0] {
		o.Say(untested(effectiveClaim, beyondPaper, "There must be a clean and a shift set."))
		return nil
	}
	for _, p := range parts {
		f, err := o.fitted(ctx, p)
		if err != nil { // too few baselines, or baselines alike
			o.Say(untested(effectiveClaim, beyondPaper, err.Error()+"."))
			return nil
		}
		fits = append(fits, f)
	}
	o.Add(Section{Title: "Above the line of the models that were not finetuned", Tables: []Table{o.effectiveTable(fits)}, Plots: []Plot{o.effectivePlot(fits[0])}})
	lines := Section{Title: "The lines", Tables: []Table{lineTable(fits)}, Collapsed: true}
	for _, f := range fits[1:] {
		lines.Plots = append(lines.Plots, o.effectivePlot(f))
	}
	o.Add(lines)
	o.claimEffective(fits[0])
	return nil
}

// effectiveTable is the residual of every model for every line.
func (o *Outcome) effectiveTable(fits []fitted) Table {
	t := Table{Name: "effective-robustness", Title: "Effective robustness, points", Corner: "model", Note: "≈: within t times the spread of the baselines, whose own residuals stand first."}
	for _, f := range fits {
		t.Columns = append(t.Columns, Column{Name: f.title})
	}
	var finetuned []Row
	last := ""
	for i, p := range o.points {
		row := Row{Name: p.Base.Title + ", " + p.Title}
		for _, f := range fits {
			e := f.fit.Of(f.models[i])
			margin := f.fit.Margin()
			row.Cells = append(row.Cells, Cell{Value: pointer(e.Points), Low: pointer(e.Points - margin), High: pointer(e.Points + margin), Digits: 1, Change: true, Noise: e.Points < margin && e.Points > -margin})
		}
		if p.Spec.Finetune == nil {
			t.Rows = append(t.Rows, row)
			continue
		}
		row.Rule, last = last != p.Base.Name, p.Base.Name
		finetuned = append(finetuned, row)
	}
	t.Rows = append(t.Rows, finetuned...)
	return t
}

// lineTable says what the lines rest on.
func lineTable(fits []fitted) Table {
	t := Table{Name: "lines", Title: "Fitted lines", Corner: "shift set", Note: "Baselines: " + strings.Join(fits[0].fit.Baselines, "; ") + ". Spread: standard deviation of their residuals, n - 2. Clean: lowest and highest accuracy among them; the line is known only between.",
		Columns: []Column{{Name: "baselines"}, {Name: "slope"}, {Name: "intercept"}, {Name: "spread, points"}, {Name: "clean, %"}}}
	for _, f := range fits {
		low, high := 100.0, 0.0
		for _, m := range f.models {
			if slices.Contains(f.fit.Baselines, m.Model) {
				low, high = min(low, m.Clean.Percent), max(high, m.Clean.Percent)
			}
		}
		t.Rows = append(t.Rows, Row{Name: f.title, Cells: []Cell{number(float64(len(f.fit.Baselines)), 0), number(f.fit.Slope, 2), number(f.fit.Intercept, 2), number(f.fit.Spread, 1), words(fmt.Sprintf("%.1f to %.1f", low, high))}})
	}
	return t
}

// effectivePlot is shift against clean accuracy, with a straight line through the
// models that were not finetuned; over so short a range it is the logit's.
func (o *Outcome) effectivePlot(f fitted) Plot {
	plot := Plot{Kind: Scatter, Title: f.title, X: "clean R@1 on the classes of the shift set, %", Y: "shift R@1, %", Caption: "Line: a straight fit through the models that were not finetuned; the tables fit logits, which over a short range is nearly the same."}
	byArm := map[string]*Series{}
	var order []string
	for i, p := range o.points {
		m := f.models[i]
		s := byArm[p.Title]
		if s == nil {
			s = &Series{Name: p.Title, Fit: p.Spec.Finetune == nil}
			byArm[p.Title] = s
			order = append(order, p.Title)
		}
		s.X, s.Y, s.Labels = append(s.X, round2(m.Clean.Percent)), append(s.Y, round2(m.Shift.Percent)), append(s.Labels, p.Base.Title)
	}
	for _, title := range order {
		plot.Series = append(plot.Series, *byArm[title])
	}
	return plot
}

// claimEffective: the residual must rise beyond what the baselines spread, and
// beyond that of every control.
func (o *Outcome) claimEffective(f fitted) {
	of := func(b *pool.Base, name string) float64 {
		for i, p := range o.points {
			if p.Base == b && p.Name == name {
				return f.fit.Of(f.models[i]).Points
			}
		}
		return 0
	}
	for _, a := range method {
		n, text := 0, ""
		for _, b := range o.Bases {
			was, is := of(b, original(b)), of(b, named(b, a))
			best := 0.0
			for i, c := range controlsOf(a) {
				if r := of(b, named(b, c)); i == 0 || r > best {
					best = r
				}
			}
			if is-was > f.fit.Margin() && is > best {
				n++
			}
			text += fmt.Sprintf("%s %+.1f before, %+.1f after, its best control %+.1f. ", b.Title, noZero(was), noZero(is), noZero(best))
		}
		o.Say(Claim{Claim: effectiveClaim + " (" + a.Title + ")", Source: beyondPaper, Verdict: share(n, len(o.Bases)),
			Text: text + fmt.Sprintf("Held where the rise passes %.1f points (t times the spread of %d baselines) and the best control's residual. ", f.fit.Margin(), len(f.fit.Baselines)) + weakness(f.fit)})
	}
}

// weakness says what a fit is worth.
func weakness(fit evaluate.RobustnessFit) string {
	text := "So few baselines make this a weak test."
	if fit.Slope < 0.2 { // Taori et al. find slopes near 1
		text += fmt.Sprintf(" The slope is %.2f: among these baselines the clean accuracy says next to nothing about the shift accuracy, and the residual is little more than the accuracy itself.", fit.Slope)
	}
	return text
}

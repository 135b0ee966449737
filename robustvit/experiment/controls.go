package experiment

import (
	"context"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

// controlsStudy asks what finetuning on the same images does without the
// relevance loss.
var controlsStudy = Experiment{
	Name: "controls", Title: "Controls", Paper: "beyond the paper", Minutes: 6,
	Question: "How much of the method's gain comes from finetuning on these images at all: from cross-entropy, from confidence alone, from another hold on the predictions?",
	Reading: []string{
		"Every row starts from the same weights and sees the same images for the same steps.",
		"Controls over all classes go with the method as published and have its rate; those over the finetuned classes go with ours.",
		"\"KL to the original\" is not a control: it keeps the relevance loss and holds the predictions by their divergence from the original's outputs in place of Eq. 4.",
	},
	Points:  compared,
	Measure: Measure{Sets: true, MapsWithMasks: true},
	Tell:    tellControls,
}

// departureLast puts the KL variant, which is no control, after the method.
func departureLast(points []Point) []Point {
	var ordered []Point
	for i := 0; i < len(points); {
		var held []Point
		first := i
		for ; i < len(points) && points[i].Base.Name == points[first].Base.Name; i++ {
			if armName(points[i]) == KL.Name {
				held = append(held, points[i])
			} else {
				ordered = append(ordered, points[i])
			}
		}
		ordered = append(ordered, held...)
	}
	return ordered
}

// holds are the controls without the relevance loss.
var holds = []Arm{CrossEntropy, CrossEntropyFinetuned, Confidence, ConfidenceFinetuned}

func tellControls(ctx context.Context, o *Outcome) error {
	o.points = departureLast(o.points)
	changes, err := o.aspectTable(ctx, "changes", o.points, o.aspects(), nil)
	if err != nil {
		return err
	}
	section := Section{Title: "Change against the original", Lead: "Each finetuned model against its own pretrained one, on the same images.", Tables: []Table{changes}}
	for _, b := range o.Bases {
		plot, err := o.aspectPlot(ctx, b, o.of(b))
		if err != nil {
			return err
		}
		section.Plots = append(section.Plots, plot)
	}
	o.Add(section)
	if err := o.tellMoved(ctx); err != nil {
		return err
	}
	return o.claimsControls(ctx)
}

// aspectPlot is the change of points of a base, one row a point, one series an
// aspect.
func (o *Outcome) aspectPlot(ctx context.Context, b *pool.Base, points []Point) (Plot, error) {
	plot := Plot{Kind: Changes, Title: b.Title + ": change in R@1", X: "points", Caption: "95 % paired bootstrap over images. Set A: the finetuned classes; set B: the others."}
	for _, p := range points {
		if p.Name != original(b) {
			plot.Names = append(plot.Names, p.Title)
		}
	}
	for _, a := range o.aspects() {
		s := Series{Name: a.short()}
		for _, p := range points {
			if p.Name == original(b) {
				continue
			}
			d, err := o.Delta(ctx, original(b), p.Name, a.sets, a.filter(p))
			if err != nil {
				return plot, err
			}
			s.Y, s.Low, s.High = append(s.Y, round2(d.Points)), append(s.Low, round2(d.Low)), append(s.High, round2(d.High))
		}
		plot.Series = append(plot.Series, s)
	}
	return plot, nil
}

// movement is how far a model's answers are from the original's.
type movement struct {
	agreement  evaluate.Rate     // same first class
	confidence evaluate.Estimate // change of the confidence in the first class, points
}

// answersMoved compares answers image by image over sets together.
func answersMoved(before, after []evaluate.Record) (movement, error) {
	same, was, is := 0, make([]float64, len(before)), make([]float64, len(after))
	for i := range min(len(before), len(after)) {
		if len(before[i].Top) > 0 && len(after[i].Top) > 0 && before[i].Top[0] == after[i].Top[0] {
			same++
		}
		was[i], is[i] = firstConfidence(before[i]), firstConfidence(after[i])
	}
	c, err := evaluate.MeanChange(was, is)
	return movement{evaluate.NewRate(same, len(before)), c}, err
}

func firstConfidence(r evaluate.Record) float64 {
	if len(r.Confidence) == 0 {
		return 0
	}
	return 100 * r.Confidence[0]
}

// tellMoved adds the table of what changed beside accuracy: answers, confidence,
// maps.
func (o *Outcome) tellMoved(ctx context.Context) error {
	sets := map[string][]string{evaluate.Title(o.Clean()): {o.Clean()}}
	groups := []string{evaluate.Title(o.Clean())}
	if shifts := o.ShiftSets(); len(shifts) > 0 {
		name := shiftName(shifts)
		sets[name], groups = shifts, append(groups, name)
	}
	t := Table{Name: "moved", Title: "How far the answers and the maps moved", Corner: "model",
		Note: "Agreement: images whose first class is the original's, %. Confidence: change in the probability of the first class, points. mIoU: of the relevance maps against the objects' masks, change in points. All against the original on the same images."}
	for _, g := range groups {
		t.Columns = append(t.Columns, Column{Name: "agreement", Group: g}, Column{Name: "confidence", Group: g})
	}
	t.Columns = append(t.Columns, Column{Name: "mIoU", Group: "maps"})
	last := ""
	for _, p := range o.points {
		if p.Name == original(p.Base) {
			continue
		}
		row := Row{Name: p.Base.Title + ", " + p.Title, Rule: last != "" && last != p.Base.Name}
		for _, g := range groups {
			m, err := o.movedOn(ctx, p, sets[g])
			if err != nil {
				return err
			}
			row.Cells = append(row.Cells, rate(m.agreement), estimated(m.confidence))
		}
		overlap, err := o.overlapCell(ctx, p)
		if err != nil {
			return err
		}
		row.Cells, last = append(row.Cells, overlap), p.Base.Name
		t.Rows = append(t.Rows, row)
	}
	o.Add(Section{Title: "Answers, confidence and maps", Lead: "A control that hardly moves the answers may still move confidence or maps.", Tables: []Table{t}})
	return nil
}

func (o *Outcome) movedOn(ctx context.Context, p Point, sets []string) (movement, error) {
	was, err := o.pooled(ctx, original(p.Base), sets)
	if err != nil {
		return movement{}, err
	}
	is, err := o.pooled(ctx, p.Name, sets)
	if err != nil {
		return movement{}, err
	}
	return answersMoved(was, is)
}

// overlapCell is the change in mIoU of the maps against the original's.
func (o *Outcome) overlapCell(ctx context.Context, p Point) (Cell, error) {
	if masks, err := hasMasks(p.Base); err != nil || !masks {
		return words("no masks"), err
	}
	was, err := o.Maps(ctx, original(p.Base), pool.MapSet)
	if err != nil {
		return Cell{}, err
	}
	is, err := o.Maps(ctx, p.Name, pool.MapSet)
	if err != nil {
		return Cell{}, err
	}
	d, err := evaluate.CompareMaps(was, is, nil)
	return estimated(d.MeanIoU), err
}

package experiment

import (
	"context"
	"fmt"
	"math"
	"strings"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/experiment/paper"
	"github.com/robustvit/workbench/robustvit/pool"
)

func tellDraws(ctx context.Context, o *Outcome) error {
	changes, err := o.drawChanges(ctx)
	if err != nil {
		return err
	}
	section := Section{Title: "Change over the draws", Lead: "Mean change in R@1 over the shift sets, each finetuned model against its own pretrained one and against the controls of the same draw.", Tables: []Table{changes}}
	for _, b := range o.Bases {
		plot, err := o.drawPlot(ctx, b)
		if err != nil {
			return err
		}
		section.Plots = append(section.Plots, plot)
	}
	o.Add(section)
	for _, k := range []int{1, 5} {
		t, err := o.drawTable(ctx, k)
		if err != nil {
			return err
		}
		o.Add(Section{Title: fmt.Sprintf("R@%d (Table %d)", k, map[int]int{1: 8, 5: 9}[k]), Tables: []Table{t}, Collapsed: k == 5})
	}
	return o.claimsDraws(ctx)
}

// drawChanges are the draws one by one, then their mean.
func (o *Outcome) drawChanges(ctx context.Context) (Table, error) {
	shifts := o.ShiftSets()
	t := Table{Name: "draw-changes", Title: "Change in R@1 over the draws, points, " + shiftName(shifts), Corner: "model",
		Note: "In brackets: 95 % interval of the mean over draws (Student's t). ≈: it holds 0. Left: the classes of each draw differ."}
	for draw := range o.draws() {
		t.Columns = append(t.Columns, Column{Name: fmt.Sprintf("draw %d", draw+1), Group: "against the original"})
	}
	t.Columns = append(t.Columns, Column{Name: "mean", Group: "against the original"})
	for _, c := range drawnControls {
		t.Columns = append(t.Columns, Column{Name: c.Title, Group: "mean, against"})
	}
	for i, b := range o.Bases {
		for j, a := range drawnArms {
			row := Row{Name: b.Title + ", " + a.Title, Rule: i > 0 && j == 0}
			gains, err := o.drawGains(ctx, b, nil, a, shifts)
			if err != nil {
				return t, err
			}
			for _, g := range gains {
				row.Cells = append(row.Cells, Cell{Value: pointer(g), Digits: 1, Change: true})
			}
			row.Cells = append(row.Cells, spreadChange(spread(gains)))
			for _, c := range drawnControls {
				cell := words("–")
				if j >= len(drawnControls) {
					margins, err := o.drawGains(ctx, b, &c, a, shifts)
					if err != nil {
						return t, err
					}
					cell = spreadChange(spread(margins))
				}
				row.Cells = append(row.Cells, cell)
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t, nil
}

// drawTable is Table 8 or 9: mean and standard deviation by set.
func (o *Outcome) drawTable(ctx context.Context, k int) (Table, error) {
	t := Table{Name: fmt.Sprintf("draws-r%d", k), Title: fmt.Sprintf("R@%d, %%, mean ± standard deviation over %d draws", k, o.draws()), Corner: "model",
		Note: "Small: the paper's mean for its model of that family, on ImageNet; its standard deviation stands in the row below."}
	for _, set := range o.Sets {
		t.Columns = append(t.Columns, Column{Name: evaluate.Title(set)})
	}
	for i, b := range o.Bases {
		m, known := paperModel(b)
		row := Row{Name: b.Title + ", original", Rule: i > 0}
		published := paperTop(k)
		for _, set := range o.Sets {
			r, err := o.Top(ctx, original(b), set, k, nil)
			if err != nil {
				return t, err
			}
			row.Cells = append(row.Cells, plain(r).beside(published(before(b), set)))
		}
		t.Rows = append(t.Rows, row)
		for _, a := range drawnArms {
			row := Row{Name: b.Title + ", " + a.Title}
			for _, set := range o.Sets {
				values, err := o.drawTops(ctx, b, a, set, k)
				if err != nil {
					return t, err
				}
				cell := spreadCell(spread(values))
				if a.Name == Published.Name && known {
					mean, _, ok := paper.MultiSeed(m, paper.Ours, paper.Set(set), k)
					cell = cell.beside(mean, ok)
				}
				row.Cells = append(row.Cells, cell)
			}
			t.Rows = append(t.Rows, row)
			if a.Name == Published.Name && known {
				t.Rows = append(t.Rows, paperSpread(m, o.Sets, k))
			}
		}
	}
	return t, nil
}

// paperSpread is the paper's standard deviation by set.
func paperSpread(m paper.Model, sets []string, k int) Row {
	row := Row{Name: fmt.Sprintf("the paper's %s, mean ± deviation", m)}
	for _, set := range sets {
		cell := words("–")
		if mean, std, ok := paper.MultiSeed(m, paper.Ours, paper.Set(set), k); ok {
			cell = words(fmt.Sprintf("%.1f ± %.1f", mean, std))
		}
		row.Cells = append(row.Cells, cell)
	}
	return row
}

// drawPlot is the mean change by set of one base.
func (o *Outcome) drawPlot(ctx context.Context, b *pool.Base) (Plot, error) {
	plot := Plot{Kind: Changes, Title: b.Title + ": change in R@1 by set, mean of the draws", X: "points", Caption: "95 % interval of the mean over draws (Student's t)."}
	for _, set := range o.Sets {
		plot.Names = append(plot.Names, evaluate.Title(set))
	}
	for _, a := range drawnArms {
		s := Series{Name: a.Title}
		for _, set := range o.Sets {
			gains, err := o.drawGains(ctx, b, nil, a, []string{set})
			if err != nil {
				return plot, err
			}
			over := spread(gains)
			s.Y, s.Low, s.High = append(s.Y, round2(over.Mean)), append(s.Low, round2(over.Low)), append(s.High, round2(over.High))
		}
		plot.Series = append(plot.Series, s)
	}
	return plot, nil
}

// place is where the original lies relative to mean ± one standard error.
func place(original float64, draws evaluate.Spread) int {
	half := draws.Std / math.Sqrt(float64(max(draws.N, 1)))
	switch {
	case original < draws.Mean-half:
		return -1
	case original > draws.Mean+half:
		return 1
	}
	return 0
}

// claimsDraws: Appendix E's sentence as it stands, and what a claim needs here.
func (o *Outcome) claimsDraws(ctx context.Context) error {
	const sentence = "The original lies outside the standard error range of several draws, below it, on all shifted sets"
	for _, a := range method {
		outside := Claim{Claim: sentence + " (" + a.Title + ")", Source: "Appendix E, Tables 8 and 9"}
		steady := Claim{Claim: "The gain over the shift sets does not hang on the draw of the classes (" + a.Title + ")", Source: "Appendix E"}
		if o.draws() < 2 {
			outside.Verdict, steady.Verdict = NotTested, NotTested
			outside.Text, steady.Text = "One draw has no standard error; ask for more with --draws.", "One draw says nothing about others; ask for more with --draws."
		} else if err := o.judgeDraws(ctx, a, &outside, &steady); err != nil {
			return err
		}
		o.Say(outside)
		o.Say(steady)
	}
	return nil
}

func (o *Outcome) judgeDraws(ctx context.Context, a Arm, outside, steady *Claim) error {
	shifts := o.ShiftSets()
	below, of, beaten := 0, 0, 0
	var where, how []string
	for _, b := range o.Bases {
		counts, err := o.places(ctx, b, a, shifts)
		if err != nil {
			return err
		}
		below, of = below+counts[0], of+len(shifts)
		where = append(where, fmt.Sprintf("%s: below on %d of %d, above on %d", b.Title, counts[0], len(shifts), counts[2]))
		text, held, err := o.overDraws(ctx, b, a, shifts)
		if err != nil {
			return err
		}
		if held {
			beaten++
		}
		how = append(how, text)
	}
	outside.Verdict, steady.Verdict = share(below, of), share(beaten, len(o.Bases))
	if outside.Verdict == Held && steady.Verdict != Held {
		outside.Verdict = Partly
	}
	outside.Text = fmt.Sprintf("Shift sets on which the original is outside mean ± standard error of %d draws: %s. The range is that of one standard error; counted as held only where the next claim is too, as the controls may do the same.", o.draws(), strings.Join(where, "; "))
	steady.Text = fmt.Sprintf("Mean change in R@1 over the shift sets, 95 %% t interval over %d draws: %s.", o.draws(), strings.Join(how, "; "))
	return nil
}

// places counts the sets on which the original is below, inside and above.
func (o *Outcome) places(ctx context.Context, b *pool.Base, a Arm, sets []string) (counts [3]int, err error) {
	for _, set := range sets {
		was, err := o.Top(ctx, original(b), set, 1, nil)
		if err != nil {
			return counts, err
		}
		values, err := o.drawTops(ctx, b, a, set, 1)
		if err != nil {
			return counts, err
		}
		counts[1+place(was.Percent, spread(values))]++
	}
	return counts, nil
}

// overDraws tells the gain of a base, held where it exceeds 0 and both controls
// with the interval over draws.
func (o *Outcome) overDraws(ctx context.Context, b *pool.Base, a Arm, sets []string) (text string, held bool, err error) {
	gains, err := o.drawGains(ctx, b, nil, a, sets)
	if err != nil {
		return "", false, err
	}
	s := spread(gains)
	held, text = measured(s) && s.Low > 0, b.Title+" "+interval(s.Mean, s.Low, s.High)
	for _, c := range drawnControls {
		margins, err := o.drawGains(ctx, b, &c, a, sets)
		if err != nil {
			return "", false, err
		}
		m := spread(margins)
		held = held && measured(m) && m.Low > 0
		text += fmt.Sprintf(", against %s %s", c.Title, interval(m.Mean, m.Low, m.High))
	}
	return text, held, nil
}

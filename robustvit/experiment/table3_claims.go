package experiment

import (
	"context"
	"fmt"
	"strings"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

// mapMethod are the arms that the claim is made of.
var mapMethod = []Arm{Published, Ours, PublishedTokenCut, OursTokenCut}

// overlaps are the figures of Table 3, in the columns' order.
func overlaps(c evaluate.MapChange) []evaluate.Estimate {
	return []evaluate.Estimate{c.PixelAccuracy, c.MeanIoU, c.MeanAPBoth, c.MeanAP, c.MassOnObject}
}

func overlapCells(c evaluate.MapChange) []Cell {
	var cells []Cell
	for _, e := range overlaps(c) {
		cells = append(cells, estimated(e))
	}
	return cells
}

// overlapMargins is the method against its controls on the same images.
func (o *Outcome) overlapMargins(ctx context.Context) (Table, error) {
	t := Table{Name: "segmentation-controls", Title: "Method minus control, points", Corner: "model", Columns: overlapColumns(), Note: intervalNote}
	for i, b := range o.tested() {
		for j, a := range mapMethod {
			for k, control := range controlsOf(a) {
				c, err := o.mapChange(ctx, named(b, control), named(b, a), nil)
				if err != nil {
					return t, err
				}
				t.Rows = append(t.Rows, Row{Name: fmt.Sprintf("%s, %s minus %s", b.Title, a.Title, control.Title), Rule: i > 0 && j+k == 0, Cells: overlapCells(c)})
			}
		}
	}
	return t, nil
}

// overlapPlot is the change of every figure of one base.
func (o *Outcome) overlapPlot(ctx context.Context, b *pool.Base) (Plot, error) {
	plot := Plot{Kind: Changes, Title: b.Title + ": change of the maps against the original", X: "points", Caption: "95 % paired bootstrap over images."}
	for _, c := range overlapColumns() {
		plot.Names = append(plot.Names, c.Name)
	}
	for _, a := range []Arm{Published, Ours, OursTokenCut, CrossEntropyFinetuned, ConfidenceFinetuned} {
		c, err := o.mapChange(ctx, original(b), named(b, a), nil)
		if err != nil {
			return plot, err
		}
		s := Series{Name: a.Title}
		for _, e := range overlaps(c) {
			s.Y, s.Low, s.High = append(s.Y, round2(e.Value)), append(s.Low, round2(e.Low)), append(s.High, round2(e.High))
		}
		plot.Series = append(plot.Series, s)
	}
	return plot, nil
}

// rises says that the three figures of Table 3 rise with the interval.
func rises(c evaluate.MapChange) bool {
	return c.PixelAccuracy.Low > 0 && c.MeanIoU.Low > 0 && c.MeanAPBoth.Low > 0
}

func (o *Outcome) claimsTable3(ctx context.Context) error {
	for _, a := range mapMethod {
		n, bases := 0, o.tested()
		var text []string
		for _, b := range bases {
			c, err := o.mapChange(ctx, original(b), named(b, a), nil)
			if err != nil {
				return err
			}
			held := rises(c)
			part := fmt.Sprintf("%s mIoU %s, pixel accuracy %s, mAP %s", b.Title, estimate(c.MeanIoU), estimate(c.PixelAccuracy), estimate(c.MeanAPBoth))
			for _, control := range controlsOf(a) {
				m, err := o.mapChange(ctx, named(b, control), named(b, a), nil)
				if err != nil {
					return err
				}
				held = held && rises(m)
				part += fmt.Sprintf(", mIoU against %s %s", control.Title, estimate(m.MeanIoU))
			}
			if held {
				n++
			}
			text = append(text, part)
		}
		o.Say(Claim{Claim: "Segmentation metrics improve for all models (" + a.Title + ")", Source: "Table 3", Verdict: share(n, len(bases)),
			Text: fmt.Sprintf("Change against the original: %s. All three figures rise above original and controls on %d of %d.", strings.Join(text, "; "), n, len(bases))})
	}
	return nil
}

package experiment

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

const intervalNote = "In brackets: 95 % interval; of a change, a paired bootstrap over images. ≈: it holds 0. "

// lookup is the published number that belongs beside a cell.
type lookup func(p Point, set string) (float64, bool)

// accuracyTable is top-k of every point on every set, as in Tables 1 and 2, with
// the published number beside it.
func (o *Outcome) accuracyTable(ctx context.Context, name string, k int, points []Point, published lookup) (Table, error) {
	t := Table{Name: name, Title: fmt.Sprintf("R@%d, %%", k), Corner: "model", Note: "Small: the paper's number for its model of that family, on ImageNet; ours are on this data, so compare changes, not levels."}
	for _, set := range o.Work.Sets {
		t.Columns = append(t.Columns, Column{Name: evaluate.Title(set)})
	}
	last := ""
	for _, p := range points {
		row := Row{Name: p.Base.Title + ", " + p.Title, Rule: last != "" && last != p.Base.Name}
		for _, set := range o.Work.Sets {
			r, err := o.Top(ctx, p.Name, set, k, nil)
			if err != nil {
				return t, err
			}
			cell := plain(r)
			if published != nil {
				cell = cell.beside(published(p, set))
			}
			row.Cells = append(row.Cells, cell)
		}
		last = p.Base.Name
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// changeTable is the change of every point against its original: on the clean
// set, over the shift sets, on its finetuned classes and on the others.
func (o *Outcome) changeTable(ctx context.Context, name string, points []Point) (Table, error) {
	return o.aspectTable(ctx, name, points, o.changeAspects(), nil)
}

// changeAspects are the columns of changeTable.
func (w *Work) changeAspects() []aspect {
	return append([]aspect{w.cleanAspect(), w.shiftAspect()}, inHalves(w.shiftAspect())...)
}

func shiftName(shifts []string) string {
	if len(shifts) == 1 {
		return evaluate.Title(shifts[0])
	}
	return fmt.Sprintf("mean of %d shift sets", len(shifts))
}

// changePlot is the change on every set of the given points of one base.
func (o *Outcome) changePlot(ctx context.Context, b *pool.Base, points []Point) (Plot, error) {
	plot := Plot{Kind: Changes, Title: b.Title + ": change in R@1 by set", X: "points", Caption: "95 % paired bootstrap over images."}
	for _, set := range o.Work.Sets {
		plot.Names = append(plot.Names, evaluate.Title(set))
	}
	for _, p := range points {
		if p.Name == original(b) {
			continue
		}
		s := Series{Name: p.Title}
		for _, set := range o.Work.Sets {
			d, err := o.Delta(ctx, original(b), p.Name, []string{set}, nil)
			if err != nil {
				return plot, err
			}
			s.Y, s.Low, s.High = append(s.Y, round2(d.Points)), append(s.Low, round2(d.Low)), append(s.High, round2(d.High))
		}
		plot.Series = append(plot.Series, s)
	}
	return plot, nil
}

package experiment

import (
	"context"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/experiment/paper"
	"github.com/robustvit/workbench/robustvit/pool"
)

// table3 is the relevance segmentation test.
var table3 = Experiment{
	Name: "table-3", Title: "Relevance segmentation test", Paper: "Table 3", Minutes: 6,
	Question: "Do the relevance maps agree better with the object's mask after finetuning, and more than a control's?",
	Reading: []string{
		"Each map is that of the model's own predicted class, thresholded at its mean; right or wrong predictions count alike unless a table says otherwise.",
		"mAP is the paper's, which ranks background pixels too; \"foreground\" ranks the object's pixels alone.",
		"Mass on object is the share of the map's sum inside the mask: a map that is spread evenly has the object's share of the picture.",
		"A claim counts as held where pixel accuracy, mIoU and mAP all rise above the original and above each control with the 95 % interval.",
	},
	Points: func(_ context.Context, w *Work) ([]Point, error) {
		var tested []*pool.Base
		for _, b := range w.Bases {
			masks, err := hasMasks(b)
			if err != nil {
				return nil, err
			}
			if masks {
				tested = append(tested, b)
			}
		}
		arms := trained()
		return grid(tested, append(arms, PublishedTokenCut, OursTokenCut)...), nil
	},
	Measure: Measure{Maps: true},
	Tell:    tellTable3,
}

// tested are the bases whose data have masks.
func (o *Outcome) tested() []*pool.Base {
	var bases []*pool.Base
	for _, b := range o.Bases {
		if o.Has(original(b)) {
			bases = append(bases, b)
		}
	}
	return bases
}

func tellTable3(ctx context.Context, o *Outcome) error {
	if len(o.tested()) == 0 {
		o.Say(Claim{Claim: "Segmentation metrics improve for all models", Source: "Table 3", Verdict: NotTested,
			Text: "These data have no masks to test maps against; put them beside the images, such as val_masks beside val."})
		return nil
	}
	all, err := o.overlapTable(ctx, "segmentation", "Relevance segmentation test, %", nil)
	if err != nil {
		return err
	}
	changes, err := o.overlapChanges(ctx, "segmentation-changes", "Change against the original, points", nil)
	if err != nil {
		return err
	}
	margins, err := o.overlapMargins(ctx)
	if err != nil {
		return err
	}
	section := Section{Title: "Maps against masks", Lead: "All images of the segmentation test.", Tables: []Table{changes, margins, all}}
	if len(o.tested()) < len(o.Bases) {
		section.Lead += " Models whose data have no masks are left out."
	}
	for _, b := range o.tested() {
		plot, err := o.overlapPlot(ctx, b)
		if err != nil {
			return err
		}
		section.Plots = append(section.Plots, plot)
	}
	o.Add(section)
	correct, err := o.overlapTable(ctx, "segmentation-right", "On the images that the model classifies correctly, %", func(r evaluate.MapRecord) bool { return r.Right })
	if err != nil {
		return err
	}
	both, err := o.overlapChanges(ctx, "segmentation-changes-both-right", "Change on the images that both models classify correctly, points", evaluate.BothRight)
	if err != nil {
		return err
	}
	o.Add(Section{Title: "Correctly classified images", Lead: "The maps of wrong classes left out: what changes here is not moved by predictions that became right or wrong.", Tables: []Table{both, correct}})
	return o.claimsTable3(ctx)
}

// overlapTable is Table 3 with the models as rows.
func (o *Outcome) overlapTable(ctx context.Context, name, title string, keep func(evaluate.MapRecord) bool) (Table, error) {
	t := Table{Name: name, Title: title, Corner: "model", Columns: overlapColumns(),
		Note: "Small: the paper's number for its model of that family, on ImageNet-S; compare changes, not levels."}
	t.Columns = append(t.Columns, Column{Name: "images"})
	if keep != nil {
		t.Note = "Each model has its own correct images; the table above compares the same ones."
	}
	last := ""
	for _, p := range o.points {
		records, err := o.Maps(ctx, p.Name, pool.MapSet)
		if err != nil {
			return t, err
		}
		s := evaluate.MapSummaryOf(records, keep)
		cells := []Cell{number(s.PixelAccuracy, 1), number(s.MeanIoU, 1), number(s.MeanAPBoth, 1), number(s.MeanAP, 1), number(s.MassOnObject, 1)}
		if published, ok := paperOverlap(p); ok && keep == nil {
			for i, x := range []float64{published.PixelAccuracy, published.MIoU, published.MAP} {
				cells[i] = cells[i].beside(x, true)
			}
		}
		t.Rows = append(t.Rows, Row{Name: p.Base.Title + ", " + p.Title, Rule: last != "" && last != p.Base.Name, Cells: append(cells, number(float64(s.N), 0))})
		last = p.Base.Name
	}
	return t, nil
}

func overlapColumns() []Column {
	return []Column{{Name: "pixel acc."}, {Name: "mIoU"}, {Name: "mAP"}, {Name: "mAP, foreground"}, {Name: "mass on object"}}
}

// paperOverlap is the row of Table 3 that belongs beside a point.
func paperOverlap(p Point) (paper.Overlap, bool) {
	m, ok := paperModel(p.Base)
	method, known := paperMethods[armName(p)]
	if !ok || !known {
		return paper.Overlap{}, false
	}
	return paper.Segmentation(m, method)
}

// overlapChanges is the change of every figure against the original.
func (o *Outcome) overlapChanges(ctx context.Context, name, title string, keep func(before, after evaluate.MapRecord) bool) (Table, error) {
	t := Table{Name: name, Title: title, Corner: "model", Columns: append(overlapColumns(), Column{Name: "images"}), Note: intervalNote}
	if keep == nil {
		t.Note += "Small: the paper's change for its model of that family."
	}
	last := ""
	for _, p := range o.points {
		from := original(p.Base)
		if p.Name == from {
			continue
		}
		c, err := o.mapChange(ctx, from, p.Name, keep)
		if err != nil {
			return t, err
		}
		cells := overlapCells(c)
		if after, ok := paperOverlap(p); ok && keep == nil {
			if was, ok := paperOverlap(before(p.Base)); ok {
				for i, x := range []float64{after.PixelAccuracy - was.PixelAccuracy, after.MIoU - was.MIoU, after.MAP - was.MAP} {
					cells[i] = cells[i].beside(x, true)
				}
			}
		}
		t.Rows = append(t.Rows, Row{Name: p.Base.Title + ", " + p.Title, Rule: last != "" && last != p.Base.Name, Cells: append(cells, number(float64(c.MeanIoU.N), 0))})
		last = p.Base.Name
	}
	return t, nil
}

// mapChange pairs the maps of two points.
func (o *Outcome) mapChange(ctx context.Context, from, to string, keep func(before, after evaluate.MapRecord) bool) (evaluate.MapChange, error) {
	a, err := o.Maps(ctx, from, pool.MapSet)
	if err != nil {
		return evaluate.MapChange{}, err
	}
	b, err := o.Maps(ctx, to, pool.MapSet)
	if err != nil {
		return evaluate.MapChange{}, err
	}
	return evaluate.CompareMaps(a, b, keep)
}

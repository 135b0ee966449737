package experiment

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

func tellExplanations(ctx context.Context, o *Outcome) error {
	found := map[string]explained{}
	for _, p := range o.points {
		e, err := o.explained(ctx, p)
		if err != nil {
			return err
		}
		found[p.Name] = e
	}
	changes, err := o.explanationChanges(found)
	if err != nil {
		return err
	}
	carried, err := o.carriedTable(found)
	if err != nil {
		return err
	}
	o.Add(Section{Title: "What changes with finetuning", Lead: "Against the original on the same images: overlap with the object, and lead over a random order.", Tables: []Table{changes, carried}})
	levels := Section{Title: "Every explainer", Collapsed: true}
	for _, tell := range []func(map[string]explained) (Table, error){o.explainerOverlap, o.faithfulTable} {
		t, err := tell(found)
		if err != nil {
			return err
		}
		levels.Tables = append(levels.Tables, t)
	}
	curves := Section{Title: "Insertion and deletion", Lead: "GAE's order and a random one, before and after."}
	for _, b := range o.Bases {
		plots, err := o.faithfulCurves(b, found)
		if err != nil {
			return err
		}
		curves.Plots = append(curves.Plots, plots...)
		gallery, err := o.explainerGallery(ctx, b)
		if err != nil {
			return err
		}
		levels.Galleries = append(levels.Galleries, gallery)
	}
	o.Add(curves)
	o.Add(levels)
	return o.claimsExplanations(found)
}

var gaeName = robustvit.GAEExplainer.String()

// explanationChanges is the change of GAE's maps by every arm.
func (o *Outcome) explanationChanges(found map[string]explained) (Table, error) {
	t := Table{Name: "explanation-changes", Title: "GAE's maps: change against the original, points", Corner: "model", Columns: comparisonColumns, Note: intervalNote + "mAP: of the foreground."}
	last := ""
	for _, p := range o.points {
		if p.Name == original(p.Base) {
			continue
		}
		c, err := compareExplained(found[original(p.Base)], found[p.Name], gaeName)
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, Row{Name: p.Base.Title + ", " + p.Title, Rule: last != "" && last != p.Base.Name, Cells: c.cells()})
		last = p.Base.Name
	}
	return t, nil
}

// comparisonColumns head what cells returns.
var comparisonColumns = []Column{{Name: "mIoU", Group: "overlap"}, {Name: "mAP", Group: "overlap"}, {Name: "mass on object", Group: "overlap"}, {Name: "lead over random", Group: "faithfulness"}}

func (c comparison) cells() []Cell {
	return []Cell{moved(c.maps.MeanIoU, 1), moved(c.maps.MeanAP, 1), moved(c.maps.MassOnObject, 1), moved(c.lead, 1)}
}

// carriedTable is the change by ours of every explainer.
func (o *Outcome) carriedTable(found map[string]explained) (Table, error) {
	t := Table{Name: "explainers-carried", Title: "Ours, by explainer: change against the original, points", Corner: "explainer", Columns: comparisonColumns, Note: intervalNote + "Only GAE's maps were trained."}
	for i, b := range o.Bases {
		for j, kind := range explainerNames() {
			c, err := compareExplained(found[original(b)], found[named(b, Ours)], kind)
			if err != nil {
				return t, err
			}
			t.Rows = append(t.Rows, Row{Name: b.Title + ", " + kind, Rule: i > 0 && j == 0, Cells: c.cells()})
		}
	}
	return t, nil
}

// compareArms are the models that the tables by explainer show.
func (o *Outcome) compareArms(b *pool.Base) []Point {
	return append([]Point{before(b)}, o.some(b, Published, Ours)...)
}

func (o *Outcome) armColumns(groups ...Column) []Column {
	var columns []Column
	for _, g := range groups {
		for _, p := range o.compareArms(o.Bases[0]) {
			columns = append(columns, Column{Name: p.Title, Group: g.Name, LowerIsBetter: g.LowerIsBetter})
		}
	}
	return columns
}

// explainerOverlap is the overlap of every explainer's maps.
func (o *Outcome) explainerOverlap(found map[string]explained) (Table, error) {
	t := Table{Name: "explainer-overlap", Title: "Overlap with the object, %", Corner: "explainer", Columns: o.armColumns(Column{Name: "mIoU"}, Column{Name: "mAP"}, Column{Name: "mass on object"})}
	for i, b := range o.Bases {
		for j, kind := range explainerNames() {
			row := Row{Name: b.Title + ", " + kind, Rule: i > 0 && j == 0}
			for _, of := range []func(evaluate.MapSummary) float64{
				func(s evaluate.MapSummary) float64 { return s.MeanIoU }, func(s evaluate.MapSummary) float64 { return s.MeanAP }, func(s evaluate.MapSummary) float64 { return s.MassOnObject },
			} {
				for _, p := range o.compareArms(b) {
					s := evaluate.MapSummaryOf(found[p.Name].maps[kind], nil)
					cell := number(of(s), 1)
					if s.N == 0 {
						cell = words("–")
					}
					row.Cells = append(row.Cells, cell)
					t.Note = fmt.Sprintf("%d images.", s.N)
				}
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t, nil
}

// faithfulTable is the faithfulness of every explainer and of a random order.
func (o *Outcome) faithfulTable(found map[string]explained) (Table, error) {
	t := Table{Name: "explainer-faithfulness", Title: "Faithfulness, %", Corner: "explainer", Columns: o.armColumns(Column{Name: "insertion"}, Column{Name: "deletion", LowerIsBetter: true}, Column{Name: "lead over random"})}
	for i, b := range o.Bases {
		for j, kind := range append(explainerNames(), randomOrder) {
			row := Row{Name: b.Title + ", " + kind, Rule: i > 0 && j == 0}
			var insertion, deletion, lead []Cell
			for _, p := range o.compareArms(b) {
				f, err := evaluate.FaithfulnessOf(found[p.Name].faithful[kind])
				if err != nil {
					return t, err
				}
				l, err := found[p.Name].lead(kind)
				if err != nil {
					return t, err
				}
				cell := level(l, 1)
				if kind == randomOrder {
					cell = words("–")
				}
				insertion, deletion, lead = append(insertion, number(f.Insertion.AUC.Value, 1)), append(deletion, number(f.Deletion.AUC.Value, 1)), append(lead, cell)
				t.Note = fmt.Sprintf("%d images, the probability of the class predicted from the whole image. Insertion and deletion of two models cannot be compared: a more confident model has more of both; their leads can.", f.N)
			}
			row.Cells = append(append(insertion, deletion...), lead...)
			t.Rows = append(t.Rows, row)
		}
	}
	return t, nil
}

// faithfulCurves are GAE's curves before and after, with those of a random order.
func (o *Outcome) faithfulCurves(b *pool.Base, found map[string]explained) ([]Plot, error) {
	insertion := Plot{Kind: Curves, Title: b.Title + ": insertion", X: "pixels brought back, %", Y: "probability, %", Caption: "Bands: 95 % bootstrap over images."}
	deletion := Plot{Kind: Curves, Title: b.Title + ": deletion", X: "pixels greyed, %", Y: "probability, %", Caption: "Bands: 95 % bootstrap over images."}
	for _, kind := range []string{gaeName, randomOrder} {
		for _, p := range o.compareArms(b) {
			f, err := evaluate.FaithfulnessOf(found[p.Name].faithful[kind])
			if err != nil {
				return nil, err
			}
			name := p.Title + ", " + kind
			insertion.Series = append(insertion.Series, curveSeries(name, f.Shares, f.Insertion, kind == gaeName))
			deletion.Series = append(deletion.Series, curveSeries(name, f.Shares, f.Deletion, kind == gaeName))
		}
	}
	return []Plot{insertion, deletion}, nil
}

func curveSeries(name string, x []float64, c evaluate.Curve, band bool) Series {
	s := Series{Name: name}
	for i, y := range c.Mean {
		s.X, s.Y = append(s.X, round2(x[i])), append(s.Y, round2(y))
		if band {
			s.Low, s.High = append(s.Low, round2(c.Low[i])), append(s.High, round2(c.High[i]))
		}
	}
	return s
}

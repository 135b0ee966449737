package experiment

import (
	"context"
	"fmt"
	"strings"

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
	t := Table{Name: "explanation-changes", Title: "GAE's maps: change against the original, points", Corner: "model", Columns: comparisonColumns, Note: intervalNote}
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

// explainerGallery shows a few images by every explainer, before and after.
func (o *Outcome) explainerGallery(ctx context.Context, b *pool.Base) (Gallery, error) {
	g := Gallery{Title: b.Title, Columns: append([]string{"Image"}, explainerNames()...), Note: "Images drawn by a hash. Each map is scaled to its own range and shows the class that the model predicts."}
	size, err := o.explanationSize(b)
	if err != nil {
		return g, err
	}
	test, err := o.Test(ctx, before(b), size.Set)
	if err != nil {
		return g, err
	}
	chosen := drawByHash(spaced(test.Data.Len(), size.Faithful), func(i int) string { return test.Data.Entry(i).ID }, galleryImages, fmt.Sprintf("%d/explanations", o.Seed))
	for k, i := range chosen {
		s, err := look(ctx, test, i, b.Model.Variant.ImageSize)
		if err != nil {
			return g, err
		}
		file := fmt.Sprintf("pictures/%s-%d.png", b.Name, k+1)
		if err := o.savePicture(file, s.picture); err != nil {
			return g, err
		}
		for _, p := range append([]Point{before(b)}, o.some(b, Ours)...) {
			row := GalleryRow{Label: s.ID + ", " + p.Title, Pictures: []Picture{{File: file}}}
			err := o.Predict(ctx, p, func(model *robustvit.Predictor) error {
				return o.explainPicture(model, p.className(test, s.Class), s, file, p, &row)
			})
			if err != nil {
				return g, err
			}
			g.Rows = append(g.Rows, row)
		}
	}
	return g, nil
}

// explainPicture adds the maps of one image by one model to its row.
func (o *Outcome) explainPicture(model *robustvit.Predictor, name string, s seen, file string, p Point, row *GalleryRow) error {
	row.Pictures[0].Caption = name
	for _, kind := range robustvit.Explainers() {
		e, err := model.ExplainWith(kind, s.input, nil, 1)
		if err != nil {
			return err
		}
		order, _ := robustvit.Rank(e.Logits[:model.Variant().Outputs()])
		row.Pictures[0].Mark = "wrong"
		if order[0] == s.Class {
			row.Pictures[0].Mark = "right"
		}
		relevance := strings.TrimSuffix(file, ".png") + "-" + armName(p) + "-" + kind.String() + ".png"
		if err := o.saveMap(relevance, e.Maps, model.Variant().ImageSize); err != nil {
			return err
		}
		row.Pictures = append(row.Pictures, Picture{File: file, Relevance: relevance})
	}
	return nil
}

// claimsExplanations judges whether the maps are more faithful, and whether other
// explainers agree.
func (o *Outcome) claimsExplanations(found map[string]explained) error {
	const prettier, faithful, agree = "Maps cover the object better", "Maps are more faithful to the model, not only prettier", "Explainers that were not trained on cover the object better too"
	covered, better, carried, text, others := 0, 0, 0, "", ""
	masks := false
	for _, b := range o.Bases {
		c, err := compareExplained(found[original(b)], found[named(b, Ours)], gaeName)
		if err != nil {
			return err
		}
		masks = masks || c.maps.MeanIoU.N > 0
		beaten, said, err := o.beatsControls(b, found)
		if err != nil {
			return err
		}
		if c.maps.MeanIoU.Low > 0 && beaten.overlap {
			covered++
		}
		if c.lead.Low > 0 && beaten.lead {
			better++
		}
		text += fmt.Sprintf("%s: mIoU %s, lead %s; %s. ", b.Title, spelled(c.maps.MeanIoU), spelled(c.lead), said)
		up, of := 0, 0
		for _, kind := range explainerNames()[1:] {
			c, err := compareExplained(found[original(b)], found[named(b, Ours)], kind)
			if err != nil {
				return err
			}
			if of++; c.maps.MeanIoU.Low > 0 {
				up++
			}
			others += fmt.Sprintf("%s, %s %s. ", b.Title, kind, spelled(c.maps.MeanIoU))
		}
		if up == of {
			carried++
		}
	}
	n := len(o.Bases)
	note := "Ours against the original, and against its controls on the same images."
	if masks {
		o.Say(Claim{Claim: prettier, Source: "Table 3", Verdict: share(covered, n), Text: text + note})
		o.Say(Claim{Claim: agree, Source: beyondPaper, Verdict: share(carried, n), Text: "Change of the mIoU: " + others + "Counted where all four rise with their interval."})
	} else {
		o.Say(untested(prettier, "Table 3", "The data have no masks to test maps against."))
		o.Say(untested(agree, beyondPaper, "The data have no masks to test maps against."))
	}
	o.Say(Claim{Claim: faithful, Source: beyondPaper, Verdict: share(better, n), Text: text + note})
	return nil
}

// beats says in what ours beats both controls with the interval.
type beats struct{ overlap, lead bool }

func (o *Outcome) beatsControls(b *pool.Base, found map[string]explained) (beats, string, error) {
	all, text := beats{true, true}, ""
	for _, a := range controlsOf(Ours) {
		c, err := compareExplained(found[named(b, a)], found[named(b, Ours)], gaeName)
		if err != nil {
			return all, "", err
		}
		all.overlap, all.lead = all.overlap && c.maps.MeanIoU.Low > 0, all.lead && c.lead.Low > 0
		text += fmt.Sprintf("against %s mIoU %s, lead %s; ", a.Title, spelled(c.maps.MeanIoU), spelled(c.lead))
	}
	return all, strings.TrimSuffix(text, "; "), nil
}

package experiment

import (
	"context"
	"fmt"
	"strings"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/gallery"
	"github.com/robustvit/workbench/robustvit/pool"
)

// figures are the qualitative figures, chosen by rules.
var figures = Experiment{
	Name: "figures", Title: "Pictures and maps", Paper: "Figures 1, 2, 3, 6 and 15, Appendices F and J", Minutes: 3,
	Question: "What do maps and predictions look like where finetuning keeps, corrects or breaks a prediction?",
	Reading: []string{
		gallery.Rule,
		"Each map is that of the class that the model predicts, scaled to its own least and largest value.",
		"\"Ours\" has the confidence over the finetuned classes only. Pictures are examples; what holds on average is in the tables.",
	},
	Points: func(_ context.Context, w *Work) ([]Point, error) {
		return grid(w.Bases, CrossEntropyFinetuned, ConfidenceFinetuned, Ours), nil
	},
	Measure: Measure{Sets: true},
	Tell:    tellFigures,
}

func tellFigures(ctx context.Context, o *Outcome) error {
	counts, err := o.kindCounts(ctx)
	if err != nil {
		return err
	}
	first := Section{Title: "How many of each kind", Tables: []Table{counts}}
	byKind, claim, err := o.mapsByKind(ctx)
	if err != nil {
		return err
	}
	if len(byKind.Rows) > 0 {
		first.Tables = append(first.Tables, byKind)
	}
	o.Say(claim)
	o.Add(first)
	for _, figure := range []struct {
		title, lead string
		each        func(ctx context.Context, o *Outcome, b *pool.Base) (*Gallery, error)
	}{
		{"Figure 1: the map misses the object", "Confident predictions of the pretrained model whose map lies least on the object.", figure1},
		{"Figure 2: kept, corrected and broken on the clean set", "", figure2},
		{"Figures 3 and 6: corrected on the shift sets", "As in the paper these are corrected predictions only; the table above says how many broke.", figure3},
		{"Figure 15: the classes harmed most", "The first images of a class, in the set's order, whose right prediction became wrong.", figure15},
	} {
		s := Section{Title: figure.title, Lead: figure.lead}
		for _, b := range o.Bases {
			g, err := figure.each(ctx, o, b)
			if err != nil {
				return err
			}
			if g != nil && len(g.Rows) > 0 {
				s.Galleries = append(s.Galleries, *g)
			}
		}
		if len(s.Galleries) > 0 {
			o.Add(s)
		}
	}
	return nil
}

// kindCounts says what the pictures are drawn from.
func (o *Outcome) kindCounts(ctx context.Context) (Table, error) {
	t := Table{Name: "kinds", Title: "Predictions kept, corrected and broken by ours", Corner: "set", Note: "Kept: right before and after. The rest of the images is wrong before and after."}
	for _, b := range o.Bases {
		for _, kind := range []string{"kept", "corrected", "broken"} {
			t.Columns = append(t.Columns, Column{Name: kind, Group: b.Title})
		}
	}
	t.Columns = append(t.Columns, Column{Name: "images"})
	for _, set := range o.Sets {
		row, images := Row{Name: evaluate.Title(set)}, 0
		for _, b := range o.Bases {
			was, is, err := o.joined(ctx, original(b), named(b, Ours), []string{set})
			if err != nil {
				return t, err
			}
			kinds := gallery.Kinds(was[0], is[0])
			for _, kind := range []string{gallery.Same, gallery.Corrected, gallery.Broken} {
				row.Cells = append(row.Cells, number(float64(len(kinds[kind])), 0))
			}
			images = max(images, len(was[0]))
		}
		row.Cells = append(row.Cells, number(float64(images), 0))
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// mapKind is a kind of pictures by what both models say.
type mapKind struct {
	title string
	keep  func(before, after evaluate.MapRecord) bool
}

var mapKinds = []mapKind{
	{"kept", evaluate.BothRight},
	{"corrected", func(before, after evaluate.MapRecord) bool { return !before.Right && after.Right }},
	{"broken", func(before, after evaluate.MapRecord) bool { return before.Right && !after.Right }},
}

// fewImages have no bootstrap interval worth the name.
const fewImages = 10

func fewEstimated(e evaluate.Estimate) Cell {
	c := estimated(e)
	if e.N < fewImages {
		c.Low, c.High, c.Noise = nil, nil, false
	}
	return c
}

// mapsByKind tests what Figure 2 illustrates: where the prediction stays right or
// is corrected, the map improves.
func (o *Outcome) mapsByKind(ctx context.Context) (Table, Claim, error) {
	claim := Claim{Claim: "Where the prediction stays right or is corrected, the map improves", Source: "Section 4, Figure 2", Verdict: NotTested, Text: "These data have no masks to test maps against."}
	t := Table{Name: "maps-by-kind", Title: "Change of the maps by what happened to the prediction, points, segmentation test", Corner: "kind",
		Columns: []Column{{Name: "mIoU"}, {Name: "mass on object"}, {Name: "images"}}, Note: intervalNote + fmt.Sprintf("Of fewer than %d images no interval is given.", fewImages)}
	n, of, text := 0, 0, []string{}
	for _, b := range o.Bases {
		masks, err := hasMasks(b)
		if err != nil {
			return t, claim, err
		}
		if !masks {
			continue
		}
		rows, held, told, err := o.kindRows(ctx, b)
		if err != nil {
			return t, claim, err
		}
		rows[0].Rule = of > 0
		t.Rows, text = append(t.Rows, rows...), append(text, b.Title+": "+told)
		if of++; held {
			n++
		}
	}
	if of > 0 {
		claim.Verdict, claim.Text = share(n, of), "Change in mIoU. "+strings.Join(text, "; ")+"."
	}
	return t, claim, nil
}

// kindRows is a base's change of the maps, a row a kind. It is held where the
// maps of kept and corrected predictions improve, and more than each control's
// where both predict right.
func (o *Outcome) kindRows(ctx context.Context, b *pool.Base) (rows []Row, held bool, told string, err error) {
	held = true
	var parts []string
	for i, kind := range mapKinds {
		c, err := o.mapChange(ctx, original(b), named(b, Ours), kind.keep)
		if err != nil {
			return nil, false, "", err
		}
		rows = append(rows, Row{Name: b.Title + ", " + kind.title, Cells: []Cell{fewEstimated(c.MeanIoU), fewEstimated(c.MassOnObject), number(float64(c.MeanIoU.N), 0)}})
		switch {
		case i == 2: // nothing is claimed of the broken ones
		case c.MeanIoU.N < fewImages:
			parts = append(parts, fmt.Sprintf("%s not judged (images: %d)", kind.title, c.MeanIoU.N))
		default:
			held = held && c.MeanIoU.Low > 0
			parts = append(parts, fmt.Sprintf("%s %s (%d images)", kind.title, estimate(c.MeanIoU), c.MeanIoU.N))
		}
	}
	for _, control := range controlsOf(Ours) {
		m, err := o.mapChange(ctx, named(b, control), named(b, Ours), evaluate.BothRight)
		if err != nil {
			return nil, false, "", err
		}
		held = held && m.MeanIoU.Low > 0
		parts = append(parts, fmt.Sprintf("against %s where both are right %s", control.Title, estimate(m.MeanIoU)))
	}
	return rows, held, strings.Join(parts, ", "), nil
}

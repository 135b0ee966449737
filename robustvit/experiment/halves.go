package experiment

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/experiment/paper"
	"github.com/robustvit/workbench/robustvit/pool"
)

// halves asks whether classes that were not finetuned gain too.
var halves = Experiment{
	Name: "tables-10-11", Title: "Finetuned classes against the others", Paper: "Figure 4, Tables 10 and 11, Appendix H", Minutes: 5,
	Question: "Do the classes that were not finetuned gain as much as those that were?",
	Reading: []string{
		"Set A: the finetuned classes; set B: the others. The predictions compete among all classes in both.",
		"The halves differ in difficulty: compare changes, not levels.",
		"The interval of a difference of two changes is a bootstrap over images; models that saw the same images share the draws.",
		"That an interval holds 0 does not show that both halves gain the same: its width says how large a difference these images could hide.",
	},
	Points:  compared,
	Measure: Measure{Sets: true},
	Tell:    tellHalves,
}

// half is one half of a base's classes.
type half struct {
	name  string
	paper paper.Half
	keep  func(b *pool.Base) func(class int) bool
}

var bothHalves = []half{{"set A", paper.SetA, inSetA}, {"set B", paper.SetB, inSetB}}

// compareHalves is how much more set A gains than set B, mean over sets and bases.
func (o *Outcome) compareHalves(ctx context.Context, bases []*pool.Base, a Arm, sets []string, k int) (evaluate.PartsChange, error) {
	return o.parts(ctx, bases, a, sets, k, inSetA)
}

// parts compares two parts of the classes of every base.
func (o *Outcome) parts(ctx context.Context, bases []*pool.Base, a Arm, sets []string, k int, inside func(*pool.Base) func(int) bool) (evaluate.PartsChange, error) {
	var models []evaluate.Pairs
	for _, b := range bases {
		pairs := evaluate.Pairs{Inside: inside(b)}
		for _, set := range sets {
			old, err := o.Records(ctx, original(b), set)
			if err != nil {
				return evaluate.PartsChange{}, err
			}
			now, err := o.Records(ctx, named(b, a), set)
			if err != nil {
				return evaluate.PartsChange{}, err
			}
			pairs.Before, pairs.After = append(pairs.Before, old), append(pairs.After, now)
		}
		models = append(models, pairs)
	}
	return evaluate.CompareParts(models, k)
}

func tellHalves(ctx context.Context, o *Outcome) error {
	gaps, err := o.gapTable(ctx)
	if err != nil {
		return err
	}
	average, err := o.averageHalves(ctx, 1)
	if err != nil {
		return err
	}
	section := Section{Title: "Gains of both halves", Lead: "Mean over the shift sets by model, then by set as in Figure 4.", Tables: []Table{gaps, average}}
	for _, a := range method {
		plot, err := o.figure4(ctx, a, 1)
		if err != nil {
			return err
		}
		section.Plots = append(section.Plots, plot)
	}
	o.Add(section)
	for _, k := range []int{1, 5} {
		t, err := o.halvesTable(ctx, k)
		if err != nil {
			return err
		}
		s := Section{Title: fmt.Sprintf("R@%d by half", k), Tables: []Table{t}, Collapsed: k == 5}
		if k == 5 {
			average, err := o.averageHalves(ctx, k)
			if err != nil {
				return err
			}
			s.Tables = append(s.Tables, average)
			for _, a := range method {
				plot, err := o.figure4(ctx, a, k)
				if err != nil {
					return err
				}
				s.Plots = append(s.Plots, plot)
			}
		}
		o.Add(s)
	}
	return o.claimsHalves(ctx)
}

// gapTable is the change on both halves over the shift sets with its difference,
// for the method and the controls.
func (o *Outcome) gapTable(ctx context.Context) (Table, error) {
	shifts := o.ShiftSets()
	t := Table{Name: "gap", Title: "Change in R@1, points, " + shiftName(shifts), Corner: "model", Columns: []Column{{Name: "set A"}, {Name: "set B"}, {Name: "A minus B"}}, Note: intervalNote}
	groups := [][]*pool.Base{}
	for _, b := range o.Bases {
		groups = append(groups, []*pool.Base{b})
	}
	if len(o.Bases) > 1 {
		groups = append(groups, o.Bases)
	}
	for i, bases := range groups {
		title := meanOf(bases)
		for j, a := range trained() {
			c, err := o.compareHalves(ctx, bases, a, shifts, 1)
			if err != nil {
				return t, err
			}
			t.Rows = append(t.Rows, Row{Name: title + ", " + a.Title, Major: len(bases) > 1, Rule: i > 0 && j == 0,
				Cells: []Cell{estimated(c.Inside), estimated(c.Outside), estimated(c.Gap)}})
		}
	}
	return t, nil
}

// meanOf says what an average is over.
func meanOf(bases []*pool.Base) string {
	if len(bases) == 1 {
		return bases[0].Title
	}
	return fmt.Sprintf("mean of %d models", len(bases))
}

// averageHalves is the last rows of Tables 10 and 11: the change by set, mean of
// the models.
func (o *Outcome) averageHalves(ctx context.Context, k int) (Table, error) {
	t := Table{Name: fmt.Sprintf("average-r%d", k), Title: fmt.Sprintf("Change in R@%d by set, points, %s", k, meanOf(o.Bases)), Corner: "half", Note: intervalNote}
	if o.likeThePaper() {
		t.Note += "Small: the paper's average change of its three base models, as printed."
	}
	for _, set := range o.Sets {
		t.Columns = append(t.Columns, Column{Name: evaluate.Title(set)})
	}
	for i, a := range method {
		rows := []Row{{Name: a.Title + ", set A", Rule: i > 0}, {Name: a.Title + ", set B"}, {Name: a.Title + ", A minus B"}}
		for _, set := range o.Sets {
			c, err := o.compareHalves(ctx, o.Bases, a, []string{set}, k)
			if err != nil {
				return t, err
			}
			cells := []Cell{estimated(c.Inside), estimated(c.Outside), estimated(c.Gap)}
			for j := range rows {
				if a.Name == Published.Name && j < len(bothHalves) && o.likeThePaper() {
					cells[j] = cells[j].beside(paper.HalvesChange(bothHalves[j].paper, paper.Set(set), k))
				}
				rows[j].Cells = append(rows[j].Cells, cells[j])
			}
		}
		t.Rows = append(t.Rows, rows...)
	}
	return t, nil
}

// likeThePaper says that the models stand for those of Tables 10 and 11, so that
// the averages belong beside each other.
func (o *Outcome) likeThePaper() bool {
	var stand []paper.Model
	for _, b := range o.Bases {
		if m, ok := paperModel(b); ok && !slices.Contains(stand, m) {
			stand = append(stand, m)
		}
	}
	for _, m := range paper.BaseModels() {
		if !slices.Contains(stand, m) {
			return false
		}
	}
	return len(stand) == len(o.Bases)
}

// halvesTable is Tables 10 and 11 side by side.
func (o *Outcome) halvesTable(ctx context.Context, k int) (Table, error) {
	t := Table{Name: fmt.Sprintf("halves-r%d", k), Title: fmt.Sprintf("R@%d, %%", k), Corner: "model", Note: "Small: the paper's number for its model of that family, as printed. "}
	if o.likeThePaper() {
		t.Note += strings.Join(paper.Findings(), " ")
	}
	for _, set := range o.Sets {
		t.Columns = append(t.Columns, Column{Name: evaluate.Title(set)})
	}
	for i, b := range o.Bases {
		for j, h := range bothHalves {
			for _, p := range append([]Point{before(b)}, o.some(b, method...)...) {
				row := Row{Name: fmt.Sprintf("%s, %s, %s", b.Title, h.name, p.Title), Rule: i+j > 0 && p.Name == original(b)}
				m, ok := paperModel(b)
				tabled, known := paperMethods[armName(p)]
				for _, set := range o.Sets {
					r, err := o.Top(ctx, p.Name, set, k, h.keep(b))
					if err != nil {
						return t, err
					}
					cell := plain(r)
					if ok && known {
						cell = cell.beside(paper.Halves(m, h.paper, tabled, paper.Set(set), k))
					}
					row.Cells = append(row.Cells, cell)
				}
				t.Rows = append(t.Rows, row)
			}
		}
	}
	return t, nil
}

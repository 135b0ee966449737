package experiment

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

// shownClasses are drawn of each end where a set has more than twice as many.
const shownClasses = 20

// classSections are the sorted changes set by set, a section a model.
func (o *Outcome) classSections(ctx context.Context) error {
	for _, b := range o.Bases {
		table, err := o.setsTable(ctx, b)
		if err != nil {
			return err
		}
		s := Section{Title: b.Title + ", set by set", Lead: "Figures 8 to 14. Single bars are few images each; the table says how many survive.", Tables: []Table{table}, Collapsed: true}
		for _, set := range o.Sets {
			for _, a := range method {
				plot, err := o.sortedPlot(ctx, b, a, []string{set}, evaluate.Title(set))
				if err != nil {
					return err
				}
				s.Plots = append(s.Plots, plot)
			}
		}
		o.Add(s)
	}
	return nil
}

// sortedPlot is the change by class, the largest gain first. A star marks a
// finding.
func (o *Outcome) sortedPlot(ctx context.Context, b *pool.Base, a Arm, sets []string, title string) (Plot, error) {
	changes, err := o.byClass(ctx, b, a, sets)
	if err != nil {
		return Plot{}, err
	}
	plot := Plot{Kind: Sorted, Title: fmt.Sprintf("%s, %s: change in R@1 by class, %s", b.Title, a.Title, title), Y: "points", Caption: classCaption(changes)}
	s := Series{Name: a.Title}
	for _, c := range bothEnds(changes) {
		name := className(b, c.Class)
		if c.Finding {
			name += " *"
		}
		plot.Names, s.Y = append(plot.Names, name), append(s.Y, round2(c.Points))
	}
	plot.Series = []Series{s}
	return plot, nil
}

// bothEnds are the largest gains and losses, all where they are few.
func bothEnds(changes []evaluate.ClassChange) []evaluate.ClassChange {
	if len(changes) <= 2*shownClasses {
		return changes
	}
	ends := append([]evaluate.ClassChange{}, changes[:shownClasses]...)
	return append(ends, changes[len(changes)-shownClasses:]...)
}

func classCaption(changes []evaluate.ClassChange) string {
	images := 0
	for _, c := range changes {
		images += c.N
	}
	_, _, rises, falls := countClasses(changes)
	text := fmt.Sprintf("%d classes with %.0f images each; ", len(changes), float64(images)/float64(max(len(changes), 1)))
	if rises+falls == 0 {
		text += "no class's change survives Benjamini-Hochberg at 5 %."
	} else {
		text += fmt.Sprintf("* survives Benjamini-Hochberg at 5 %%: %d up, %d down.", rises, falls)
	}
	if len(changes) > 2*shownClasses {
		text += fmt.Sprintf(" The %d largest gains and losses.", shownClasses)
	}
	return text
}

// setsTable counts by set.
func (o *Outcome) setsTable(ctx context.Context, b *pool.Base) (Table, error) {
	t := Table{Name: "classes-" + b.Name, Title: b.Title + ": classes by set", Corner: "set"}
	for _, a := range method {
		for _, name := range []string{"up", "down", "up, found", "down, found"} {
			t.Columns = append(t.Columns, Column{Name: name, Group: a.Title})
		}
	}
	most := 0
	for _, set := range o.Sets {
		row := Row{Name: evaluate.Title(set)}
		for _, a := range method {
			changes, err := o.byClass(ctx, b, a, []string{set})
			if err != nil {
				return t, err
			}
			most = max(most, len(changes))
			up, down, rises, falls := countClasses(changes)
			for _, n := range []int{up, down, rises, falls} {
				row.Cells = append(row.Cells, number(float64(n), 0))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	t.Note = fmt.Sprintf("Found: survives Benjamini-Hochberg at 5 %% within the set. A single class of %d can be found only if at least %d of its images change, all in one direction: few found does not mean that few changed.", most, leastFound(most))
	return t, nil
}

// leastFound is the number of images that must change, all in one direction,
// before the exact McNemar test of one class among so many survives alone.
func leastFound(classes int) int {
	n := 1
	for p := 1.0; p*float64(classes) > 0.05; n++ { // p of n gains and no loss is 2 / 2^n
		p /= 2
	}
	return n
}

// classFindings lists the classes whose change over all shift sets survives.
func (o *Outcome) classFindings(ctx context.Context) (Table, error) {
	t := Table{Name: "class-findings", Title: "Classes whose change over all shift sets survives the correction", Corner: "class",
		Columns: []Column{{Name: "half"}, {Name: "before, %"}, {Name: "after, %"}, {Name: "change, points"}, {Name: "adjusted p"}}}
	last := ""
	for _, b := range o.Bases {
		inA := inSetA(b)
		for _, a := range method {
			changes, err := o.byClass(ctx, b, a, o.ShiftSets())
			if err != nil {
				return t, err
			}
			for _, c := range changes {
				if !c.Finding {
					continue
				}
				where := "B"
				if inA(c.Class) {
					where = "A"
				}
				t.Rows = append(t.Rows, Row{Name: fmt.Sprintf("%s, %s: %s", b.Title, a.Title, className(b, c.Class)), Rule: last != "" && last != b.Name, Cells: []Cell{
					words(where), number(c.Before.Percent, 1), number(c.After.Percent, 1), {Value: pointer(c.Points), Digits: 1, Change: true}, number(c.Adjusted, 3)}})
				last = b.Name
			}
		}
	}
	return t, nil
}

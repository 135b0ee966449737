package report

import (
	"fmt"

	"github.com/robustvit/workbench/viz"
)

// Table is the main table of the job in a run folder.
func Table(dir string) (viz.Table, error) {
	r, err := ReadResults(dir)
	if err != nil {
		return viz.Table{}, err
	}
	return MainTable(r), nil
}

const intervals = "In brackets: 95 % intervals; of an accuracy Clopper-Pearson, of a change a paired bootstrap over images. " +
	"≈: the interval of the change holds 0. One run: the intervals do not hold what another seed would change."

// MainTable is top-1 on every set: the original, then each finetuned model with
// its change, and the mean change over the shift sets.
func MainTable(r *Results) viz.Table {
	t := viz.Table{Title: "Top-1 accuracy, %", Corner: "set", Note: intervals + rules(r)}
	for _, m := range r.Models {
		t.Columns = append(t.Columns, viz.Column{Name: "top-1", Group: m.Title})
		if m.Name != r.base() {
			t.Columns = append(t.Columns, viz.Column{Name: "change", Group: m.Title})
		}
	}
	for i, s := range r.Sets {
		row := viz.TableRow{Name: s.Title, Rule: i > 0 && s.Shift != r.Sets[i-1].Shift}
		for _, m := range r.Models {
			row.Cells = append(row.Cells, rateCell(s.Top1, m.Name))
			if m.Name != r.base() {
				row.Cells = append(row.Cells, changeCell(s.Delta, m.Name))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	if r.shiftSets() > 0 {
		row := viz.TableRow{Name: meanName(r), Rule: true, Major: true}
		for _, m := range r.Models {
			row.Cells = append(row.Cells, meanCell(r, m.Name, func(s Set) map[string]Rate { return s.Top1 }))
			if m.Name != r.base() {
				row.Cells = append(row.Cells, changeCell(r.Shift, m.Name))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// Top5Table is top-5 on every set.
func Top5Table(r *Results) viz.Table {
	t := viz.Table{Title: "Top-5 accuracy, %", Corner: "set", Best: viz.BestOfRow,
		Note: "In brackets: 95 % interval (Clopper-Pearson). Bold: the best of the row."}
	for _, m := range r.Models {
		t.Columns = append(t.Columns, viz.Column{Name: m.Title})
	}
	for _, s := range r.Sets {
		row := viz.TableRow{Name: s.Title}
		for _, m := range r.Models {
			row.Cells = append(row.Cells, rateCell(s.Top5, m.Name))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// HalvesTable sets the finetuned classes (set A) and the others (set B) apart:
// the original's top-1 and each model's change.
func HalvesTable(r *Results) viz.Table {
	t := viz.Table{Title: "Top-1 of the original and change in points, by classes", Corner: "set",
		Note: "In brackets: 95 % interval, a paired bootstrap over images. ≈: it holds 0."}
	groups := [...]string{
		fmt.Sprintf("Set A: %d finetuned classes", len(r.SetA)),
		fmt.Sprintf("Set B: %d classes never finetuned", len(r.SetB)),
	}
	for _, group := range groups {
		for _, m := range r.Models {
			t.Columns = append(t.Columns, viz.Column{Name: m.Title, Group: group})
		}
	}
	cells := func(row *viz.TableRow, before viz.Cell, changes map[string]Difference) {
		for _, m := range r.Models {
			if m.Name == r.base() {
				row.Cells = append(row.Cells, before)
			} else {
				row.Cells = append(row.Cells, changeCell(changes, m.Name))
			}
		}
	}
	for _, s := range r.Sets {
		row := viz.TableRow{Name: s.Title}
		cells(&row, valueCell(s.Top1A, r.base()), s.DeltaA)
		cells(&row, valueCell(s.Top1B, r.base()), s.DeltaB)
		t.Rows = append(t.Rows, row)
	}
	if r.shiftSets() > 0 {
		row := viz.TableRow{Name: meanName(r), Rule: true, Major: true}
		cells(&row, meanCell(r, r.base(), func(s Set) map[string]Rate { return s.Top1A }), r.ShiftA)
		cells(&row, meanCell(r, r.base(), func(s Set) map[string]Rate { return s.Top1B }), r.ShiftB)
		t.Rows = append(t.Rows, row)
	}
	return t
}

// SegmentationTable is the relevance segmentation test of every model.
func SegmentationTable(r *Results) viz.Table {
	t := viz.Table{Title: "Relevance map against object mask, %", Corner: "model", Best: viz.BestOfColumn,
		Columns: []viz.Column{{Name: "pixel accuracy"}, {Name: "mIoU"}, {Name: "mAP, object"}, {Name: "mAP, two classes"}}}
	images := 0
	for _, m := range r.Models {
		s, ok := r.Segmentation[m.Name]
		if !ok {
			continue
		}
		images = s.N
		both := viz.Cell{}
		if s.MeanAPBoth != nil {
			both = viz.Number(*s.MeanAPBoth, 1)
		}
		t.Rows = append(t.Rows, viz.TableRow{Name: m.Title, Cells: []viz.Cell{
			viz.Number(s.PixelAccuracy, 1), viz.Number(s.MeanIoU, 1), viz.Number(s.MeanAP, 1), both,
		}})
	}
	t.Note = fmt.Sprintf("%d images. Each map is cut at its own mean; mIoU is the mean over object and background. The paper's mAP is the one of two classes, object and background in one ranking. Bold: the best of its column.", images)
	return t
}

func meanName(r *Results) string {
	if n := r.shiftSets(); n > 1 {
		return fmt.Sprintf("mean of %d shift sets", n)
	}
	return "shift set"
}

// meanCell is the mean accuracy over the shift sets.
func meanCell(r *Results, model string, rates func(Set) map[string]Rate) viz.Cell {
	sum, n := 0.0, 0
	for _, s := range r.Sets {
		if rate, ok := rates(s)[model]; s.Shift && ok && rate.N > 0 {
			sum, n = sum+rate.Percent, n+1
		}
	}
	if n == 0 || n < r.shiftSets() { // a mean over other sets would not compare
		return viz.Cell{}
	}
	return viz.Number(sum/float64(n), 1)
}

// rateCell is missing where no image counted.
func rateCell(rates map[string]Rate, model string) viz.Cell {
	rate, ok := rates[model]
	if !ok || rate.N == 0 {
		return viz.Cell{}
	}
	return viz.Number(rate.Percent, 1).Between(rate.Low, rate.High)
}

func valueCell(rates map[string]Rate, model string) viz.Cell {
	rate, ok := rates[model]
	if !ok || rate.N == 0 {
		return viz.Cell{}
	}
	return viz.Number(rate.Percent, 1)
}

func changeCell(changes map[string]Difference, model string) viz.Cell {
	d, ok := changes[model]
	if !ok || d.N == 0 {
		return viz.Cell{}
	}
	return viz.Change(d.Points, 1).Between(d.Low, d.High)
}

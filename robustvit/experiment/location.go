package experiment

import (
	"context"
	"regexp"
	"slices"
	"strings"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

// gridPlace is where a location stands in a grid.
type gridPlace struct{ row, column int }

// locations are the values of a location by row and column.
type locations struct {
	rows, columns []string
	values        map[gridPlace]string
}

var twoNumbers = regexp.MustCompile(`^\D*(\d+(?:\.\d+)?)\D+(\d+(?:\.\d+)?)\D*$`)

// gridOf lays locations out: the nine in words, or those of two numbers, across
// and down. What fills less than half of its grid is none: a range of angles
// looks like two numbers too.
func gridOf(values []string) (locations, bool) {
	g := locations{values: map[gridPlace]string{}}
	if _, ok := wordPlace(values[0]); ok {
		g.rows, g.columns = []string{"top", "middle", "bottom"}, []string{"left", "centre", "right"}
		for _, v := range values {
			at, ok := wordPlace(v)
			if !ok {
				return g, false
			}
			g.values[at] = v
		}
		return g, true
	}
	var across, down []string
	for _, v := range values {
		m := twoNumbers.FindStringSubmatch(v)
		if m == nil {
			return g, false
		}
		across, down = append(across, m[1]), append(down, m[2])
	}
	g.columns, g.rows = evaluate.Values(across), evaluate.Values(down)
	for i, v := range values {
		g.values[gridPlace{slices.Index(g.rows, down[i]), slices.Index(g.columns, across[i])}] = v
	}
	return g, 2*len(values) >= len(g.rows)*len(g.columns) && len(g.rows) > 1 && len(g.columns) > 1
}

// wordPlace reads "top left".
func wordPlace(value string) (gridPlace, bool) {
	at := gridPlace{1, 1}
	for _, word := range strings.Fields(value) {
		switch word {
		case "top":
			at.row = 0
		case "bottom":
			at.row = 2
		case "left":
			at.column = 0
		case "right":
			at.column = 2
		case "centre":
		default:
			return at, false
		}
	}
	return at, value != ""
}

// locationTable is the grid of locations: accuracy before, and the change.
func (o *Outcome) locationTable(ctx context.Context, set string, b *pool.Base, g locations) (Table, error) {
	t := Table{Name: "location-" + b.Name, Title: b.Title + ": R@1 by place, %, and the change by ours, points", Corner: "place", Note: intervalNote}
	records, err := o.Records(ctx, original(b), set)
	if err != nil {
		return t, err
	}
	for _, group := range []string{"original", "ours − original", "ours − cross-entropy"} {
		for _, c := range g.columns {
			t.Columns = append(t.Columns, Column{Name: c, Group: group})
		}
	}
	rates := map[string]evaluate.Rate{}
	for _, r := range evaluate.ByFactor(records) {
		rates[r.Value] = r.Top1
	}
	for i, name := range g.rows {
		row := Row{Name: name}
		for j := range g.columns {
			row.Cells = append(row.Cells, plain(rates[g.values[gridPlace{i, j}]]))
		}
		for _, from := range []string{original(b), named(b, CrossEntropyFinetuned)} {
			for j := range g.columns {
				d, err := o.factorChange(ctx, from, named(b, Ours), set, g.values[gridPlace{i, j}])
				if err != nil {
					return t, err
				}
				row.Cells = append(row.Cells, change(d))
			}
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

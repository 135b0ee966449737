package viz

import "math"

// best marks the cells to set in bold, by row and column. Cells that read the
// same as the best share the honour: a difference nobody can see is none.
func (t Table) best() [][]bool {
	marks := make([][]bool, len(t.Rows))
	for r := range marks {
		marks[r] = make([]bool, len(t.Columns))
	}
	switch t.Best {
	case BestOfRow:
		for r := range t.Rows {
			for _, g := range t.groups() {
				var places [][2]int
				for c := g.First; c < g.First+g.Span; c++ {
					places = append(places, [2]int{r, c})
				}
				t.markBest(marks, places, false)
				t.markBest(marks, places, true)
			}
		}
	case BestOfColumn:
		for c := range t.Columns {
			var places [][2]int
			for r := range t.Rows {
				if !t.Rows[r].Major {
					places = append(places, [2]int{r, c})
				}
			}
			t.markBest(marks, places, false)
			t.markBest(marks, places, true)
		}
	}
	return marks
}

// markBest lets values compete with values, and changes with changes.
func (t Table) markBest(marks [][]bool, places [][2]int, changes bool) {
	top, competitors := math.Inf(-1), 0
	rank := func(p [2]int) (float64, bool) {
		c, column := t.cell(p[0], p[1]), t.Columns[p[1]]
		if c.kind != numberCell || c.change != changes || !finite(c.value) || column.Reference {
			return 0, false
		}
		scale := math.Pow(10, float64(c.decimals))
		v := math.Round(c.value*scale) / scale
		if column.LowerIsBetter {
			v = -v
		}
		return v, true
	}
	for _, p := range places {
		if v, ok := rank(p); ok {
			top, competitors = max(top, v), competitors+1
		}
	}
	if competitors < 2 {
		return
	}
	for _, p := range places {
		if v, ok := rank(p); ok && v == top {
			marks[p[0]][p[1]] = true
		}
	}
}

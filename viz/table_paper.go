package viz

import (
	"fmt"
	"math"
)

// published is the paper's number that stands small beside ours.
type published struct {
	value  float64
	known  bool
	change bool // written with its sign
}

// Paper sets the paper's number small beside ours, with as many digits. A cell
// without a value of ours may have one.
func (c Cell) Paper(v float64) Cell {
	c.paper = published{value: v, known: true}
	return c.sameDigits()
}

// PaperChange is Paper for a difference: it is written with its sign.
func (c Cell) PaperChange(v float64) Cell {
	c.paper = published{value: v, known: true, change: true}
	return c.sameDigits()
}

// Digits sets how many digits stand after the point of the paper's number where
// there is none of ours to take them from.
func (c Cell) Digits(n int) Cell {
	c.decimals = min(max(n, 0), 12)
	return c
}

// sameDigits gives a cell of no number one digit, as the paper's tables have.
func (c Cell) sameDigits() Cell {
	if c.kind != numberCell && c.decimals == 0 {
		c.decimals = 1
	}
	return c
}

// WithStd writes the standard deviation behind the value, which is then a mean:
// "12.3 ± 0.4". It is no interval and says nothing of noise.
func (c Cell) WithStd(std float64) Cell {
	c.std, c.hasStd = math.Abs(std), finite(std)
	return c
}

// WithWord writes a word behind the value: "12.3 of 40".
func (c Cell) WithWord(s string) Cell {
	if c.kind == numberCell {
		c.text = s
	}
	return c
}

// Trend is the mark that the cell carries.
func (c Cell) Trend() Trend { return c.trend }

// To makes the cell's text a link on a page; path is relative to the page, with
// slashes. Text, CSV and Markdown leave it out.
func (c Cell) To(path string) Cell {
	c.link = path
	return c
}

// paperText is the paper's number with its word, empty if there is none.
func (c Cell) paperText() string {
	switch {
	case !c.paper.known || !finite(c.paper.value):
		return ""
	case c.paper.change:
		return "paper " + signed(c.paper.value, c.decimals)
	}
	return "paper " + number(c.paper.value, c.decimals)
}

func (c Cell) stdText() string {
	if c.kind != numberCell || !c.hasStd || !finite(c.value) {
		return ""
	}
	return fmt.Sprintf(" ± %s", number(c.std, c.decimals))
}

// behind is what follows the value on its line: deviation and word.
func (c Cell) behind() string {
	if c.text == "" {
		return c.stdText()
	}
	return c.stdText() + " " + clean(c.text)
}

// WithoutIntervals is the table with its values, deviations and the paper's
// numbers alone, for places too narrow for intervals. Marks of changes stay.
func (t Table) WithoutIntervals() Table {
	rows := make([]TableRow, len(t.Rows))
	for r, row := range t.Rows {
		rows[r] = row
		rows[r].Cells = make([]Cell, len(row.Cells))
		for c, cell := range row.Cells {
			cell.interval = noInterval
			rows[r].Cells[c] = cell
		}
	}
	t.Rows = rows
	return t
}

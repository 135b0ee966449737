package viz

import (
	"fmt"
	"math"
)

// Table is the one table value that prints as HTML (it is a [Fragment]), in a
// terminal (WriteText), as CSV and as Markdown.
type Table struct {
	Title   string
	Corner  string // heading of the first column, over the rows' names
	Columns []Column
	Rows    []TableRow
	Best    BestRule
	Note    string // below: what the intervals are, which protocol
}

// Column is one column of values.
type Column struct {
	Name          string
	Group         string // neighbours of one group share a heading
	LowerIsBetter bool
	Reference     bool // somebody else's numbers, the paper's: set apart, never the best
}

// TableRow is one row; missing cells at its end are empty.
type TableRow struct {
	Name  string
	Rule  bool // a line above: a new kind of row begins
	Major bool // a mean or a total: set in bold
	Cells []Cell
}

// BestRule says among which cells the best is set in bold.
type BestRule int

const (
	NoBest       BestRule = iota
	BestOfRow             // within each column group
	BestOfColumn          // rows that are Major do not compete
)

// Cell is one entry. The zero value is a missing one.
type Cell struct {
	text      string
	value     float64
	low, high float64
	decimals  int
	kind      cellKind
	change    bool
	interval  intervalKind
	trend     Trend
	std       float64
	hasStd    bool
	paper     published
	link      string
}

type cellKind int

const (
	missingCell cellKind = iota
	textCell
	numberCell
)

type intervalKind int

const (
	noInterval intervalKind = iota
	plusMinus
	lowHigh
)

// Text is a cell of words.
func Text(s string) Cell { return Cell{kind: textCell, text: s} }

// Number is a cell of a value with so many digits after the point.
func Number(v float64, decimals int) Cell {
	return Cell{kind: numberCell, value: v, decimals: min(max(decimals, 0), 12)}
}

// Change is a difference: it is written with its sign and, in its own colour, a
// mark: up, down, or within the noise when its interval holds zero.
func Change(v float64, decimals int) Cell {
	c := Number(v, decimals)
	c.change = true
	return c.trending()
}

// PlusMinus adds a symmetric interval of this half width.
func (c Cell) PlusMinus(half float64) Cell {
	half = math.Abs(half)
	c.interval, c.low, c.high = plusMinus, c.value-half, c.value+half
	return c.trending()
}

// Between adds an interval by its ends.
func (c Cell) Between(low, high float64) Cell {
	c.interval, c.low, c.high = lowHigh, low, high
	return c.trending()
}

// WithTrend overrides the mark that a change was given, for values where lower
// is better.
func (c Cell) WithTrend(t Trend) Cell {
	c.trend = t
	return c
}

func (c Cell) trending() Cell {
	if !c.change || !finite(c.value) {
		return c
	}
	noise := c.interval != noInterval && c.low <= 0 && c.high >= 0
	rounded := math.Round(c.value * math.Pow(10, float64(c.decimals)))
	switch {
	case noise || rounded == 0:
		c.trend = Unchanged
	case c.value > 0:
		c.trend = Rose
	default:
		c.trend = Fell
	}
	return c
}

// main is the value as text; side is its interval, empty if there is none.
func (c Cell) main() string {
	switch {
	case c.kind == textCell:
		return clean(c.text)
	case c.kind == missingCell:
		return missingText
	case c.change:
		return signed(c.value, c.decimals) + c.behind()
	}
	return number(c.value, c.decimals) + c.behind()
}

func (c Cell) side() string {
	if c.kind != numberCell || !finite(c.value) || !finite(c.low) || !finite(c.high) {
		return ""
	}
	switch c.interval {
	case plusMinus:
		return "±" + number(c.high-c.value, c.decimals)
	case lowHigh:
		return fmt.Sprintf("[%s, %s]", number(c.low, c.decimals), number(c.high, c.decimals))
	}
	return ""
}

func (t Table) cell(row, column int) Cell {
	if column < len(t.Rows[row].Cells) {
		return t.Rows[row].Cells[column]
	}
	return Cell{}
}

// check refuses rows that are longer than the heading: a shifted table is worse
// than none.
func (t Table) check() error {
	for _, r := range t.Rows {
		if len(r.Cells) > len(t.Columns) {
			return fmt.Errorf("table %q: row %q has %d cells, expected at most %d (its columns)", t.Title, r.Name, len(r.Cells), len(t.Columns))
		}
		for _, c := range r.Cells {
			if c.link == "" {
				continue
			}
			if _, err := relativeAddress(c.link); err != nil {
				return fmt.Errorf("table %q: row %q: link of %q: %w", t.Title, r.Name, c.main(), err)
			}
		}
	}
	return nil
}

// columnGroup is a run of neighbouring columns with one heading.
type columnGroup struct {
	Name        string
	First, Span int
}

func (t Table) groups() []columnGroup {
	var out []columnGroup
	for i, c := range t.Columns {
		if n := len(out); n > 0 && out[n-1].Name == c.Group {
			out[n-1].Span++
			continue
		}
		out = append(out, columnGroup{Name: c.Group, First: i, Span: 1})
	}
	return out
}

func (t Table) hasGroups() bool {
	for _, c := range t.Columns {
		if c.Group != "" {
			return true
		}
	}
	return false
}

package viz

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteCSV writes the table for machines: plain numbers of twelve digits, an
// interval as two columns more (low, high), a deviation (std) and the paper's
// number (paper) as one each, a missing cell empty. Text that a spreadsheet
// would run as a formula is preceded by an apostrophe.
func (t Table) WriteCSV(w io.Writer) error {
	if err := t.check(); err != nil {
		return fmt.Errorf("viz: %w", err)
	}
	out := csv.NewWriter(w)
	head := []string{Inert(t.Corner)}
	extras := make([][]extraColumn, len(t.Columns))
	for c, column := range t.Columns {
		name := column.Name
		if column.Group != "" {
			name = column.Group + "/" + column.Name
		}
		head = append(head, Inert(name))
		extras[c] = t.extraColumns(c)
		for _, x := range extras[c] {
			head = append(head, Inert(name+" "+x.name))
		}
	}
	rows := [][]string{head}
	for r, row := range t.Rows {
		line := []string{Inert(row.Name)}
		for c := range t.Columns {
			cell := t.cell(r, c)
			line = append(line, cell.csv())
			for _, x := range extras[c] {
				line = append(line, x.text(cell))
			}
		}
		rows = append(rows, line)
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("viz: write table %q as CSV: %w", t.Title, err)
	}
	return nil
}

// extraColumn is a part of a cell that has a column of its own.
type extraColumn struct {
	name string
	text func(Cell) string // empty where a cell has no such part
}

var allExtras = [...]extraColumn{
	{"low", func(c Cell) string { return plainPart(c.interval != noInterval, c.low) }},
	{"high", func(c Cell) string { return plainPart(c.interval != noInterval, c.high) }},
	{"std", func(c Cell) string { return plainPart(c.stdText() != "", c.std) }},
	{"paper", func(c Cell) string { return plainPart(c.paper.known, c.paper.value) }},
}

func plainPart(there bool, v float64) string {
	if !there {
		return ""
	}
	return plainNumber(v)
}

// extraColumns are the parts that some cell of the column has.
func (t Table) extraColumns(column int) []extraColumn {
	var found []extraColumn
	for _, x := range allExtras {
		for r := range t.Rows {
			if x.text(t.cell(r, column)) != "" {
				found = append(found, x)
				break
			}
		}
	}
	return found
}

func (c Cell) csv() string {
	switch c.kind {
	case textCell:
		return Inert(c.text)
	case numberCell:
		return plainNumber(c.value)
	}
	return ""
}

func plainNumber(v float64) string {
	if !finite(v) {
		return ""
	}
	return strconv.FormatFloat(v, 'g', 12, 64)
}

// Inert keeps spreadsheets from reading a name as a formula.
func Inert(s string) string {
	s = clean(s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}

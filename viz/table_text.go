package viz

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"github.com/rivo/uniseg"
)

// TextOptions says what the terminal can show.
type TextOptions struct {
	Width int  // columns, 0 = unlimited
	Color bool // ANSI: bold for the best, green and red for changes
}

// WriteText writes the table aligned for a terminal. Where it is wider than the
// terminal it leaves out the intervals, and if that does not help it continues
// the columns in a further block.
func (t Table) WriteText(w io.Writer, o TextOptions) error {
	if err := t.check(); err != nil {
		return fmt.Errorf("viz: %w", err)
	}
	p := t.printer(o, true)
	if o.Width > 0 && p.width(0, len(t.Columns)) > o.Width {
		p = t.printer(o, false)
	}
	var b bytes.Buffer
	if t.Title != "" {
		fmt.Fprintln(&b, p.style(clean(t.Title), ansiBold))
	}
	for from := 0; ; {
		to := from + 1
		for to < len(t.Columns) && (o.Width <= 0 || p.width(from, to+1) <= o.Width) {
			to++
		}
		to = p.wholeGroups(from, min(to, len(t.Columns)))
		p.block(&b, from, to)
		if from = to; from >= len(t.Columns) {
			break
		}
		fmt.Fprintln(&b)
	}
	if t.Note != "" {
		fmt.Fprintln(&b, p.style(clean(t.Note), ansiDim))
	}
	if _, err := w.Write(b.Bytes()); err != nil {
		return fmt.Errorf("viz: write table %q: %w", t.Title, err)
	}
	return nil
}

const (
	ansiBold  = "\x1b[1m"
	ansiDim   = "\x1b[2m"
	ansiGreen = "\x1b[32m"
	ansiRed   = "\x1b[31m"
	ansiReset = "\x1b[0m"
	columnGap = "  "
)

// tablePrinter holds the texts and widths of one layout of a table.
type tablePrinter struct {
	Table
	color      bool
	heads      []tableHead
	best       [][]bool
	main, side [][]string
	mainWidth  []int
	sideWidth  []int
	nameWidth  int
}

func (t Table) printer(o TextOptions, intervals bool) *tablePrinter {
	n := len(t.Columns)
	p := &tablePrinter{Table: t, color: o.Color, heads: t.heads(), best: t.best(), mainWidth: make([]int, n), sideWidth: make([]int, n)}
	p.nameWidth = uniseg.StringWidth(clean(t.Corner))
	for r, row := range t.Rows {
		p.nameWidth = max(p.nameWidth, uniseg.StringWidth(clean(row.Name)))
		main, side := make([]string, n), make([]string, n)
		for c := range n {
			cell := t.cell(r, c)
			main[c] = strings.TrimLeft(cell.trend.Mark()+" "+cell.main(), " ")
			if intervals {
				side[c] = cell.side()
			}
			side[c] = strings.TrimSpace(side[c] + " " + cell.paperText())
			p.mainWidth[c] = max(p.mainWidth[c], uniseg.StringWidth(main[c]))
			p.sideWidth[c] = max(p.sideWidth[c], uniseg.StringWidth(side[c]))
		}
		p.main, p.side = append(p.main, main), append(p.side, side)
	}
	for c, column := range t.Columns {
		if short := uniseg.StringWidth(clean(column.Name)) - p.cellWidth(c); short > 0 {
			p.mainWidth[c] += short
		}
	}
	for _, g := range t.groups() { // a heading wider than its columns widens the last
		last := g.First + g.Span - 1
		if short := uniseg.StringWidth(clean(g.Name)) - p.span(g.First, last+1); short > 0 {
			p.mainWidth[last] += short
		}
	}
	return p
}

func (p *tablePrinter) cellWidth(c int) int {
	if p.sideWidth[c] == 0 {
		return p.mainWidth[c]
	}
	return p.mainWidth[c] + 1 + p.sideWidth[c]
}

// span is the width of the columns from..to with the gaps between them.
func (p *tablePrinter) span(from, to int) int {
	w := -len(columnGap)
	for c := from; c < to; c++ {
		w += len(columnGap) + p.cellWidth(c)
	}
	return w
}

func (p *tablePrinter) width(from, to int) int {
	return p.nameWidth + len(columnGap) + p.span(from, to)
}

// wholeGroups moves the end of a block back to where a column group ends, if one
// fits: a group is read as a whole.
func (p *tablePrinter) wholeGroups(from, to int) int {
	for end := to; end > from; end-- {
		if end == len(p.Columns) || p.Columns[end].Group != p.Columns[end-1].Group {
			return end
		}
	}
	return to
}

// block prints the columns from..to with the rows' names before them.
func (p *tablePrinter) block(b *bytes.Buffer, from, to int) {
	if p.hasGroups() {
		p.groupLine(b, from, to)
	}
	line := pad(clean(p.Corner), p.nameWidth, false)
	for c := from; c < to; c++ {
		line += columnGap + pad(clean(p.heads[c].Name), p.cellWidth(c), p.heads[c].Align == "right")
	}
	fmt.Fprintln(b, p.style(strings.TrimRight(line, " "), ansiDim))
	rule := p.style(strings.Repeat("─", p.width(from, to)), ansiDim)
	fmt.Fprintln(b, rule)
	for r, row := range p.Rows {
		if row.Rule && r > 0 {
			fmt.Fprintln(b, rule)
		}
		name := pad(clean(row.Name), p.nameWidth, false)
		if row.Major {
			name = p.style(name, ansiBold)
		}
		line := name
		for c := from; c < to; c++ {
			line += columnGap + p.cellText(r, c)
		}
		fmt.Fprintln(b, strings.TrimRight(line, " "))
	}
}

func (p *tablePrinter) cellText(r, c int) string {
	s := pad(p.main[r][c], p.mainWidth[c], p.heads[c].Align == "right")
	switch trend := p.cell(r, c).trend; {
	case trend == Rose:
		s = p.style(s, ansiGreen)
	case trend == Fell:
		s = p.style(s, ansiRed)
	case p.Columns[c].Reference:
		s = p.style(s, ansiDim)
	}
	if p.best[r][c] || p.Rows[r].Major {
		s = p.style(s, ansiBold)
	}
	if p.sideWidth[c] > 0 {
		s += " " + p.style(pad(p.side[r][c], p.sideWidth[c], false), ansiDim)
	}
	return s
}

func (p *tablePrinter) groupLine(b *bytes.Buffer, from, to int) {
	line := strings.Repeat(" ", p.nameWidth)
	for _, g := range p.groups() {
		first, last := max(g.First, from), min(g.First+g.Span, to)
		if first >= last {
			continue
		}
		width := p.span(first, last)
		name := " " + clean(g.Name) + " "
		if g.Name == "" || uniseg.StringWidth(name)+2 > width {
			line += columnGap + pad(elideWidth(clean(g.Name), width), width, false)
			continue
		}
		dashes := width - uniseg.StringWidth(name)
		line += columnGap + strings.Repeat("─", dashes/2) + name + strings.Repeat("─", dashes-dashes/2)
	}
	if line = strings.TrimRight(line, " "); line != "" {
		fmt.Fprintln(b, p.style(line, ansiDim))
	}
}

func (p *tablePrinter) style(s, code string) string {
	if !p.color {
		return s
	}
	return code + s + ansiReset
}

func pad(s string, width int, right bool) string {
	space := strings.Repeat(" ", max(width-uniseg.StringWidth(s), 0))
	if right {
		return space + s
	}
	return s + space
}

func elideWidth(s string, width int) string {
	for n := len([]rune(s)); n > 3 && uniseg.StringWidth(s) > width; n-- {
		s = elide(s, n-1)
	}
	return s
}

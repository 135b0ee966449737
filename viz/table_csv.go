package viz

import (
	"encoding/csv"
	"fmt"
	"io"
	"strconv"
	"strings"
)

// WriteCSV writes the table for machines: plain numbers of twelve digits, an
// interval as two columns more (low, high), a missing cell empty. Text that a
// spreadsheet would run as a formula is preceded by an apostrophe.
func (t Table) WriteCSV(w io.Writer) error {
	if err := t.check(); err != nil {
		return fmt.Errorf("viz: %w", err)
	}
	out := csv.NewWriter(w)
	intervals := t.intervalColumns()
	head := []string{inert(t.Corner)}
	for c, column := range t.Columns {
		name := column.Name
		if column.Group != "" {
			name = column.Group + "/" + column.Name
		}
		head = append(head, inert(name))
		if intervals[c] {
			head = append(head, inert(name+" low"), inert(name+" high"))
		}
	}
	rows := [][]string{head}
	for r, row := range t.Rows {
		line := []string{inert(row.Name)}
		for c := range t.Columns {
			cell := t.cell(r, c)
			line = append(line, cell.csv())
			if intervals[c] {
				low, high := "", ""
				if cell.interval != noInterval {
					low, high = plainNumber(cell.low), plainNumber(cell.high)
				}
				line = append(line, low, high)
			}
		}
		rows = append(rows, line)
	}
	if err := out.WriteAll(rows); err != nil {
		return fmt.Errorf("viz: write table %q as CSV: %w", t.Title, err)
	}
	return nil
}

func (t Table) intervalColumns() []bool {
	out := make([]bool, len(t.Columns))
	for c := range t.Columns {
		for r := range t.Rows {
			out[c] = out[c] || t.cell(r, c).interval != noInterval
		}
	}
	return out
}

func (c Cell) csv() string {
	switch c.kind {
	case textCell:
		return inert(c.text)
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

// inert keeps spreadsheets from reading a name as a formula.
func inert(s string) string {
	s = clean(s)
	if s != "" && strings.ContainsRune("=+-@", rune(s[0])) {
		return "'" + s
	}
	return s
}

// WriteMarkdown writes the table as GitHub's Markdown, for READMEs and threads.
func (t Table) WriteMarkdown(w io.Writer) error {
	if err := t.check(); err != nil {
		return fmt.Errorf("viz: %w", err)
	}
	var b strings.Builder
	if t.Title != "" {
		fmt.Fprintf(&b, "**%s**\n\n", markdown(t.Title))
	}
	head, rule := "| "+markdown(t.Corner)+" |", "| :--- |"
	for c, column := range t.Columns {
		name := markdown(column.Name)
		if column.Group != "" {
			name = markdown(column.Group) + ": " + name
		}
		head += " " + name + " |"
		rule += map[string]string{"left": " :--- |", "right": " ---: |"}[t.heads()[c].Align]
	}
	fmt.Fprintf(&b, "%s\n%s\n", head, rule)
	best := t.best()
	for r, row := range t.Rows {
		line := "| " + emphasised(markdown(row.Name), row.Major) + " |"
		for c := range t.Columns {
			cell := t.cell(r, c)
			text := strings.TrimLeft(cell.trend.Mark()+" "+markdown(cell.main()), " ")
			line += " " + strings.TrimRight(emphasised(text, best[r][c] || row.Major)+" "+cell.side(), " ") + " |"
		}
		fmt.Fprintln(&b, line)
	}
	if t.Note != "" {
		fmt.Fprintf(&b, "\n%s\n", markdown(t.Note))
	}
	if _, err := io.WriteString(w, b.String()); err != nil {
		return fmt.Errorf("viz: write table %q as Markdown: %w", t.Title, err)
	}
	return nil
}

func emphasised(s string, strong bool) string {
	if strong && s != "" {
		return "**" + s + "**"
	}
	return s
}

// markdown escapes what Markdown or the HTML inside it would read as markup.
func markdown(s string) string {
	return strings.NewReplacer(`\`, `\\`, "|", `\|`, "<", "&lt;", ">", "&gt;", "&", "&amp;",
		"*", `\*`, "_", `\_`, "`", "\\`", "[", `\[`, "]", `\]`).Replace(clean(s))
}

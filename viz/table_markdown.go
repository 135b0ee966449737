package viz

import (
	"fmt"
	"io"
	"strings"
)

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
			text = strings.TrimRight(emphasised(text, best[r][c] || row.Major)+" "+cell.side(), " ")
			if paper := cell.paperText(); paper != "" {
				text += " (" + paper + ")"
			}
			line += " " + text + " |"
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

package report

import (
	"fmt"
	"strings"

	"github.com/robustvit/workbench/viz"
)

// Table is the table called name, the paper's numbers beside ours. The error
// lists the names there are; two tables of one name are an error too.
func (r *ExperimentResults) Table(name string) (viz.Table, error) {
	var names []string
	var found []viz.Table
	for _, s := range r.Sections {
		for _, t := range s.Tables {
			if t.Name == name {
				found = append(found, t.table())
			}
			names = append(names, t.Name)
		}
	}
	switch len(found) {
	case 0:
	case 1:
		return found[0], nil
	default:
		return viz.Table{}, fmt.Errorf("report: experiment %s has %d tables called %q, expected one", r.Name, len(found), name)
	}
	return viz.Table{}, fmt.Errorf("report: experiment %s has no table %q, it has: %s", r.Name, name, firstOf(strings.Join(names, ", "), "none"))
}

// FirstTable is the first table of the experiment in dir: its short answer.
func FirstTable(dir string) (viz.Table, bool) {
	r, err := ReadExperiment(dir)
	if err != nil {
		return viz.Table{}, false
	}
	for _, s := range r.Sections {
		for _, t := range s.Tables {
			return t.table(), true
		}
	}
	return viz.Table{}, false
}

func (t experimentTable) table() viz.Table {
	out := viz.Table{Title: t.Title, Corner: t.Corner, Note: t.Note}
	for _, c := range t.Columns {
		out.Columns = append(out.Columns, viz.Column{Name: c.Name, Group: c.Group, LowerIsBetter: c.LowerIsBetter})
	}
	for _, row := range t.Rows {
		line := viz.TableRow{Name: row.Name, Major: row.Major, Rule: row.Rule}
		for c, cell := range row.Cells {
			worse := c < len(t.Columns) && t.Columns[c].LowerIsBetter
			line.Cells = append(line.Cells, cell.cell(worse))
		}
		out.Rows = append(out.Rows, line)
	}
	return out
}

// cell is the value with all that stands beside it; worse says that a rise is
// for the worse.
func (c experimentCell) cell(worse bool) viz.Cell {
	var out viz.Cell
	switch {
	case c.Value == nil && c.Text != "":
		out = viz.Text(c.Text)
	case c.Value == nil:
	case c.Change:
		out = viz.Change(*c.Value, c.Digits)
	default:
		out = viz.Number(*c.Value, c.Digits)
	}
	if c.Value != nil {
		if c.Low != nil && c.High != nil {
			out = out.Between(*c.Low, *c.High)
		}
		if c.Std != nil {
			out = out.WithStd(*c.Std)
		}
		out = c.marked(out.WithWord(c.Text), worse)
	}
	if c.Paper == nil {
		return out
	}
	if c.Digits > 0 {
		out = out.Digits(c.Digits)
	}
	if c.PaperChange {
		return out.PaperChange(*c.Paper)
	}
	return out.Paper(*c.Paper)
}

// marked gives a change its mark where the sign alone does not say it.
func (c experimentCell) marked(out viz.Cell, worse bool) viz.Cell {
	switch {
	case c.Noise:
		return out.WithTrend(viz.Unchanged)
	case !worse || !c.Change || out.Trend() == viz.Unchanged:
		return out
	case *c.Value > 0:
		return out.WithTrend(viz.Fell)
	}
	return out.WithTrend(viz.Rose)
}

// ResultsBlock is one table of a results file kept in dir as Markdown, with a
// line that says where its numbers come from. The reference is NAME/TABLE, for
// the table TABLE of NAME.json; short leaves the intervals out. NAME/claims is
// what became of the claims, all/claims that of all results files in a line each.
func ResultsBlock(dir, reference string, short bool) (string, error) {
	name, table, ok := strings.Cut(reference, "/")
	if !ok {
		return "", fmt.Errorf("report: results %q, expected NAME/TABLE", reference)
	}
	if name == allBlock && table == claimsBlock {
		return allClaims(dir)
	}
	r, err := ReadExperimentFile(dir, name+".json")
	if err != nil {
		return "", err
	}
	if table == claimsBlock {
		return r.claimsMarkdown(), nil
	}
	t, err := r.Table(table)
	if err != nil {
		return "", err
	}
	if short {
		t = t.WithoutIntervals()
	}
	var b strings.Builder
	if err := t.WriteMarkdown(&b); err != nil {
		return "", fmt.Errorf("report: results %s: %w", reference, err)
	}
	fmt.Fprintf(&b, "\n`%s`: %s\n", r.Name, r.origin())
	return b.String(), nil
}

// origin says in one line on what the numbers rest.
func (r *ExperimentResults) origin() string {
	var parts []string
	for _, f := range r.settings() {
		if f.Key == "Models" || f.Key == "Data" || f.Key == "Images per set" || f.Key == "Seed" || f.Key == "Backend" {
			parts = append(parts, strings.ToLower(f.Key[:1])+f.Key[1:]+" "+f.Value)
		}
	}
	return strings.Join(append(parts, "commit "+firstOf(shortHash(r.Commit), "unknown"), "configuration "+firstOf(shortHash(r.ConfigSHA256), "unknown")), ", ") + "."
}

// shortHash is enough of a hash to find it by.
func shortHash(s string) string { return s[:min(len(s), 12)] }

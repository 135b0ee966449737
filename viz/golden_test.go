package viz_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/robustvit/workbench/viz"
)

var update = flag.Bool("update", false, "write the golden files anew")

// golden compares with a stored file; after a wanted change run the tests with
// -update and look at the difference.
func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	path := filepath.Join("testdata", name)
	if *update {
		if err := os.MkdirAll("testdata", 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatalf("%v (run with -update to write it)", err)
	}
	if diff := cmp.Diff(string(want), string(got)); diff != "" {
		t.Errorf("%s changed (-want +got):\n%s", path, diff)
	}
}

func smallTable() viz.Table {
	return viz.Table{
		Title: "Top-1, %", Corner: "set", Best: viz.BestOfRow, Note: "±: 95 % interval.",
		Columns: []viz.Column{{Name: "original", Group: "all"}, {Name: "ours", Group: "all"}, {Name: "change", Group: "all"}, {Name: "gain", Group: "paper", Reference: true}, {Name: "remark"}},
		Rows: []viz.TableRow{
			{Name: "val", Cells: []viz.Cell{viz.Number(89.84, 1).PlusMinus(1.2), viz.Number(87.7, 1).Between(86, 89.1), viz.Change(-2.1, 1).PlusMinus(1.7), viz.Number(-0.8, 1), viz.Text("clean")}},
			{Name: "A | *x*", Rule: true, Cells: []viz.Cell{viz.Number(6.4, 1), viz.Number(13.8, 1), viz.Change(7.4, 1).PlusMinus(2.5), viz.Number(8.1, 1), viz.Text("=1+1")}},
			{Name: "Sketch", Cells: []viz.Cell{viz.Number(12.6, 1), {}, viz.Change(0.04, 1)}},
			{Name: "mean", Major: true, Rule: true, Cells: []viz.Cell{viz.Number(36.3, 1), viz.Number(50.75, 1), viz.Change(1.8, 1).PlusMinus(2)}},
		},
	}
}

func TestTableGolden(t *testing.T) {
	table := smallTable()
	for name, write := range map[string]func(*bytes.Buffer) error{
		"table.txt":        func(b *bytes.Buffer) error { return table.WriteText(b, viz.TextOptions{}) },
		"table_narrow.txt": func(b *bytes.Buffer) error { return table.WriteText(b, viz.TextOptions{Width: 44}) },
		"table_color.txt":  func(b *bytes.Buffer) error { return table.WriteText(b, viz.TextOptions{Width: 60, Color: true}) },
		"table.csv":        func(b *bytes.Buffer) error { return table.WriteCSV(b) },
		"table.md":         func(b *bytes.Buffer) error { return table.WriteMarkdown(b) },
		"table.html":       func(b *bytes.Buffer) error { return viz.WriteFragment(b, table) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, b.Bytes())
	}
}

func TestPlotGolden(t *testing.T) {
	curves := viz.Curves{Title: "Loss", X: viz.Axis{Label: "step"}, Y: viz.Axis{Label: "loss"}, Series: []viz.Series{
		{Name: "background", X: []float64{0, 100, 200}, Y: []float64{0.5, 0.21, 0.1}, Low: []float64{.4, .2, .05}, High: []float64{.6, .3, .2}},
		{Name: "foreground", X: []float64{0, 100, 200}, Y: []float64{0.3, 0.12, 0.11}},
	}}
	logarithmic := curves
	logarithmic.Y.Log = true
	bars := viz.Bars{Title: "Top-1", Y: "%", Names: []string{"val", "A"}, Reference: &viz.Reference{Value: 5, Label: "chance"}, Series: []viz.Group{
		{Name: "original", Color: viz.Grey, Values: []viz.Estimate{viz.Around(89.8, 1.2), {Value: 6.4}}},
		{Name: "ours", Values: []viz.Estimate{viz.Around(87.7, 1.3), viz.Around(13.8, 2.2)}},
	}}
	deltas := viz.Deltas{Title: "Change", X: "points", Names: []string{"val", "A"}, Rules: []int{1}, Series: []viz.Group{
		{Name: "control", Color: viz.Grey, Values: []viz.Estimate{viz.Around(-.4, 1.2), {Value: 0.4}}},
		{Name: "ours", Values: []viz.Estimate{viz.Around(-2.1, 1.7), viz.Around(7.4, 2.5)}},
	}}
	for name, f := range map[string]viz.Fragment{"curves.html": curves, "curves_log.html": logarithmic, "bars.html": bars, "deltas.html": deltas} {
		golden(t, name, pageBody(t, f))
	}
}

// pageBody is a fragment as a report holds it, with SVG elements in place.
func pageBody(t *testing.T, f viz.Fragment) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := viz.WriteReport(&b, viz.Report{Title: "test", Sections: []viz.Section{{Title: "section", Fragments: []viz.Fragment{f}}}}); err != nil {
		t.Fatal(err)
	}
	_, body, _ := bytes.Cut(b.Bytes(), []byte("<main"))
	return append([]byte("<main"), body...)
}

package report_test

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/robustvit/workbench/viz"
	"github.com/robustvit/workbench/viz/report"
)

var update = flag.Bool("update", false, "rewrite the golden files")

func TestTables(t *testing.T) {
	r, err := report.ReadResults(mainJob(t, plain()))
	if err != nil {
		t.Fatal(err)
	}
	var b bytes.Buffer
	for _, table := range []viz.Table{report.MainTable(r), report.Top5Table(r), report.HalvesTable(r), report.SegmentationTable(r)} {
		if err := table.WriteText(&b, viz.TextOptions{}); err != nil {
			t.Fatal(err)
		}
		b.WriteByte('\n')
	}
	golden := filepath.Join("testdata", "tables.txt")
	if *update {
		if err := os.WriteFile(golden, b.Bytes(), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("tables differ from %s (-update rewrites it):\n%s", golden, diff)
	}
}

func TestTableOfAFolder(t *testing.T) {
	table, err := report.Table(mainJob(t, plain()))
	if err != nil {
		t.Fatal(err)
	}
	var csv bytes.Buffer
	if err := table.WriteCSV(&csv); err != nil || !strings.Contains(csv.String(), "Ours/change,Ours/change low,Ours/change high") || !strings.Contains(csv.String(), "46.1,42.1,50.1,6.1,4.6,7.6") {
		t.Errorf("%v\n%s", err, csv.String())
	}
	if _, err := report.Table(t.TempDir()); err == nil {
		t.Error("an empty folder gave a table")
	}
}

// TestMissingValuesAreNoZeros: a model without a value, or with no image of a
// kind, has an empty cell and no marker.
func TestMissingValuesAreNoZeros(t *testing.T) {
	r, err := report.ReadResults(mainJob(t, plain()))
	if err != nil {
		t.Fatal(err)
	}
	delete(r.Sets[1].Top1, "after")
	r.Sets[0].Delta["control"] = report.Difference{P: 1} // of 0 images
	var b bytes.Buffer
	table := report.MainTable(r)
	if err := table.WriteMarkdown(&b); err != nil {
		t.Fatal(err)
	}
	for _, row := range strings.Split(b.String(), "\n") {
		cells := strings.Split(row, "|")
		switch {
		case strings.HasPrefix(row, "| INet val") && strings.TrimSpace(cells[4]) != "–":
			t.Errorf("a change over 0 images: %s", row)
		case strings.HasPrefix(row, "| INet-A") && strings.TrimSpace(cells[7]) != "–":
			t.Errorf("a missing accuracy: %s", row)
		case strings.Contains(row, "shift set") && !strings.Contains(cells[7], "–"):
			t.Errorf("a mean over fewer sets than its row says: %s", row)
		}
	}
	if e := report.ChangePlot(r).Series[0].Values[0]; e.Value == e.Value {
		t.Errorf("a change over 0 images is drawn at %g", e.Value)
	}
	if e := report.AccuracyBars(r).Series[3].Values[1]; e.Value == e.Value {
		t.Errorf("a missing accuracy is drawn at %g", e.Value)
	}
}

// TestFactorsAndRules: an accuracy by value, sets of one rule named together.
func TestFactorsAndRules(t *testing.T) {
	at := func(value string, percent float64) report.FactorRate {
		return report.FactorRate{Value: value, Top1: report.Rate{Percent: percent, Low: percent - 1, High: percent + 1, N: 9}}
	}
	r := &report.Results{Models: []report.Model{{Name: "a", Title: "A"}, {Name: "b", Title: "B"}}, Sets: []report.Set{
		{Title: "INet val", Rule: "1000-way"}, {Title: "INet-A", Rule: "200-way"},
		{Title: "SI-rot.", Rule: "1000-way", Factors: map[string][]report.FactorRate{"a": {at("1", 50), at("21", 40)}, "b": {at("1", 60)}}},
	}}
	tables := report.FactorTables(r)
	if len(tables) != 1 {
		t.Fatalf("%d tables, expected one: only one set varies something", len(tables))
	}
	var b bytes.Buffer
	for _, table := range []viz.Table{tables[0].(viz.Table), report.MainTable(r)} {
		if err := table.WriteText(&b, viz.TextOptions{}); err != nil {
			t.Fatal(err)
		}
	}
	for _, want := range []string{"SI-rot.: top-1 by value", "21     40.0 [39.0, 41.0]", "Scoring: INet val, SI-rot.: 1000-way; INet-A: 200-way."} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is not in\n%s", want, b.String())
		}
	}
}

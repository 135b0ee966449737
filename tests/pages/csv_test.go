package pages

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/robustvit/workbench/internal/foreign"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/experiment"
	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/markup"
	"github.com/robustvit/workbench/viz"
)

// formulas are what a spreadsheet would run.
var formulas = []string{`=cmd|' /C calc'!A0`, `+1+1`, `-1+1`, `@SUM(1,1)`, "\t=1+1", "\r\n=1+1", `x;=1+1`, "＝1+1", "\x00=1+1", `"=1+1`}

// writers are the tables for machines, with the text wherever a name goes.
func writers(text string) map[string]func(io.Writer) error {
	one := 1.0
	return map[string]func(io.Writer) error{
		"evaluation": func(w io.Writer) error {
			return evaluate.WriteCSV(w, []evaluate.TableLine{{Set: text, Model: text, Top1: evaluate.NewRate(1, 2), Top5: evaluate.NewRate(2, 2)}})
		},
		"experiment": experiment.Table{Name: text, Columns: []experiment.Column{{Name: text, Group: text}},
			Rows: []experiment.Row{{Name: text, Cells: []experiment.Cell{{Value: &one}}}}}.WriteCSV,
		"table": viz.Table{Title: text, Corner: text, Columns: []viz.Column{{Name: text}, {Name: text, Group: text}},
			Rows: []viz.TableRow{{Name: text, Cells: []viz.Cell{viz.Text(text), viz.Number(-1, 0)}}}}.WriteCSV,
	}
}

// TestCells is the part of H1 on CSV files: a text stays in its cell and nothing
// in it is run. A spreadsheet takes what begins with = + - @, in their wide forms
// too, as a formula, and would reach out by it.
func TestCells(t *testing.T) {
	for i, text := range append(append([]string{}, markup.Texts...), formulas...) {
		catalogue.Case(t, "H1", fmt.Sprintf("%02d in CSV cell", i), func(t *testing.T) {
			plain := writers("harmless")
			for name, write := range writers(text) {
				checkCells(t, name, records(t, write), records(t, plain[name]), text)
			}
		})
	}
}

func records(t *testing.T, write func(io.Writer) error) [][]string {
	t.Helper()
	var b bytes.Buffer
	if err := write(&b); err != nil {
		t.Fatal(err)
	}
	if at := markup.Hidden(b.String()); at >= 0 {
		t.Errorf("a control or direction character: %q", b.String())
	}
	all, err := csv.NewReader(&b).ReadAll() // it refuses lines of other lengths
	if err != nil {
		t.Fatal(err)
	}
	return all
}

var runnable = regexp.MustCompile(`(^|;)\s*[=+\-@＝＋－＠]`)

func checkCells(t *testing.T, name string, got, want [][]string, text string) {
	t.Helper()
	if len(got) != len(want) || len(got[0]) != len(want[0]) {
		t.Fatalf("%s: %d lines of %d cells, expected %d of %d", name, len(got), len(got[0]), len(want), len(want[0]))
	}
	shown := 0
	for y, line := range got {
		for x, cell := range line {
			switch {
			case cell == want[y][x]: // a number, a heading
			case runnable.MatchString(cell):
				t.Errorf("%s: a spreadsheet would run %q", name, cell)
			case strings.Contains(strings.ReplaceAll(cell, "'", ""), strings.ReplaceAll(foreign.Text(text), "'", "")):
				shown++
			default:
				t.Errorf("%s: cell %q does not hold %q", name, cell, text)
			}
		}
	}
	if shown == 0 {
		t.Errorf("%s: no cell holds the text", name)
	}
}

// TestSetCalledByAFormula evaluates on a folder with such a name by the real command.
func TestSetCalledByAFormula(t *testing.T) {
	home := runs.home(t)
	dir := t.TempDir()
	const name = "=1+1"
	data, out := filepath.Join(dir, name), filepath.Join(dir, "run")
	if err := os.CopyFS(data, os.DirFS(filepath.Join(home, "zqfolder", "val"))); err != nil {
		t.Fatal(err)
	}
	catalogue.Case(t, "H1", "a set called by a formula in CSV cell", func(t *testing.T) {
		if o := catalogue.Run(t, nil, "evaluate", "--weights", filepath.Join(home, "runs", "zqmodel"), "--data", data, "--dir", out); o.Code != 0 {
			t.Fatal(o)
		}
		content, err := os.ReadFile(filepath.Join(out, "table.csv"))
		if err != nil {
			t.Fatal(err)
		}
		if !strings.Contains(string(content), "\n'"+name+",zqmodel,") {
			t.Errorf("table.csv:\n%s", content)
		}
	})
}

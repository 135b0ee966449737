package experiment

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

// toldImages is the size of a fabricated set.
const toldImages = 400

// openBeyond is the embedded default, small, on a pool that computes nothing.
func openBeyond(t *testing.T, models ...string) *Work {
	t.Helper()
	s, err := Open(Options{Models: models, Data: "shapes", Preset: "auto", Train: 200, PerSet: 20, Draws: 1})
	if err != nil {
		t.Fatal(err)
	}
	s.Sets = []string{"val", "imagenet-a", "si-location"}
	w := &Work{Setting: s, Pool: pool.Open(t.TempDir(), nil, backend.Info{}, 0, pool.Listener{})}
	for _, b := range s.Bases {
		if err := w.Pool.Add(b); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

// toldOutcome has fabricated records: top1 is the share of right answers of a
// point on a set, confidence what it says each time.
func toldOutcome(t *testing.T, w *Work, e Experiment, fabricated func(p Point, set string) (top1, confidence float64)) *Outcome {
	t.Helper()
	points, err := e.Points(context.Background(), w)
	if err != nil {
		t.Fatal(err)
	}
	o := &Outcome{Work: w, points: points, Results: &Results{Name: e.Name}, records: map[recordKey][]evaluate.Record{}}
	for _, p := range points {
		for _, set := range w.Sets {
			top1, confidence := fabricated(p, set)
			o.records[recordKey{p.Name, set}] = toldRecords(top1, confidence, set)
		}
	}
	return o
}

// toldRecords are right on images spread over the set, the same ones first, so
// that a better model keeps what a worse one gets right.
func toldRecords(top1, confidence float64, set string) []evaluate.Record {
	cells := []string{"top left", "top", "top right", "left", "centre", "right", "bottom left", "bottom", "bottom right"}
	var records []evaluate.Record
	for i := range toldImages {
		r := evaluate.Record{ID: fmt.Sprint(set, i), Class: i % 20, Top: []int{i % 20, (i + 1) % 20}, Confidence: []float64{confidence, 0}}
		if float64(i*149%toldImages) >= top1*toldImages {
			slices.Reverse(r.Top)
		}
		if set == "si-location" {
			r.Factor = cells[i%len(cells)]
		}
		records = append(records, r)
	}
	return records
}

func verdicts(o *Outcome, part string) []string {
	var found []string
	for _, c := range o.Results.Claims {
		if strings.Contains(c.Claim, part) {
			found = append(found, c.Verdict)
		}
	}
	return found
}

// wellFormed: every row has a cell a column, and no table name twice.
func wellFormed(t *testing.T, o *Outcome) {
	t.Helper()
	names := map[string]bool{}
	for _, s := range o.Results.Sections {
		for _, table := range s.Tables {
			if names[table.Name] {
				t.Errorf("two tables are called %s", table.Name)
			}
			names[table.Name] = true
			for _, row := range table.Rows {
				if len(row.Cells) != len(table.Columns) {
					t.Errorf("table %s, row %s: %d cells under %d columns", table.Name, row.Name, len(row.Cells), len(table.Columns))
				}
			}
		}
		for _, p := range s.Plots {
			for _, series := range p.Series {
				if len(series.X) > 0 && len(series.X) != len(series.Y) || len(p.Names) > 0 && len(p.Names) != len(series.Y) {
					t.Errorf("plot %s, series %s: %d x, %d y, %d names", p.Title, series.Name, len(series.X), len(series.Y), len(p.Names))
				}
			}
		}
	}
	if len(names) == 0 {
		t.Error("no table")
	}
}

// The studies share their models with tables-1-2, and each names a model once.
func TestBeyondSharesModels(t *testing.T) {
	w := openBeyond(t)
	main := map[string]bool{}
	shared, err := compared(context.Background(), w)
	if err != nil {
		t.Fatal(err)
	}
	for _, p := range shared {
		main[p.Spec.SHA256()] = true
	}
	further := map[string]int{"effective-robustness": 2, "deit-normalisation": 8} // vit-seed1 and vit-seed2 as they are; the foreign reading
	for _, e := range beyond {
		if e.Name == "significance" { // its grid chooses baselines by training
			continue
		}
		points, err := e.Points(context.Background(), w)
		if err != nil {
			t.Fatal(err)
		}
		names, others := map[string]bool{}, 0
		for _, p := range points {
			if names[p.Name] {
				t.Errorf("%s: two points are called %s", e.Name, p.Name)
			}
			names[p.Name] = true
			if !main[p.Spec.SHA256()] {
				others++
			}
		}
		if others != further[e.Name] || len(points) == 0 {
			t.Errorf("%s: %d points, %d that tables-1-2 does not have, expected %d", e.Name, len(points), others, further[e.Name])
		}
		if e.Question == "" || e.Paper == "" || e.Minutes <= 0 || len(e.Reading) == 0 {
			t.Errorf("%s lacks question, paper, minutes or reading", e.Name)
		}
	}
}

func TestDrawByHash(t *testing.T) {
	id := func(i int) string { return fmt.Sprint("val/", i) }
	candidates := []int{3, 8, 1, 20, 11, 4}
	chosen := drawByHash(candidates, id, 3, "0/a")
	slices.Reverse(candidates)
	if again := drawByHash(candidates, id, 3, "0/a"); !slices.Equal(chosen, again) {
		t.Errorf("drawn %v, from the reversed list %v", chosen, again)
	}
	if other := drawByHash(candidates, id, 6, "1/a"); slices.Equal(other[:3], chosen) {
		t.Errorf("another salt drew the same %v", other[:3])
	}
	if got := spaced(10, 4); !slices.Equal(got, []int{0, 2, 5, 7}) {
		t.Errorf("4 of 10 are %v", got)
	}
	if got := spaced(3, 5); !slices.Equal(got, []int{0, 1, 2}) {
		t.Errorf("5 of 3 are %v", got)
	}
}

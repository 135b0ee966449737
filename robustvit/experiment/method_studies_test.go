package experiment

import (
	"context"
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

// untrained are the studies whose points need no training to be listed.
var untrained = []Experiment{ablation, controlsStudy, confidenceTerm, pretrainingSeeds, interpolation}

// pretended is an outcome of records that answer right where right says so: 40
// images a set, two of each class.
func pretended(t *testing.T, e Experiment, sets []string, right func(arm string, set string, trained bool, image int) bool) *Outcome {
	t.Helper()
	asked := options()
	asked.Sets = sets
	s, err := Open(asked)
	if err != nil {
		t.Fatal(err)
	}
	p := pool.Open(t.TempDir(), nil, backend.Info{}, 0, pool.Listener{})
	w := &Work{Setting: s, Pool: p}
	points, err := e.Points(context.Background(), w)
	if err != nil {
		t.Fatal(err)
	}
	o := &Outcome{Work: w, points: points, records: map[recordKey][]evaluate.Record{}, maps: map[recordKey][]evaluate.MapRecord{}, Results: &Results{Name: e.Name}}
	for _, p := range points {
		trained := trainedOn(p)
		for _, set := range s.Sets {
			var records []evaluate.Record
			for i := range 40 {
				class := i % p.Base.Model.Variant.Classes
				r := evaluate.Record{ID: string(rune('a' + i)), Class: class, Top: []int{(class + 1) % p.Base.Model.Variant.Classes}, Confidence: []float64{0.5}}
				if right(armName(p), set, trained(class), i) {
					r.Top[0] = class
				}
				records = append(records, r)
			}
			o.records[recordKey{p.Name, set}] = records
		}
	}
	return o
}

func never(string, string, bool, int) bool { return false }

// Names are unique and, in one study, no model stands under two names.
func TestMethodStudiesListModelsOnce(t *testing.T) {
	for _, e := range untrained {
		names, specs := map[string]bool{}, map[string]string{}
		o := pretended(t, e, nil, never)
		for _, p := range o.points {
			if names[p.Name] {
				t.Errorf("%s: two points are called %s", e.Name, p.Name)
			}
			names[p.Name] = true
			if other, known := specs[p.Spec.Folder()]; known {
				t.Errorf("%s: %s and %s are one model", e.Name, p.Name, other)
			}
			specs[p.Spec.Folder()] = p.Name
		}
		for _, p := range o.points { // shared with the main results
			mine := slices.ContainsFunc(o.Bases, func(b *pool.Base) bool { return b.Name == p.Base.Name })
			for _, a := range trained() {
				if mine && p.Name == named(p.Base, a) && p.Spec.Folder() != a.Spec(p.Base).Folder() {
					t.Errorf("%s: %s is not the main results' model", e.Name, p.Name)
				}
			}
		}
	}
}

// A page has a first table, full rows and plots of one length, whatever the sets.
func TestMethodStudiesTell(t *testing.T) {
	for _, sets := range [][]string{nil, {"val"}, {"val", "imagenet-a"}} {
		for _, e := range untrained {
			if e.Name == controlsStudy.Name {
				continue // its maps need a model
			}
			o := pretended(t, e, sets, func(arm, set string, trained bool, i int) bool { return i%3 == len(arm)%3 })
			if err := e.Tell(context.Background(), o); err != nil {
				t.Fatalf("%s: %v", e.Name, err)
			}
			checkPage(t, e.Name, o)
			if len(sets) == 1 {
				shiftClaimsAreNotTested(t, e.Name, o)
			}
		}
	}
}

func checkPage(t *testing.T, name string, o *Outcome) {
	t.Helper()
	if len(o.Results.Sections) == 0 || name != interpolation.Name && len(o.Results.Sections[0].Tables) == 0 || len(o.Results.Claims) == 0 {
		t.Fatalf("%s: %d sections, %d claims; expected a first table and claims", name, len(o.Results.Sections), len(o.Results.Claims))
	}
	files := map[string]bool{}
	for _, s := range o.Results.Sections {
		for _, table := range s.Tables {
			if files[table.Name] {
				t.Errorf("%s: two tables would be written to %s.csv", name, table.Name)
			}
			files[table.Name] = true
			for _, row := range table.Rows {
				if len(row.Cells) != len(table.Columns) {
					t.Errorf("%s, %s, %s: %d cells, %d columns", name, table.Name, row.Name, len(row.Cells), len(table.Columns))
				}
			}
		}
		for _, p := range s.Plots {
			for _, series := range p.Series {
				if want := max(len(p.Names), len(series.X)); len(series.Y) != want {
					t.Errorf("%s, %s, %s: %d values, %d places", name, p.Title, series.Name, len(series.Y), want)
				}
			}
		}
	}
	if _, err := json.Marshal(o.Results); err != nil {
		t.Errorf("%s: %v", name, err)
	}
}

// Without shift sets a claim about them is not tested, neither held nor refuted.
func shiftClaimsAreNotTested(t *testing.T, name string, o *Outcome) {
	t.Helper()
	for _, c := range o.Results.Claims {
		if strings.Contains(c.Text, "shift sets") && c.Verdict != NotTested && !strings.Contains(c.Text, "clean set") {
			t.Errorf("%s: %q is %s without a shift set", name, c.Claim, c.Verdict)
		}
	}
}

// methodVerdict finds a claim by how it begins and ends.
func methodVerdict(t *testing.T, o *Outcome, begin, end string) string {
	t.Helper()
	for _, c := range o.Results.Claims {
		if strings.HasPrefix(c.Claim, begin) && strings.HasSuffix(c.Claim, end) {
			return c.Verdict
		}
	}
	t.Fatalf("no claim begins with %q and ends with %q", begin, end)
	return ""
}

func TestTally(t *testing.T) {
	var none, some tally
	none.add(evaluate.Difference{}, true, "no images")
	if c := none.claim("a", "b", ""); c.Verdict != NotTested {
		t.Errorf("nothing told is %s", c.Verdict)
	}
	some.add(evaluate.Difference{N: 1}, true, "one")
	some.add(evaluate.Difference{N: 1}, false, "two")
	if c := some.claim("a", "b", "Lead:"); c.Verdict != Partly || c.Text != "Lead: one; two." {
		t.Errorf("one of two: %+v", c)
	}
}

// Changes of different images: widths add in squares.
func TestApart(t *testing.T) {
	d := apart(evaluate.Difference{Points: -5, Low: -8, High: -1, N: 9}, evaluate.Difference{Points: -1, Low: -4, High: 2, N: 7})
	if d.Points != 4 || d.Low != 4-5 || d.High < 8.24 || d.High > 8.25 || d.N != 7 {
		t.Errorf("apart %+v, expected 4 [-1, 4 + sqrt(3^2 + 3^2)]", d)
	}
}

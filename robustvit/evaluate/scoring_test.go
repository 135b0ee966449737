package evaluate

import (
	"encoding/json"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
)

// labelled is a data set of names alone.
type labelled struct {
	classes []int
	factors []string
}

func (l labelled) Name() string                  { return "labelled" }
func (l labelled) Classes() []string             { return make([]string, 6) }
func (l labelled) Len() int                      { return len(l.classes) }
func (l labelled) Entry(i int) data.Entry        { return data.Entry{ID: "x", Class: l.classes[i]} }
func (l labelled) Load(int) (data.Sample, error) { return data.Sample{}, nil }
func (l labelled) Factor(i int) string           { return l.factors[i] }

// TestScoringRules scores the same logits by each rule.
func TestScoringRules(t *testing.T) {
	d := labelled{classes: []int{3}, factors: []string{"30"}}
	logits := []float32{5, 1, 4, 3, 2, -1} // 0 wins, then 2, then 3
	for _, c := range []struct {
		name    string
		scoring data.Scoring
		top     []int
		correct [3]bool // among the first 1, 2, 3
		margin  float64
	}{
		{"all compete", data.Scoring{}, []int{0, 2, 3, 4, 1}, [3]bool{false, false, true}, 3 - 5},
		{"three compete", data.Scoring{Classes: []int{1, 3, 4}}, []int{3, 4, 1}, [3]bool{true, true, true}, 3 - 2},
		{"two are right", data.Scoring{Accepted: func(int) []int { return []int{3, 2} }}, []int{0, 2, 3, 4, 1}, [3]bool{false, true, true}, 4 - 5},
		{"both", data.Scoring{Classes: []int{1, 2, 3}, Accepted: func(int) []int { return []int{3, 2} }}, []int{2, 3, 1}, [3]bool{true, true, true}, 4 - 1},
	} {
		r := Test{Data: d, Scoring: c.scoring}.record(0, logits)
		if !slices.Equal(r.Top, c.top) || r.Class != 3 || math.Abs(r.Margin-c.margin) > 1e-6 {
			t.Errorf("%s: top %v, class %d, margin %g; expected %v, 3, %g", c.name, r.Top, r.Class, r.Margin, c.top, c.margin)
		}
		for k, want := range c.correct {
			if r.Correct(k+1) != want {
				t.Errorf("%s: among the first %d: %v", c.name, k+1, !want)
			}
		}
		sum := 0.0
		for _, p := range r.Confidence {
			sum += p
		}
		if c.scoring.Classes != nil && math.Abs(sum-1) > 1e-5 {
			t.Errorf("%s: the probabilities of the %d classes that compete add up to %g", c.name, len(c.scoring.Classes), sum)
		}
	}
}

// TestUsualRecordsStayAsTheyAre: no new field shows where no rule is special.
func TestUsualRecordsStayAsTheyAre(t *testing.T) {
	text, err := json.Marshal(NewRecord("a", 1, []float32{0, 1}))
	if err != nil || strings.Contains(string(text), "accepted") || strings.Contains(string(text), "factor") {
		t.Errorf("%s, %v", text, err)
	}
}

func TestFitsModel(t *testing.T) {
	if err := (Test{Data: labelled{}, Scoring: data.Scoring{Classes: []int{7}}}).fits(6); err == nil {
		t.Error("class 7 of 6 competes without an error")
	}
}

func TestByFactor(t *testing.T) {
	var records []Record
	for i, value := range []string{"10", "9", "10", "100", "left", "9"} {
		records = append(records, Record{Class: 1, Top: []int{i % 2}, Factor: value})
	}
	rates := ByFactor(records)
	var got []string
	for _, r := range rates {
		got = append(got, r.Value)
	}
	if !slices.Equal(got, []string{"9", "10", "100", "left"}) {
		t.Errorf("values %q, expected numbers in their order, then words", got)
	}
	if rates[0].Top1.Hits != 2 || rates[0].Top1.N != 2 || rates[1].Top1.Hits != 0 || rates[1].Top1.N != 2 {
		t.Errorf("%+v", rates)
	}
	if ByFactor([]Record{{Class: 1, Top: []int{1}}}) != nil {
		t.Error("rates by factor where nothing is varied")
	}
	lines := FactorLines("si-rotation", []string{"a"}, map[string][]FactorRate{"a": rates})
	var b strings.Builder
	if err := WriteCSV(&b, lines); err != nil || !strings.Contains(b.String(), "si-rotation/9,a,2,100.00,") || !strings.Contains(b.String(), ",,,,,\n") {
		t.Errorf("%v\n%s", err, b.String())
	}
}

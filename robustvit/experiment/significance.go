package experiment

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

var significanceStudy = Experiment{
	Name: "significance", Title: "What survives a test", Paper: beyondPaper + ": Tables 1 and 2 come without intervals", Minutes: 14.5,
	Question: "How many of the differences of Tables 1 and 2 are more than chance, when each is tested on the same images and the tests of all sets are counted together?",
	Reading: []string{
		"p: McNemar's exact two-sided test on the images that only one of the two models gets right. Interval: paired bootstrap over images.",
		"Holm: p adjusted for the family of all sets of one comparison; at most 0.05 is a finding that stands.",
		"The test is over images of one pair of models. It does not say what another draw of training images would give; see the studies over draws.",
		"The models are those of tables-1-2 and cost nothing where that has been run.",
	},
	Points:  func(ctx context.Context, w *Work) ([]Point, error) { return tables12.Points(ctx, w) },
	Measure: Measure{Sets: true},
	Tell:    tellSignificance,
}

// pairing is one comparison of two arms, tested on every set.
type pairing struct {
	from, to string // arms
	title    string
	claim    bool // the paper makes it
}

// pairings are what is tested: the method against the original, its controls and
// the baselines, and the controls against the original.
var pairings = []pairing{
	{"original", Published.Name, "published − original", true},
	{"original", Ours.Name, "ours − original", true},
	{CrossEntropy.Name, Published.Name, "published − cross-entropy", false},
	{Confidence.Name, Published.Name, "published − confidence alone", false},
	{CrossEntropyFinetuned.Name, Ours.Name, "ours − cross-entropy", false},
	{ConfidenceFinetuned.Name, Ours.Name, "ours − confidence alone", false},
	{KL.Name, Ours.Name, "ours − KL", false},
	{gradMaskName, Ours.Name, "ours − GradMask", true},
	{rrrName, Ours.Name, "ours − RRR", true},
	{"original", CrossEntropyFinetuned.Name, "cross-entropy − original", false},
}

// tested is a pairing of one base on every set.
type tested struct {
	base *pool.Base
	pairing
	sets []evaluate.Difference
	holm []float64 // over the sets
}

// test compares the two arms on every set.
func (o *Outcome) test(ctx context.Context, b *pool.Base, p pairing) (tested, error) {
	t := tested{base: b, pairing: p}
	for _, set := range o.Work.Sets {
		d, err := o.Delta(ctx, b.Name+"-"+p.from, b.Name+"-"+p.to, []string{set}, nil)
		if err != nil {
			return t, err
		}
		t.sets = append(t.sets, d)
	}
	t.holm = evaluate.HolmDifferences(t.sets)
	return t, nil
}

// testTally counts findings: better and worse by the single test, and by Holm.
type testTally struct{ better, worse, betterHolm, worseHolm, n int }

func (t *testTally) add(d evaluate.Difference, holm float64) {
	t.n++
	switch {
	case d.P <= 0.05 && d.Points > 0:
		t.better++
	case d.P <= 0.05 && d.Points < 0:
		t.worse++
	}
	switch {
	case holm <= 0.05 && d.Points > 0:
		t.betterHolm++
	case holm <= 0.05 && d.Points < 0:
		t.worseHolm++
	}
}

func tallyOf(all []tested) (t testTally) {
	for _, one := range all {
		for i, d := range one.sets {
			t.add(d, one.holm[i])
		}
	}
	return t
}

func tellSignificance(ctx context.Context, o *Outcome) error {
	var all []tested
	for _, b := range o.Bases {
		for _, p := range pairings {
			if !o.Has(b.Name+"-"+p.from) || !o.Has(b.Name+"-"+p.to) {
				continue
			}
			t, err := o.test(ctx, b, p)
			if err != nil {
				return err
			}
			all = append(all, t)
		}
	}
	o.Add(Section{Title: "Findings that survive", Lead: "Sets on which the first model differs from the second, of all sets and models.", Tables: []Table{survivors(all)}, Plots: []Plot{survivorPlot(all)}})
	for _, b := range o.Bases {
		matrix, err := o.matrix(ctx, b)
		if err != nil {
			return err
		}
		o.Add(Section{Title: b.Title + ": any two models", Tables: []Table{matrix}, Collapsed: true})
		o.Add(Section{Title: b.Title + ": every set", Tables: []Table{o.testTable(b, all)}, Collapsed: true})
	}
	o.claimSignificance(all)
	return nil
}

// survivorPlot is the findings that stand, by pairing.
func survivorPlot(all []tested) Plot {
	better, worse := Series{Name: "better"}, Series{Name: "worse"}
	plot := Plot{Kind: Bars, Title: "Sets with a difference that stands (Holm over the sets)", Y: "models x sets"}
	for _, p := range pairings {
		one := pick(all, p)
		if len(one) == 0 {
			continue
		}
		n := tallyOf(one)
		plot.Names = append(plot.Names, p.title)
		better.Y, worse.Y = append(better.Y, float64(n.betterHolm)), append(worse.Y, float64(n.worseHolm))
	}
	plot.Series = []Series{better, worse}
	return plot
}

// survivors counts the findings of each pairing.
func survivors(all []tested) Table {
	t := Table{Name: "survivors", Title: "Sets with a difference, p at most 0.05", Corner: "comparison",
		Columns: []Column{{Name: "tests"}, {Name: "better", Group: "single test"}, {Name: "worse", Group: "single test"}, {Name: "better", Group: "Holm over the sets"}, {Name: "worse", Group: "Holm over the sets"}, {Name: "better", Group: "Holm over sets and models"}, {Name: "worse", Group: "Holm over sets and models"}},
		Note:    "A test is one model on one set. Major: claims of the paper."}
	for _, p := range pairings {
		one := pick(all, p)
		if len(one) == 0 {
			continue
		}
		n, wide := tallyOf(one), tallyOf(together(one))
		row := Row{Name: p.title, Major: p.claim}
		for _, count := range []int{n.n, n.better, n.worse, n.betterHolm, n.worseHolm, wide.betterHolm, wide.worseHolm} {
			row.Cells = append(row.Cells, number(float64(count), 0))
		}
		t.Rows = append(t.Rows, row)
	}
	return t
}

// together adjusts over the sets of all bases as one family.
func together(all []tested) []tested {
	one := tested{}
	for _, t := range all {
		one.sets = append(one.sets, t.sets...)
	}
	one.holm = evaluate.HolmDifferences(one.sets)
	return []tested{one}
}

func pick(all []tested, p pairing) []tested {
	var some []tested
	for _, t := range all {
		if t.pairing == p {
			some = append(some, t)
		}
	}
	return some
}

// testTable is the change, the images gained and lost and p of every pairing on
// every set.
func (o *Outcome) testTable(b *pool.Base, all []tested) Table {
	t := Table{Name: "tests-" + b.Name, Title: b.Title + ": R@1, points", Corner: "set", Note: intervalNote + "Under it: images gained and lost, p by McNemar, p after Holm over the sets."}
	for _, set := range o.Work.Sets {
		t.Rows = append(t.Rows, Row{Name: evaluate.Title(set)})
	}
	for _, one := range all {
		if one.base != b {
			continue
		}
		for _, name := range []string{"change", "gained/lost", "p", "Holm"} {
			t.Columns = append(t.Columns, Column{Name: name, Group: one.title})
		}
		for i, d := range one.sets {
			t.Rows[i].Cells = append(t.Rows[i].Cells, change(d), words(fmt.Sprintf("%d/%d", d.Gained, d.Lost)), chance(d.P), chance(one.holm[i]))
		}
	}
	return t
}

// chance is a p value.
func chance(p float64) Cell {
	if p < 0.001 {
		return words("<0.001")
	}
	return number(p, 3)
}

// matrix is row minus column of the mean shift accuracy, for any two models.
func (o *Outcome) matrix(ctx context.Context, b *pool.Base) (Table, error) {
	shifts, points := o.ShiftSets(), o.of(b)
	t := Table{Name: "matrix-" + b.Name, Title: b.Title + ": row minus column, mean R@1 over the shift sets, points", Corner: "model", Note: "≈: the 95 % interval of the paired bootstrap holds 0."}
	cells := make([][]Cell, len(points))
	for i := range points {
		cells[i] = make([]Cell, len(points))
		cells[i][i] = words("·")
	}
	for i, row := range points {
		t.Columns = append(t.Columns, Column{Name: row.Title})
		for j := i + 1; j < len(points); j++ {
			d, err := o.Delta(ctx, points[j].Name, row.Name, shifts, nil)
			if err != nil {
				return t, err
			}
			cells[i][j] = Cell{Value: pointer(d.Points), Digits: 1, Change: true, Noise: !d.Significant()}
			cells[j][i] = Cell{Value: pointer(-d.Points), Digits: 1, Change: true, Noise: !d.Significant()}
		}
	}
	for i, row := range points {
		t.Rows = append(t.Rows, Row{Name: row.Title, Cells: cells[i]})
	}
	return t, nil
}

// claimSignificance judges the paper's claims set by set, on the shift sets.
func (o *Outcome) claimSignificance(all []tested) {
	for _, p := range pairings {
		one := o.shifted(pick(all, p))
		if len(one) == 0 {
			continue
		}
		n := tallyOf(one)
		claim := Claim{Source: "Tables 1 and 2", Verdict: share(n.betterHolm, n.n), Claim: "On every shift set: " + p.title + " above 0"}
		if !p.claim {
			claim.Source = beyondPaper
		}
		claim.Text = fmt.Sprintf("Of %d tests (models x shift sets) %d are better and %d worse after Holm over the shift sets; %d and %d by single tests.", n.n, n.betterHolm, n.worseHolm, n.better, n.worse)
		o.Say(claim)
	}
}

// shifted keeps the shift sets and adjusts for them alone.
func (o *Outcome) shifted(all []tested) []tested {
	var some []tested
	for _, t := range all {
		kept := t
		kept.sets = nil
		for i, set := range o.Work.Sets {
			if evaluate.IsShift(set) {
				kept.sets = append(kept.sets, t.sets[i])
			}
		}
		if kept.holm = evaluate.HolmDifferences(kept.sets); len(kept.sets) > 0 {
			some = append(some, kept)
		}
	}
	return some
}

package experiment

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

var factorStudy = Experiment{
	Name: "si-factors", Title: "Location, rotation and size, value by value", Paper: "Table 2, by factor value (beyond the paper)", Minutes: 5,
	Question: "At which locations, rotations and sizes of the object do the gains on SI-Score arise: everywhere, or where training images have no objects?",
	Reading: []string{
		"Each SI set varies one factor alone. Values hold few images each (see the table's note), so a value by itself says little; read the course.",
		"Changes are paired on the images of a value.",
	},
	Points:  compared,
	Measure: Measure{Sets: true},
	Tell:    tellFactors,
}

const factorClaim = "The gain over location, rotation and size is there at every value"

func tellFactors(ctx context.Context, o *Outcome) error {
	var varied []string
	for _, set := range o.Work.Sets {
		records, err := o.Records(ctx, original(o.Bases[0]), set)
		if err != nil {
			return err
		}
		if len(evaluate.ByFactor(records)) > 1 {
			varied = append(varied, set)
		}
	}
	if len(varied) == 0 {
		o.Say(untested(factorClaim, "Table 2", "No set says which value of a factor an image has; SI-Score's sets do (si-location, si-rotation, si-size)."))
		return nil
	}
	for _, set := range varied {
		if err := o.tellFactor(ctx, set); err != nil {
			return err
		}
	}
	return nil
}

func (o *Outcome) tellFactor(ctx context.Context, set string) error {
	section := Section{Title: evaluate.Title(set)}
	values, counts, err := o.factorValues(ctx, set)
	if err != nil {
		return err
	}
	changes, err := o.factorTable(ctx, set, values, counts)
	if err != nil {
		return err
	}
	section.Tables = append(section.Tables, changes)
	for _, b := range o.Bases {
		plot, err := o.factorCurves(ctx, set, b, values)
		if err != nil {
			return err
		}
		section.Plots = append(section.Plots, plot)
		if places, ok := gridOf(values); ok {
			table, err := o.locationTable(ctx, set, b, places)
			if err != nil {
				return err
			}
			section.Tables = append(section.Tables, table)
		}
	}
	o.Add(section)
	return o.claimFactor(ctx, set, values)
}

// factorValues are the values of the set's factor with their images, in order.
func (o *Outcome) factorValues(ctx context.Context, set string) (values []string, counts string, err error) {
	records, err := o.Records(ctx, original(o.Bases[0]), set)
	if err != nil {
		return nil, "", err
	}
	least, most := len(records), 0
	for _, r := range evaluate.ByFactor(records) {
		values = append(values, r.Value)
		least, most = min(least, r.Top1.N), max(most, r.Top1.N)
	}
	slices.SortStableFunc(values, readingOrder)
	return values, fmt.Sprintf("%d to %d images a value. ", least, most), nil
}

// readingOrder puts the nine locations in words row by row; all else stays.
func readingOrder(a, b string) int {
	x, okA := wordPlace(a)
	y, okB := wordPlace(b)
	if !okA || !okB {
		return 0
	}
	return 3*(x.row-y.row) + x.column - y.column
}

// atValue keeps the records of one value of two paired sets of records.
func atValue(before, after []evaluate.Record, value string) (a, b []evaluate.Record) {
	for i := range before {
		if before[i].Factor == value {
			a, b = append(a, before[i]), append(b, after[i])
		}
	}
	return a, b
}

// factorChange is the paired change at one value.
func (o *Outcome) factorChange(ctx context.Context, from, to, set, value string) (evaluate.Difference, error) {
	was, err := o.Records(ctx, from, set)
	if err != nil {
		return evaluate.Difference{}, err
	}
	is, err := o.Records(ctx, to, set)
	if err != nil {
		return evaluate.Difference{}, err
	}
	a, b := atValue(was, is, value)
	return evaluate.CompareSets([][]evaluate.Record{a}, [][]evaluate.Record{b}, nil)
}

// factorTable is the change of every model at every value.
func (o *Outcome) factorTable(ctx context.Context, set string, values []string, counts string) (Table, error) {
	t := Table{Name: "factor-" + set, Title: "Change in R@1 against the original by value, points", Corner: "model", Note: counts + intervalNote + "[0, 0]: no image changed sides, which with few images does not say that none would."}
	for _, v := range values {
		t.Columns = append(t.Columns, Column{Name: v})
	}
	last := ""
	for _, p := range o.points {
		if p.Name == original(p.Base) {
			continue
		}
		row := Row{Name: p.Base.Title + ", " + p.Title, Rule: last != "" && last != p.Base.Name}
		for _, v := range values {
			d, err := o.factorChange(ctx, original(p.Base), p.Name, set, v)
			if err != nil {
				return t, err
			}
			row.Cells = append(row.Cells, change(d))
		}
		last = p.Base.Name
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// factorCurves is accuracy by value before and after.
func (o *Outcome) factorCurves(ctx context.Context, set string, b *pool.Base, values []string) (Plot, error) {
	plot := Plot{Kind: Curves, Title: b.Title + ": R@1 by value", X: strings.TrimPrefix(set, "si-"), Y: "R@1, %", Names: values, Caption: "Bands: exact binomial 95 % intervals of each model alone."}
	for i, p := range append([]Point{before(b)}, o.some(b, Published, Ours, CrossEntropyFinetuned, ConfidenceFinetuned)...) {
		records, err := o.Records(ctx, p.Name, set)
		if err != nil {
			return plot, err
		}
		rates := map[string]evaluate.Rate{}
		for _, r := range evaluate.ByFactor(records) {
			rates[r.Value] = r.Top1
		}
		s := Series{Name: p.Title}
		for k, v := range values {
			s.X, s.Y = append(s.X, float64(k+1)), append(s.Y, round2(rates[v].Percent))
			if i == 0 || p.Name == named(b, Ours) { // more bands would hide the lines
				s.Low, s.High = append(s.Low, round2(rates[v].Low)), append(s.High, round2(rates[v].High))
			}
		}
		plot.Series = append(plot.Series, s)
	}
	return plot, nil
}

// claimFactor: at how many values is there a gain over the original and its
// nearest control.
func (o *Outcome) claimFactor(ctx context.Context, set string, values []string) error {
	up, beaten, down, of := 0, 0, 0, 0
	for _, b := range o.Bases {
		for _, v := range values {
			d, err := o.factorChange(ctx, original(b), named(b, Ours), set, v)
			if err != nil {
				return err
			}
			c, err := o.factorChange(ctx, named(b, CrossEntropyFinetuned), named(b, Ours), set, v)
			if err != nil {
				return err
			}
			of++
			if d.Low > 0 {
				up++
				if c.Low > 0 {
					beaten++
				}
			}
			if d.High < 0 {
				down++
			}
		}
	}
	o.Say(Claim{Claim: factorClaim + " (" + Ours.Title + ", " + evaluate.Title(set) + ")", Source: "Table 2", Verdict: share(beaten, of),
		Text: fmt.Sprintf("Of %d values (models x values) %d rise and %d fall with their interval; at %d the method also beats cross-entropy on the same images. Few images a value: what does not rise is not shown to stay.", of, up, down, beaten)})
	return nil
}

package experiment

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

// aspect is a column of a table of changes: some sets, some classes.
type aspect struct {
	name, group string
	sets        []string
	keep        func(p Point) func(class int) bool // nil = all classes
}

// filter is the choice of classes for a point.
func (a aspect) filter(p Point) func(class int) bool {
	if a.keep == nil {
		return nil
	}
	return a.keep(p)
}

// trainedOn says which classes the point was finetuned on; of a pretrained
// model, those that its setting would finetune.
func trainedOn(p Point) func(class int) bool {
	classes := p.Base.Finetune.Classes
	if p.Spec.Finetune != nil {
		classes = p.Spec.Finetune.Classes
	}
	return func(class int) bool { return slices.Contains(classes, class) }
}

// notTrainedOn says which it was not.
func notTrainedOn(p Point) func(class int) bool {
	trained := trainedOn(p)
	return func(class int) bool { return !trained(class) }
}

// cleanAspect is the set that training images are like.
func (w *Work) cleanAspect() aspect {
	return aspect{name: evaluate.Title(w.Clean()), sets: []string{w.Clean()}}
}

// shiftAspect is the mean over the shift sets.
func (w *Work) shiftAspect() aspect {
	shifts := w.ShiftSets()
	return aspect{name: "all", group: shiftName(shifts), sets: shifts}
}

// short names an aspect in a plot's legend.
func (a aspect) short() string {
	switch {
	case a.group == "":
		return a.name
	case a.name == "all":
		return "shift"
	}
	return "shift, " + a.name
}

// inHalves are an aspect's finetuned classes (set A) and the others (set B).
func inHalves(a aspect) []aspect {
	return []aspect{{name: "set A", group: a.group, sets: a.sets, keep: trainedOn}, {name: "set B", group: a.group, sets: a.sets, keep: notTrainedOn}}
}

// aspects are the columns of most tables: the clean set, ImageNet-v2 where it is
// there, the mean over the shift sets, and its finetuned and other classes.
func (w *Work) aspects() []aspect {
	all := []aspect{w.cleanAspect()}
	for _, set := range w.Sets {
		if strings.HasPrefix(set, "imagenet-v2") && set != w.Clean() {
			all = append(all, aspect{name: evaluate.Title(set), sets: []string{set}})
		}
	}
	if len(w.ShiftSets()) == 0 {
		return append(all, inHalves(w.cleanAspect())...)
	}
	return append(append(all, w.shiftAspect()), inHalves(w.shiftAspect())...)
}

// publishedChange is the paper's change of a point in an aspect.
type publishedChange func(p Point, a aspect) (float64, bool)

// aspectTable is the change in R@1 of every point against its original.
func (o *Outcome) aspectTable(ctx context.Context, name string, points []Point, columns []aspect, published publishedChange) (Table, error) {
	t := Table{Name: name, Title: "Change in R@1 against the original, points", Corner: "model", Note: intervalNote + "Set A: the finetuned classes; set B: the others."}
	for _, a := range columns {
		t.Columns = append(t.Columns, Column{Name: a.name, Group: a.group})
	}
	last := ""
	for _, p := range points {
		if p.Name == original(p.Base) {
			continue
		}
		row := Row{Name: p.Base.Title + ", " + p.Title, Rule: last != "" && last != p.Base.Name}
		for _, a := range columns {
			d, err := o.Delta(ctx, original(p.Base), p.Name, a.sets, a.filter(p))
			if err != nil {
				return t, err
			}
			cell := change(d)
			if published != nil {
				cell = cell.beside(published(p, a))
			}
			row.Cells = append(row.Cells, cell)
		}
		last = p.Base.Name
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// tally counts where a claim holds among the places where it can be told.
type tally struct {
	held, of int
	text     []string
}

// add tells one place; a comparison without images does not count.
func (t *tally) add(d evaluate.Difference, holds bool, format string, args ...any) {
	if d.N == 0 {
		return
	}
	if t.of++; holds {
		t.held++
	}
	t.say(format, args...)
}

// say adds words without a verdict.
func (t *tally) say(format string, args ...any) {
	t.text = append(t.text, fmt.Sprintf(format, args...))
}

// claim is the verdict over the places told.
func (t *tally) claim(claim, source, lead string) Claim {
	c := Claim{Claim: claim, Source: source, Verdict: NotTested, Text: lead}
	if t.of > 0 {
		c.Verdict = share(t.held, t.of)
	}
	if len(t.text) == 0 {
		t.say("Nothing here to test it on")
	}
	if c.Text += " " + strings.Join(t.text, "; ") + "."; lead == "" {
		c.Text = strings.TrimSpace(c.Text)
	}
	return c
}

package experiment

import (
	"context"
	"fmt"
	"strconv"
	"strings"

	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
)

// knob is one setting of the method and the values that a study gives it, all
// else as the base has it.
type knob struct {
	base   *pool.Base
	name   string // in titles and the points' names: "temperature"
	axis   string // with its unit: "temperature of the class term"
	log    bool   // values are spread over powers
	named  bool   // values have names and no order: no curve
	forms  []Arm  // of the method
	values []value
	left   []string // values that this data cannot have, and why
}

// value is one position of a knob. The base's own changes nothing, so that it
// is the arm's point that other experiments have too.
type value struct {
	x      float64 // on the axis
	label  string  // "0.65"
	change func(*finetune.Config)
}

func (v value) own() bool { return v.change == nil }

// at is a form of the method with the knob at a value: an arm of its own.
func (k knob) at(form Arm, v value) Arm {
	if v.own() {
		form.Title = fmt.Sprintf("%s, %s %s (the setting's own)", form.Title, k.name, v.label)
		return form
	}
	slug := strings.ReplaceAll(k.name+"-"+v.label, " ", "-")
	return Arm{Name: form.Name + "-" + slug, Title: fmt.Sprintf("%s, %s %s", form.Title, k.name, v.label), Note: form.Note, Masks: form.Masks,
		change: func(b *pool.Base, c *finetune.Config) {
			form.change(b, c)
			v.change(c)
		}}
}

// arms are all values of all forms, form by form.
func (k knob) arms() []Arm {
	var arms []Arm
	for _, form := range k.forms {
		for _, v := range k.values {
			arms = append(arms, k.at(form, v))
		}
	}
	return arms
}

// references are the controls of the knob's forms at the base's own setting, and
// the method held by the KL to the original.
func (k knob) references() []Arm {
	var arms []Arm
	for _, form := range k.forms {
		arms = append(arms, controlsOf(form)...)
	}
	return append(arms, KL)
}

// ownValue is the base's position.
func (k knob) ownValue() (value, bool) {
	for _, v := range k.values {
		if v.own() {
			return v, true
		}
	}
	return value{}, false
}

// numbers are values on an axis with the base's own among them, ascending. Each
// sets one number of the configuration.
func numbers(own float64, set func(c *finetune.Config, x float64), xs ...float64) []value {
	var values []value
	placed := false
	for _, x := range xs {
		if !placed && own <= x {
			values, placed = append(values, value{x: own, label: short(own)}), true
		}
		if x != own {
			values = append(values, value{x: x, label: short(x), change: func(c *finetune.Config) { set(c, x) }})
		}
	}
	if !placed {
		values = append(values, value{x: own, label: short(own)})
	}
	return values
}

func short(x float64) string { return strconv.FormatFloat(x, 'g', 4, 64) }

// study is an experiment that turns knobs on a base.
type study struct {
	Experiment
	maps  bool // the segmentation test too, where the data have masks for it
	knobs func(ctx context.Context, w *Work) ([]knob, error)
	tell  func(ctx context.Context, o *Outcome, knobs []knob) error
}

// experiment fills in the grid: for each base the original, the controls and
// every value of its knobs, once.
func (s study) experiment() Experiment {
	e := s.Experiment
	e.Points = func(ctx context.Context, w *Work) ([]Point, error) {
		knobs, err := s.knobs(ctx, w)
		if err != nil || !s.maps {
			return turned(knobs), err
		}
		if has, err := hasMasks(knobs[0].base); err != nil || !has {
			return turned(knobs), err
		}
		return turned(knobs), w.measure(ctx, s.Name+": maps", turned(knobs), Measure{Maps: true})
	}
	e.Tell = func(ctx context.Context, o *Outcome) error {
		knobs, err := s.knobs(ctx, o.Work)
		if err != nil {
			return err
		}
		return s.tell(ctx, o, knobs)
	}
	return e
}

// turned are the points of knobs.
func turned(knobs []knob) []Point {
	seen := map[string]bool{}
	var points []Point
	add := func(p Point) {
		if !seen[p.Name] {
			seen[p.Name] = true
			points = append(points, p)
		}
	}
	for _, k := range knobs {
		add(before(k.base))
		for _, a := range append(k.references(), k.arms()...) {
			add(a.Point(k.base))
		}
	}
	return points
}

// first are knobs of the sweep's first base alone.
func first(of func(b *pool.Base) knob) func(context.Context, *Work) ([]knob, error) {
	return func(_ context.Context, w *Work) ([]knob, error) { return []knob{of(w.Bases[0])}, nil }
}

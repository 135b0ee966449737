package experiment

import (
	"context"
	"fmt"
	"strings"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

// gain is what an arm does to a base, against the original and against the
// control that comes nearest to it.
type gain struct {
	base    *pool.Base
	arm     Arm
	change  evaluate.Difference // against the original
	margin  evaluate.Difference // against the nearest control
	control Arm
}

// held says that the arm rises above the original and above every control of
// its, with the interval.
func (g gain) held() bool { return g.change.Low > 0 && g.margin.Low > 0 }

// gain compares an arm over sets with the original and its controls.
func (o *Outcome) gain(ctx context.Context, b *pool.Base, a Arm, sets []string, keep func(int) bool) (gain, error) {
	g := gain{base: b, arm: a}
	var err error
	if g.change, err = o.Delta(ctx, original(b), named(b, a), sets, keep); err != nil {
		return g, err
	}
	for i, c := range controlsOf(a) {
		d, err := o.Delta(ctx, named(b, c), named(b, a), sets, keep)
		if err != nil {
			return g, err
		}
		if i == 0 || d.Low < g.margin.Low {
			g.margin, g.control = d, c
		}
	}
	return g, nil
}

// gains compares an arm on every base.
func (o *Outcome) gains(ctx context.Context, bases []*pool.Base, a Arm, sets []string, keep func(b *pool.Base) func(int) bool) ([]gain, error) {
	var all []gain
	for _, b := range bases {
		var filter func(int) bool
		if keep != nil {
			filter = keep(b)
		}
		g, err := o.gain(ctx, b, a, sets, filter)
		if err != nil {
			return nil, err
		}
		all = append(all, g)
	}
	return all, nil
}

// heldBy is the verdict of a claim that must hold on every base.
func heldBy(all []gain) string {
	n := 0
	for _, g := range all {
		if g.held() {
			n++
		}
	}
	return share(n, len(all))
}

// share is held where all hold, not held where none does.
func share(n, of int) string {
	switch n {
	case of:
		return Held
	case 0:
		return NotHeld
	}
	return Partly
}

// String is "ViT +2.4 [1.5, 3.3], above its nearest control by 2.2 [1.2, 3.1]".
func (g gain) String() string {
	return fmt.Sprintf("%s %s, against its nearest control (%s) %s", g.base.Title, points(g.change), g.control.Title, points(g.margin))
}

func points(d evaluate.Difference) string {
	return fmt.Sprintf("%+.1f [%.1f, %.1f]", noZero(d.Points), noZero(d.Low), noZero(d.High))
}

// noZero spares the reader a "-0.0".
func noZero(x float64) float64 {
	if x > -0.05 && x < 0.05 {
		return 0
	}
	return x
}

// told joins gains to a sentence.
func told(what string, all []gain) string {
	var parts []string
	for _, g := range all {
		parts = append(parts, g.String())
	}
	return what + ": " + strings.Join(parts, "; ") + "."
}

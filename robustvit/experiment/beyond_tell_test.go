package experiment

import (
	"context"
	"math"
	"slices"
	"testing"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

// arms gives each arm of every base an accuracy on shift sets; others have that
// of the original.
func arms(shift map[string]float64) func(Point, string) (float64, float64) {
	return func(p Point, set string) (float64, float64) {
		if set == "val" {
			return 0.9, 0.9
		}
		if a, ok := shift[armName(p)]; ok {
			return a, 0.6
		}
		return 0.5, 0.6
	}
}

func tell(t *testing.T, e Experiment, w *Work, fabricated func(Point, string) (float64, float64)) *Outcome {
	t.Helper()
	o := toldOutcome(t, w, e, fabricated)
	if err := e.Tell(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	wellFormed(t, o)
	return o
}

// grid in place of that of tables-1-2, which trains to choose baselines.
func significanceOf() Experiment {
	e := significanceStudy
	e.Points = compared
	return e
}

func TestSignificanceBothWays(t *testing.T) {
	w := openBeyond(t, "demo:vit")
	o := tell(t, significanceOf(), w, arms(map[string]float64{"ours": 0.7, "published": 0.5, "kl": 0.7}))
	for part, want := range map[string]string{
		"ours − original": Held, "published − original": NotHeld, "ours − cross-entropy": Held, "ours − KL": NotHeld,
	} {
		if got := verdicts(o, part); !slices.Equal(got, []string{want}) {
			t.Errorf("%s: %v, expected %s", part, got, want)
		}
	}
	if got := verdicts(o, "GradMask"); got != nil {
		t.Errorf("a claim about GradMask, which is not in the grid: %v", got)
	}
}

// Two of three single findings do not survive together.
func TestTallyByHand(t *testing.T) {
	d := []evaluate.Difference{{Points: 3, P: 0.001}, {Points: 2, P: 0.03}, {Points: -2, P: 0.04}, {Points: 1, P: 0.5}}
	got := tallyOf([]tested{{sets: d, holm: evaluate.HolmDifferences(d)}})
	if got != (testTally{better: 2, worse: 1, betterHolm: 1, n: 4}) {
		t.Errorf("%+v", got)
	}
}

func TestCalibrationBothWays(t *testing.T) {
	w := openBeyond(t, "demo:vit")
	o := tell(t, calibrationStudy, w, func(p Point, set string) (float64, float64) {
		if armName(p) == Published.Name {
			return 0.5, 0.9 // sure of itself, and no more right
		}
		return 0.5, 0.5
	})
	if got := verdicts(o, Published.Title); !slices.Equal(got, []string{NotHeld, NotHeld}) {
		t.Errorf("an overconfident model: %v", got)
	}
	if got := verdicts(o, KL.Title); !slices.Equal(got, []string{Held, Held}) {
		t.Errorf("a model that did not change: %v", got)
	}
}

func TestFactorsBothWays(t *testing.T) {
	w := openBeyond(t, "demo:vit")
	better := tell(t, factorStudy, w, arms(map[string]float64{"ours": 1}))
	if got := verdicts(better, factorClaim); !slices.Equal(got, []string{Held}) {
		t.Errorf("ours right everywhere: %v", got)
	}
	control := tell(t, factorStudy, w, arms(map[string]float64{"ours": 1, "ce-finetuned": 1}))
	if got := verdicts(control, factorClaim); !slices.Equal(got, []string{NotHeld}) {
		t.Errorf("the control as good: %v", got)
	}
	w.Sets = []string{"val", "imagenet-a"}
	none := toldOutcome(t, w, factorStudy, arms(nil))
	if err := factorStudy.Tell(context.Background(), none); err != nil || !slices.Equal(verdicts(none, factorClaim), []string{NotTested}) {
		t.Errorf("no factors: %v, %v", verdicts(none, factorClaim), err)
	}
}

func TestLocations(t *testing.T) {
	words := []string{"bottom", "bottom left", "bottom right", "centre", "left", "right", "top", "top left", "top right"}
	slices.SortStableFunc(words, readingOrder)
	if words[0] != "top left" || words[4] != "centre" || words[8] != "bottom right" {
		t.Errorf("reading order %v", words)
	}
	if g, ok := gridOf(words); !ok || g.values[gridPlace{1, 0}] != "left" {
		t.Errorf("%+v, %v", g, ok)
	}
	if g, ok := gridOf([]string{"x10_y5", "x10_y20", "x9_y5", "x9_y20"}); !ok || !slices.Equal(g.columns, []string{"9", "10"}) || g.values[gridPlace{1, 0}] != "x9_y20" {
		t.Errorf("%+v, %v", g, ok)
	}
	for _, values := range [][]string{{"000-030", "030-060", "060-090"}, {"1", "2"}, {"03-05%", "05-10%", "10-20%"}} {
		if g, ok := gridOf(values); ok {
			t.Errorf("%v became a grid %+v", values, g)
		}
	}
}

func TestEffectiveBothWays(t *testing.T) {
	w := openBeyond(t)
	line := map[string]float64{"vit": 0, "augreg": 0.5, "deit": 1, "vit-seed1": 0.25}
	on := func(rise float64) func(Point, string) (float64, float64) {
		return func(p Point, set string) (float64, float64) {
			x := 1 + line[p.Base.Name]
			if set != "val" {
				x = 0.8*x - 0.8
				if armName(p) == Ours.Name {
					x += rise
				}
			}
			return 1 / (1 + math.Exp(-x)), 0.5
		}
	}
	up := tell(t, effectiveStudy, w, on(1))
	if got := verdicts(up, Ours.Title); !slices.Equal(got, []string{Held}) {
		t.Errorf("far above the line: %v", got)
	}
	same := tell(t, effectiveStudy, w, on(0))
	if got := verdicts(same, Ours.Title); !slices.Equal(got, []string{NotHeld}) {
		t.Errorf("on the line: %v", got)
	}
	alone := &Work{Setting: w.Setting, Pool: w.Pool}
	e := effectiveStudy
	e.Points = func(_ context.Context, w *Work) ([]Point, error) { return grid(w.Bases[:1], controls...), nil }
	few := toldOutcome(t, alone, e, on(0))
	if err := e.Tell(context.Background(), few); err != nil || !slices.Equal(verdicts(few, effectiveClaim), []string{NotTested}) {
		t.Errorf("one baseline: %v, %v", verdicts(few, effectiveClaim), err)
	}
}

package robustvit_test

import (
	"math"
	"testing"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/robustvit/workbench/robustvit"
)

func TestLosses(t *testing.T) {
	relevance := []float32{1, 0.5, 0, 0.25}
	mask := []float32{1, 0, 0, 1}
	logits := []float32{1, 3, 0}
	lse := func(xs ...float64) float64 {
		sum := 0.0
		for _, x := range xs {
			sum += math.Exp(x)
		}
		return math.Log(sum)
	}
	cases := []struct {
		name  string
		graph func(r, m, l *Node) *Node
		want  float64
	}{
		{"Eq. 1 background", func(r, m, _ *Node) *Node {
			return robustvit.BackgroundLoss(r, robustvit.Background(m, robustvit.ReferenceMasks))
		}, 0.5 * 0.5 / 4},
		{"Eq. 2 foreground", func(r, m, _ *Node) *Node { return robustvit.ForegroundLoss(r, m) }, 0.75 * 0.75 / 4},
		{"Eq. 1 inside the mask", func(_, m, _ *Node) *Node {
			return robustvit.BackgroundLoss(m, robustvit.Background(m, robustvit.ReferenceMasks))
		}, 0},
		{"Eq. 2 at relevance 1", func(r, m, _ *Node) *Node { return robustvit.ForegroundLoss(OnesLike(r), m) }, 0},
		{"Eq. 4 confidence", func(_, _, l *Node) *Node { return robustvit.ConfidenceLoss(l, 1) }, lse(1, 3, 0) - 3},
		{"Eq. 4 temperature 0.5", func(_, _, l *Node) *Node { return robustvit.ConfidenceLoss(l, 0.5) }, lse(2, 6, 0) - 6},
		{"cross-entropy of class 2", func(_, _, l *Node) *Node {
			return robustvit.CrossEntropy(l, Const(l.Graph(), []int32{2}))
		}, lse(1, 3, 0)},
	}
	for _, c := range cases {
		got := call(t, func(in []*Node) []*Node { return []*Node{c.graph(in[0], in[1], in[2])} },
			tensor(relevance, 1, 2, 2), tensor(mask, 1, 2, 2), tensor(logits, 1, 3))
		if math.Abs(float64(got[0][0])-c.want) > 1e-6 {
			t.Errorf("%s = %g, want %g", c.name, got[0][0], c.want)
		}
	}
}

func TestMaskRules(t *testing.T) {
	mask := []float32{0, 0.25, 1, 0.5}
	for _, c := range []struct {
		rule robustvit.MaskRule
		want []float64
	}{{robustvit.ReferenceMasks, []float64{1, 0.25, 0, 0.5}}, {robustvit.StrictMasks, []float64{1, 0.75, 0, 0.5}}} {
		got := call(t, func(in []*Node) []*Node { return []*Node{robustvit.Background(in[0], c.rule)} }, tensor(mask, 1, 2, 2))
		if diff := maxDifference(got[0], c.want); diff > 0 {
			t.Errorf("background under %s masks = %v, want %v", c.rule, got[0], c.want)
		}
	}
}

func TestConfidenceOverFinetunedClasses(t *testing.T) {
	// Class 2 has the largest logit but is not finetuned: the term must neither
	// choose it nor push it down.
	objective := robustvit.Published()
	objective.Relevance, objective.Confidence = 0, 1
	objective.ClassTerm, objective.Finetuned = robustvit.ConfidenceFinetuned, []int{0, 1}
	got := call(t, func(in []*Node) []*Node {
		trace := &robustvit.Trace{Logits: in[0]}
		total := objective.Loss(tiny, trace, robustvit.LossInputs{Labels: in[1], Share: in[2]}).Total
		return []*Node{total, Gradient(total, in[0])[0]}
	}, tensor([]float32{1, 3, 9}, 1, 3), []int32{0}, []float32{1})
	if want := math.Log(1 + math.Exp(-2)); math.Abs(float64(got[0][0])-want) > 1e-6 {
		t.Errorf("confidence over classes {0, 1} = %g, want %g", got[0][0], want)
	}
	if got[1][2] != 0 {
		t.Errorf("the gradient of a class that is not finetuned is %g, want 0", got[1][2])
	}
}

func TestObjectiveValidate(t *testing.T) {
	for name, change := range map[string]func(*robustvit.Objective){
		"temperature 0":     func(o *robustvit.Objective) { o.Temperature = 0 },
		"negative lambda":   func(o *robustvit.Objective) { o.Background = -1 },
		"NaN lambda":        func(o *robustvit.Objective) { o.Foreground = math.NaN() },
		"nothing to train":  func(o *robustvit.Objective) { o.Relevance, o.Confidence = 0, 0 },
		"start layer":       func(o *robustvit.Objective) { o.StartLayer = 2 },
		"no finetuned list": func(o *robustvit.Objective) { o.ClassTerm = robustvit.ConfidenceFinetuned },
		"unknown class":     func(o *robustvit.Objective) { o.Finetuned = []int{5} },
	} {
		objective := robustvit.Published()
		change(&objective)
		if objective.Validate(tiny) == nil {
			t.Errorf("%s: accepted", name)
		}
	}
	if err := robustvit.Published().Validate(tiny); err != nil {
		t.Errorf("the published objective is refused: %v", err)
	}
}

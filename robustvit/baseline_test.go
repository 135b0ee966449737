package robustvit_test

import (
	"encoding/json"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/robustvit/workbench/robustvit"
)

var baselines = map[string]func() robustvit.Objective{"gradmask": robustvit.GradMask, "rrr": robustvit.RRR}

// TestInputGradientHandCase: a linear classifier's input gradient is known: w_c
// for Eq. 9, and sum_k w_k - K sum_j p_j w_j for Eq. 10.
func TestInputGradientHandCase(t *testing.T) {
	const classes, pixels = 3, 3 * 2 * 2
	rng := rand.New(rand.NewPCG(9, 9))
	kernel, image := randomFloats(rng, classes*pixels, -1, 1), randomFloats(rng, pixels, -1, 1)
	mask := []float32{1, 0, 0.5, 0} // the reference rule leaves a fraction in the background
	background := []float64{0, 1, 0.5, 1}
	logits, total := make([]float64, classes), 0.0
	for k := range classes {
		for i, x := range image {
			logits[k] += float64(kernel[k*pixels+i]) * float64(x)
		}
		total += math.Exp(logits[k])
	}
	want := map[robustvit.RelevanceMethod][]float64{}
	for i := range pixels {
		rrr := 0.0
		for k := range classes {
			rrr += float64(kernel[k*pixels+i]) * (1 - classes*math.Exp(logits[k])/total)
		}
		want[robustvit.RRRMethod] = append(want[robustvit.RRRMethod], rrr)
		want[robustvit.GradMaskMethod] = append(want[robustvit.GradMaskMethod], float64(kernel[2*pixels+i]))
	}
	for method, gradient := range want {
		loss := 0.0
		for i, g := range gradient {
			loss += math.Pow(g*background[i%4], 2) / pixels
		}
		got := call(t, func(in []*Node) []*Node {
			trace := &robustvit.Trace{Images: in[0]}
			trace.Logits = DotGeneral(Reshape(in[0], 1, pixels), []int{1}, nil, in[1], []int{1}, nil)
			g := robustvit.InputGradient(trace, in[2], method, robustvit.SecondOrder)
			return []*Node{g, robustvit.InputGradientLoss(g, robustvit.Background(in[3], robustvit.ReferenceMasks))}
		}, tensor(image, 1, 3, 2, 2), tensor(kernel, classes, pixels), []int32{2}, tensor(mask, 1, 1, 2, 2))
		if off := maxDifference(got[0], gradient); off > float32Slack {
			t.Errorf("%s: input gradient off by %g", method, off)
		}
		if off := math.Abs(float64(got[1][0]) - loss); off > float32Slack {
			t.Errorf("%s: loss %g, want %g", method, got[1][0], loss)
		}
	}
}

// TestReleasedBaselinesTrainTheClassTermOnly: in first order the relevance term
// has a value and no gradient, so a step is bit for bit that without it.
func TestReleasedBaselinesTrainTheClassTermOnly(t *testing.T) {
	batch := randomBatch(tiny, 3, 1)
	for name, objective := range baselines {
		released, without, equation := objective(), objective(), objective()
		released.Order, without.Relevance = robustvit.FirstOrder, 0
		a, b, c := newTrainer(t, released, 3), newTrainer(t, without, 3), newTrainer(t, equation, 3)
		x, y, z := step(t, a, batch), step(t, b, batch), step(t, c, batch)
		if !(x.Background > 0) || x.Relevance != x.Background || x.Foreground != 0 {
			t.Errorf("%s: terms %+v, want the background term alone", name, x)
		}
		if x.GradientNorm != y.GradientNorm || !sameWeights(t, a, b) {
			t.Errorf("%s in first order: gradient norm %g, the class term alone has %g; want the same step", name, x.GradientNorm, y.GradientNorm)
		}
		if z.Total != x.Total || z.GradientNorm == x.GradientNorm || sameWeights(t, a, c) {
			t.Errorf("%s: first order %+v, second %+v; want one value and two gradients", name, x, z)
		}
	}
}

func TestBaselinesMoveTheInputGradient(t *testing.T) {
	batch := randomBatch(tiny, 3, 1)
	for name, objective := range baselines {
		o := objective()
		o.Confidence = 0
		trainer := newTrainer(t, o, 3)
		first := step(t, trainer, batch)
		var last robustvit.Losses
		for range 6 {
			last = step(t, trainer, batch)
		}
		if !(last.Background < first.Background) {
			t.Errorf("%s went from %g to %g on one batch, want it to fall", name, first.Background, last.Background)
		}
	}
}

func TestBaselineValidate(t *testing.T) {
	for name, objective := range baselines {
		o := objective()
		if err := o.Validate(tiny); err != nil {
			t.Errorf("%s as it comes is refused: %v", name, err)
		}
		if !reflect.DeepEqual(o, o.Method.Default()) {
			t.Errorf("%s is not the default of its method", name)
		}
	}
	for name, change := range map[string]func(*robustvit.Objective){
		"start layer": func(o *robustvit.Objective) { o.StartLayer = 1 },
		"target":      func(o *robustvit.Objective) { o.Target = robustvit.PredictedTarget },
		"foreground":  func(o *robustvit.Objective) { o.Foreground = 0.3 },
		"unknown":     func(o *robustvit.Objective) { o.Method = 7 },
	} {
		o := robustvit.RRR()
		change(&o)
		if err := o.Validate(tiny); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

func TestMethodInJSON(t *testing.T) {
	for method, want := range map[robustvit.RelevanceMethod]bool{robustvit.GAE: false, robustvit.GradMaskMethod: true, robustvit.RRRMethod: true} {
		text, err := json.Marshal(method.Default())
		if err != nil {
			t.Fatal(err)
		}
		if got := strings.Contains(string(text), `"method":"`+method.String()+`"`); got != want {
			t.Errorf("%s is written as %s", method, text)
		}
		var back robustvit.Objective
		if err := json.Unmarshal(text, &back); err != nil || back.Method != method {
			t.Errorf("%s read back: %v %v", text, back.Method, err)
		}
	}
	if err := json.Unmarshal([]byte(`{"method":"lime"}`), &robustvit.Objective{}); err == nil || !strings.Contains(err.Error(), "gradmask") {
		t.Errorf("an unknown method: %v", err)
	}
}

func sameWeights(t *testing.T, a, b *robustvit.Trainer) bool {
	t.Helper()
	x, err := a.Weights()
	if err != nil {
		t.Fatal(err)
	}
	y, err := b.Weights()
	if err != nil {
		t.Fatal(err)
	}
	for name := range x {
		if !slices.Equal(x[name], y[name]) {
			return false
		}
	}
	return true
}

package experiment

import (
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

// The embedded DeiT is mirrored: its own reading is the sweep's, the foreign one
// another model of the same weights.
func TestReadingsOfTheEmbeddedDeiT(t *testing.T) {
	w := openBeyond(t)
	pairs, err := w.readings()
	if err != nil || len(pairs) != 1 {
		t.Fatalf("%d pairs, %v", len(pairs), err)
	}
	own, foreign := pairs[0].own, pairs[0].foreign
	if own != w.Bases[2] || foreign.Before().Protocol.Mean != imageNet[0] || own.Before().Protocol.Mean != halfNormal[0] || own.Model.Variant.Mean != halfNormal[0] {
		t.Errorf("own %+v, foreign %+v", own.Before().Protocol, foreign.Before().Protocol)
	}
	if foreign.Model.SHA256 != own.Model.SHA256 || Ours.Spec(own).SHA256() == Ours.Spec(foreign).SHA256() {
		t.Error("the readings must be of the same weights and be finetuned apart")
	}
}

// A model of another normalisation under the paper's protocol is foreign as it
// stands.
func TestReadingsOfAModelLikeDeiT(t *testing.T) {
	w := openBeyond(t, "demo:vit")
	b := under(w.Bases[0], "imagenet", imageNet)
	b.Finetune.Protocol = "paper"
	p, ok := foreignToPaper(b)
	if !ok || p.foreign != b || p.own.Finetune.Protocol != "native" || p.own.Before().Protocol.Mean != imageNet[0] || p.resized.Before().Protocol.Mean != halfNormal[0] {
		t.Errorf("%v, %+v", ok, p)
	}
	prepared := func(name string, got, want [3]float32) {
		if got != want {
			t.Errorf("%s mean %v, expected %v", name, got, want)
		}
	}
	prepared("own", p.own.Model.Variant.Mean, imageNet[0])
	prepared("resized", p.resized.Model.Variant.Mean, halfNormal[0])
	if _, ok := foreignToPaper(w.Bases[0]); ok {
		t.Error("a model of 0.5 has no foreign reading under the paper's protocol")
	}
}

func TestRecoveryBothWays(t *testing.T) {
	w := openBeyond(t)
	w.Sets = []string{"val", "imagenet-a"}
	foreign := func(before, ours, control float64) func(Point, string) (float64, float64) {
		return func(p Point, _ string) (float64, float64) {
			switch {
			case !strings.HasSuffix(p.Base.Name, "-foreign"):
				return 0.6, 0.5
			case armName(p) == Ours.Name || armName(p) == Published.Name:
				return ours, 0.5
			case armName(p) == "original":
				return before, 0.5
			}
			return control, 0.5
		}
	}
	for _, test := range []struct {
		before, ours, control float64
		want                  string
	}{{0.3, 0.6, 0.3, Held}, {0.3, 0.5, 0.5, NotHeld}, {0.3, 0.3, 0.5, NotHeld}, {0.7, 0.7, 0.7, NotTested}} {
		o := tell(t, normalisationStudy, w, foreign(test.before, test.ours, test.control))
		if got := verdicts(o, recoveryClaim); !slices.Equal(got, []string{test.want, test.want}) {
			t.Errorf("original %g, ours %g, controls %g: %v, expected %s", test.before, test.ours, test.control, got, test.want)
		}
	}
	if text := shareWithout(evaluate.Difference{Points: 10, Low: 8, High: 12, N: 9}, evaluate.Difference{Points: 4, Low: 2, High: 6, N: 9}, CrossEntropy); !strings.Contains(text, "40 %") {
		t.Error(text)
	}
	if text := shareWithout(evaluate.Difference{Points: 1, Low: -1, High: 3}, evaluate.Difference{}, CrossEntropy); !strings.Contains(text, "no gain") {
		t.Error(text)
	}
}

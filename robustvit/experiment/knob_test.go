package experiment

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// knobBase is a base without weights: grids read none.
func knobBase(name string) *pool.Base {
	v := robustvit.Variant{Name: name, ImageSize: 64, Patch: 16, Width: 24, Depth: 6, Heads: 3, MLP: 48, Classes: 20, PrefixTokens: 1}
	c := finetune.Embedded(v)
	d := shapes.NewCollection(shapes.Options{TrainImages: 500, EvalImages: 40, SegmentationImages: 20})
	c.Classes = drawn(seq(20), 10, c.Seed)
	return &pool.Base{Name: name, Title: strings.ToUpper(name), Model: &pretrained.Model{SHA256: name, Variant: v}, Data: d, Finetune: c, Embedded: true}
}

func seq(n int) []int {
	s := make([]int, n)
	for i := range s {
		s[i] = i
	}
	return s
}

func knobWork(bases ...*pool.Base) *Work {
	return &Work{Setting: &Setting{Bases: bases, Sets: []string{"val", "imagenet-a"}}}
}

// knobOutcome has records of 60 images a set, of which a point gets right as
// many in a hundred as accuracy says.
func knobOutcome(t *testing.T, s study, w *Work, accuracy func(point, set string) int) *Outcome {
	t.Helper()
	points, err := s.experiment().Points(context.Background(), w)
	if err != nil {
		t.Fatal(err)
	}
	o := &Outcome{Work: w, points: points, records: map[recordKey][]evaluate.Record{}, maps: map[recordKey][]evaluate.MapRecord{}, Results: &Results{}}
	for _, p := range points {
		for _, set := range append([]string{pool.ValidationSet}, w.Sets...) {
			var records []evaluate.Record
			for i := range 60 {
				r := evaluate.Record{ID: fmt.Sprint(i), Class: i % 20, Top: []int{(i + 1) % 20}}
				if 100*(i*37%60) < 60*accuracy(p.Name, set) {
					r.Top[0] = r.Class
				}
				records = append(records, r)
			}
			o.records[recordKey{p.Name, set}] = records
		}
		o.maps[recordKey{p.Name, pool.ValidationSet}] = []evaluate.MapRecord{{Pixels: 1, Background: float64(100-accuracy(p.Name, "background")) / 100}}
	}
	return o
}

// knobStudies are the studies whose grid needs no trained model.
var knobStudies = []study{samplesStudy, classCountStudy, rateStudy, lambdaStudy, temperatureStudy, startLayerStudy, maskRuleStudy, targetStudy}

// Every model of a grid has one name, is told apart by its spec, and the
// setting's own values are the main results' points.
func TestGridsOfKnobs(t *testing.T) {
	w := knobWork(knobBase("vit"), knobBase("deit"))
	main, err := compared(context.Background(), w)
	if err != nil {
		t.Fatal(err)
	}
	shared := map[string]string{}
	for _, p := range main {
		shared[p.Name] = p.Spec.SHA256()
	}
	all := map[string]bool{}
	for _, s := range knobStudies {
		points, err := s.experiment().Points(context.Background(), w)
		if err != nil {
			t.Fatal(err)
		}
		names, specs := map[string]bool{}, map[string]string{}
		for _, p := range points {
			hash := p.Spec.SHA256()
			if names[p.Name] {
				t.Errorf("%s: two points are called %s", s.Name, p.Name)
			}
			if other, twice := specs[hash]; twice {
				t.Errorf("%s: %s and %s are one model", s.Name, other, p.Name)
			}
			if want, known := shared[p.Name]; known && want != hash {
				t.Errorf("%s: %s is another model than in the main results", s.Name, p.Name)
			} else if !known {
				all[hash] = true
			}
			if strings.Contains(p.Name, " ") {
				t.Errorf("%s: name %q has a space", s.Name, p.Name)
			}
			if p.Spec.Finetune != nil {
				c := *p.Spec.Finetune
				c.SaveEvery = 1 // the pool's part
				if err := c.Validate(); err != nil {
					t.Errorf("%s: %s: %v", s.Name, p.Name, err)
				}
			}
			names[p.Name], specs[hash] = true, p.Name
		}
		for _, b := range w.Bases[:1] {
			if !names[original(b)] || !names[named(b, Ours)] {
				t.Errorf("%s lacks the original or the method at the setting's own values", s.Name)
			}
		}
	}
	if len(all) > 67 { // of which the study of interpolation has six; gradient-order adds two
		t.Errorf("%d models beside the main results', expected at most 67", len(all))
	}
}

// The rates at a quarter to twice are the specs that other experiments ask for.
func TestRatesAreSharedByFactor(t *testing.T) {
	b := knobBase("vit")
	k, _ := rateStudy.knobs(context.Background(), knobWork(b))
	for _, form := range method {
		for _, v := range k[0].values {
			want := form.Spec(b, func(c *finetune.Config) { c.Rate *= v.x })
			if got := k[0].at(form, v).Spec(b); got.SHA256() != want.SHA256() {
				t.Errorf("%s at %s is another model than the arm with its rate changed", form.Name, v.label)
			}
		}
	}
}

func TestNumbersPlaceTheOwnValue(t *testing.T) {
	for _, c := range []struct {
		own  float64
		want string
	}{{15, "1 3 15*"}, {2, "1 2* 3"}, {3, "1 3*"}, {.5, "0.5* 1 3"}} {
		var got []string
		for _, v := range numbers(c.own, func(*finetune.Config, float64) {}, 1, 3) {
			mark := ""
			if v.own() {
				mark = "*"
			}
			got = append(got, v.label+mark)
		}
		if text := strings.Join(got, " "); text != c.want {
			t.Errorf("own %g: %s, expected %s", c.own, text, c.want)
		}
	}
}

// 150 images in batches of 8 are 19 steps, for 10 epochs 190; one image a class
// is 2 steps an epoch.
func TestSameSteps(t *testing.T) {
	b := knobBase("vit")
	for _, test := range []struct{ perClass, epochs int }{{1, 95}, {2, 63}, {3, 48}, {5, 27}, {10, 15}, {15, 10}} {
		c := b.Finetune
		c.PerClass = test.perClass
		sameSteps(b)(&c)
		if c.Epochs != test.epochs {
			t.Errorf("%d a class: %d epochs, expected %d", test.perClass, c.Epochs, test.epochs)
		}
		if got, want := steps(c), 190; math.Abs(float64(got-want)) > 6 {
			t.Errorf("%d a class: %d steps, expected about %d", test.perClass, got, want)
		}
		// Epochs go in pairs: the own last rate is 0.85^4 of the first.
		if got, want := c.RateAt(c.Epochs-1)/c.Rate, math.Pow(.85, 4); math.Abs(got-want) > .1 {
			t.Errorf("%d a class: the rate falls to %.3f, expected about %.3f", test.perClass, got, want)
		}
	}
	b.Embedded = false
	c := b.Finetune
	c.PerClass = 1
	if sameSteps(b)(&c); c.Epochs != b.Finetune.Epochs {
		t.Errorf("the paper's preset trains %d epochs, expected its own %d", c.Epochs, b.Finetune.Epochs)
	}
}

// Larger sets of classes hold the smaller ones, and the term follows them.
func TestClassCountsAreNested(t *testing.T) {
	k, err := knobWork(knobBase("vit")).classCountKnob(context.Background(), knobBase("vit"), .1, .2, .3, .5, .7, 1)
	if err != nil {
		t.Fatal(err)
	}
	var labels []string
	var last []int
	for _, v := range k.values {
		c := k.at(Ours, v).Spec(k.base).Finetune
		labels = append(labels, v.label)
		if len(c.Classes) != int(v.x) || !slices.Equal(c.Objective.Finetuned, c.Classes) {
			t.Errorf("%s classes: %v, and the term over %v", v.label, c.Classes, c.Objective.Finetuned)
		}
		for _, class := range last {
			if !slices.Contains(c.Classes, class) {
				t.Errorf("%s classes do not hold class %d of the smaller set", v.label, class)
			}
		}
		last = c.Classes
	}
	if got := strings.Join(labels, " "); got != "2 4 6 10 14 20" {
		t.Errorf("values %s (left out %v)", got, k.left)
	}
	keep, n, upTo := k.untouched(20)
	if n != 6 || upTo.label != "14" {
		t.Errorf("%d untouched classes up to %s, expected 6 up to 14", n, upTo.label)
	}
	for _, class := range k.at(Ours, k.values[4]).Spec(k.base).Finetune.Classes {
		if keep(class) {
			t.Errorf("class %d counts as untouched", class)
		}
	}
}

func TestSpreadOfLayers(t *testing.T) {
	for depth, want := range map[int]string{1: "[0]", 2: "[0 1]", 4: "[0 1 2 3]", 6: "[0 1 3 4]", 12: "[0 3 6 9]"} {
		if got := fmt.Sprint(someLayers(depth)); got != want {
			t.Errorf("depth %d: %s, expected %s", depth, got, want)
		}
	}
}

// What the data lack is left out and said.
func TestTooFewImages(t *testing.T) {
	b := knobBase("vit")
	k, err := knobWork(b).samplesKnob(context.Background(), b, 3, 400)
	if err != nil {
		t.Fatal(err)
	}
	if len(k.values) != 2 || len(k.left) != 1 || !strings.Contains(k.left[0], "400 images a class") {
		t.Errorf("values %v, left out %v", k.values, k.left)
	}
}

package experiment

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
)

// studyWork is a sweep of two models on three sets, never trained.
func studyWork(t *testing.T, draws int) *Work {
	t.Helper()
	v := robustvit.Variant{Name: "tiny", ImageSize: 64, Patch: 16, Width: 24, Depth: 2, Heads: 3, MLP: 48, Classes: 20, PrefixTokens: 1}
	d := shapes.NewCollection(shapes.Options{TrainImages: 400, EvalImages: 40, SegmentationImages: 40})
	train, err := d.Train()
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	w := &Work{Setting: &Setting{Options: Options{Draws: draws}, Sets: []string{"val", "imagenet-a", "imagenet-r"}}, Pool: pool.Open(filepath.Join(dir, PointsDir), nil, backend.Info{}, data.CacheSize(-1), pool.Listener{})}
	for _, name := range []string{"vit", "deit"} {
		b := &pool.Base{Name: name, Title: strings.ToUpper(name), Model: &pretrained.Model{Variant: v, SHA256: name}, Data: d, Finetune: finetune.Embedded(v), Embedded: true}
		b.Finetune.PerClass = 5
		b.Finetune.Classes = data.HalfOfClasses(train, b.Finetune.PerClass, 0)
		if err := w.Pool.Add(b); err != nil {
			t.Fatal(err)
		}
		w.Bases = append(w.Bases, b)
	}
	if w.Run, err = run.Create(filepath.Join(dir, "study"), map[string]string{"kind": "experiment"}); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { w.Run.Close(); w.Pool.Close() })
	return w
}

// studied tells an experiment on made-up records: right says whether an image,
// number i of its class, is answered right by an arm.
func studied(t *testing.T, e Experiment, w *Work, right func(arm string, class, i int) bool, maps func(arm string, i int) evaluate.MapRecord) *Outcome {
	t.Helper()
	points, err := e.Points(context.Background(), w)
	if err != nil {
		t.Fatal(err)
	}
	o := &Outcome{Work: w, Results: &Results{Name: e.Name}, points: points, records: map[recordKey][]evaluate.Record{}, maps: map[recordKey][]evaluate.MapRecord{}}
	for _, p := range points {
		for _, set := range append([]string{pool.MapSet}, w.Sets...) {
			var records []evaluate.Record
			for class := range 20 {
				for i := range 20 {
					said := class
					if !right(armName(p), class, i) {
						said = (class + 1) % 20
					}
					records = append(records, evaluate.Record{ID: fmt.Sprint(set, class, "/", i), Class: class, Top: []int{said, 19 - said}, Confidence: []float64{0.8, 0.1}})
				}
			}
			o.records[recordKey{p.Name, set}] = records
		}
		if maps != nil {
			var records []evaluate.MapRecord
			for i := range 100 {
				r := maps(armName(p), i)
				r.ID, r.Pixels = fmt.Sprint(i), 100
				records = append(records, r)
			}
			o.maps[recordKey{p.Name, pool.MapSet}] = records
		}
	}
	if err := e.Tell(context.Background(), o); err != nil {
		t.Fatal(err)
	}
	return o
}

// verdicts are the claims' verdicts by the start of the claim and the arm's title.
func (o *Outcome) verdict(t *testing.T, start string, a Arm) string {
	t.Helper()
	for _, c := range o.Results.Claims {
		if strings.HasPrefix(c.Claim, start) && strings.HasSuffix(c.Claim, "("+a.Title+")") {
			return c.Verdict
		}
	}
	t.Fatalf("no claim %q of %s in %+v", start, a.Title, o.Results.Claims)
	return ""
}

func TestStudiesShareTheModelsOfTheMainResults(t *testing.T) {
	w := studyWork(t, 3)
	arms := map[string]Arm{}
	for _, a := range append(slices.Concat(controls, method), PublishedTokenCut, OursTokenCut) {
		arms[a.Name] = a
	}
	for _, e := range mapStudies {
		points, err := e.Points(context.Background(), w)
		if err != nil {
			t.Fatal(err)
		}
		names, specs := map[string]bool{}, map[string]bool{}
		for _, p := range points {
			if names[p.Name] || specs[p.Spec.SHA256()] {
				t.Errorf("%s: %s or its spec comes twice", e.Name, p.Name)
			}
			names[p.Name], specs[p.Spec.SHA256()] = true, true
			want := p.Base.Before()
			if a, ok := arms[armName(p)]; ok {
				want = a.Spec(p.Base)
			} else if armName(p) != "original" {
				continue
			}
			if p.Spec.SHA256() != want.SHA256() {
				t.Errorf("%s: %s is not the model of the main results", e.Name, p.Name)
			}
		}
		if e.Question == "" || e.Paper == "" || e.Minutes <= 0 || e.Minutes > 20 {
			t.Errorf("%s lacks question, table or an honest cost", e.Name)
		}
	}
}

func TestDrawsHaveOtherClasses(t *testing.T) {
	w := studyWork(t, 3)
	points, err := draws.Points(context.Background(), w)
	if err != nil || len(points) != 2*(1+3*len(drawnArms)) {
		t.Fatalf("%d points, %v", len(points), err)
	}
	seen := map[string]uint64{}
	for _, p := range points {
		if armName(p) == Ours.Name || strings.HasPrefix(armName(p), Ours.Name+"-draw") {
			c := p.Spec.Finetune
			key := p.Base.Name + fmt.Sprint(c.Classes)
			if _, twice := seen[key]; twice {
				t.Errorf("%s has the classes of another draw", p.Name)
			}
			if seen[key] = c.Seed; !slices.Equal(c.Classes, c.Objective.Finetuned) {
				t.Errorf("%s finetunes %v, its confidence is over %v", p.Name, c.Classes, c.Objective.Finetuned)
			}
		}
	}
}

// ours20 is right on every image, the rest on three of four. The second draw
// misses one more, so that draws differ.
func ours20(arm string, class, i int) bool {
	missed := class+i == 0 && strings.HasSuffix(arm, "-draw2")
	return strings.HasPrefix(arm, "ours") && !missed || i%4 > 0
}

// all20 rises for every finetuned model, controls too.
func all20(arm string, class, i int) bool {
	return arm != "original" && ours20("ours"+arm, class, i) || i%4 > 0
}

func TestClaimsOfDraws(t *testing.T) {
	const outside, steady = "The original lies outside", "The gain over the shift sets"
	o := studied(t, draws, studyWork(t, 3), ours20, nil)
	if a, b := o.verdict(t, outside, Ours), o.verdict(t, steady, Ours); a != Held || b != Held {
		t.Errorf("where only ours rises: %s, %s", a, b)
	}
	if a, b := o.verdict(t, outside, Published), o.verdict(t, steady, Published); a != NotHeld || b != NotHeld {
		t.Errorf("where published does not rise: %s, %s", a, b)
	}
	o = studied(t, draws, studyWork(t, 3), all20, nil)
	if a, b := o.verdict(t, outside, Ours), o.verdict(t, steady, Ours); a != Partly || b != NotHeld {
		t.Errorf("where the controls rise as well: %s, %s", a, b)
	}
	o = studied(t, draws, studyWork(t, 1), ours20, nil)
	if a, b := o.verdict(t, outside, Ours), o.verdict(t, steady, Ours); a != NotTested || b != NotTested {
		t.Errorf("of one draw: %s, %s", a, b)
	}
}

func TestPlaceIsOutsideOneStandardError(t *testing.T) {
	s := spread([]float64{49, 50, 51}) // deviation 1, standard error 0.577
	for x, want := range map[float64]int{49.4: -1, 49.5: 0, 50.5: 0, 50.6: 1} {
		if got := place(x, s); got != want {
			t.Errorf("%g: %d, want %d", x, got, want)
		}
	}
}

package experiment

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
)

func options() Options {
	return Options{Data: "shapes", Preset: "auto", Draws: 3, PerSet: 40, Train: 400}
}

func open(t *testing.T) *Setting {
	t.Helper()
	s, err := Open(options())
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Wrong input says what there is.
func TestWrongInputSaysWhatThereIs(t *testing.T) {
	if _, err := Find("table-1"); err == nil || !strings.Contains(err.Error(), "tables-1-2") {
		t.Errorf("a wrong experiment: %v", err)
	}
	for name, c := range map[string]struct {
		change func(*Options)
		want   []string
	}{
		"set":         {func(o *Options) { o.Sets = []string{"imagenet-b"} }, []string{"imagenet-b", "imagenet-a", "val"}},
		"model":       {func(o *Options) { o.Models = []string{"demo:vti"} }, []string{"demo:vti", "demo:vit"}},
		"mask folder": {func(o *Options) { o.MaskDir = "no/such/masks" }, []string{"no/such/masks", "robustvit masks"}},
		"mask model":  {func(o *Options) { o.MaskModel = "no/such.safetensors" }, []string{"no/such.safetensors"}},
		"data":        {func(o *Options) { o.Data = "no/such/data" }, []string{"no/such/data"}},
	} {
		o := options()
		c.change(&o)
		_, err := Open(o)
		for _, word := range c.want {
			if err == nil || !strings.Contains(err.Error(), word) {
				t.Errorf("a wrong %s: %v, expected it to name %s", name, err, word)
			}
		}
	}
}

// All arms of a base train on the same images for the same steps.
func TestArmsShareImagesAndSteps(t *testing.T) {
	b := open(t).Bases[0]
	want := Ours.Spec(b).Finetune
	seen := map[string]string{}
	for _, a := range append(append([]Arm{OursTokenCut, PublishedTokenCut}, controls...), method...) {
		s := a.Spec(b)
		c := s.Finetune
		if !reflect.DeepEqual(c.Classes, want.Classes) || c.PerClass != want.PerClass || c.Seed != want.Seed || c.Epochs != want.Epochs || c.Batch != want.Batch {
			t.Errorf("%s trains on other images or steps: %+v", a.Name, c)
		}
		if err := c.Objective.Validate(b.Model.Variant); err != nil {
			t.Errorf("%s: %v", a.Name, err)
		}
		if other, known := seen[s.Folder()]; known {
			t.Errorf("%s and %s are the same model", a.Name, other)
		}
		seen[s.Folder()] = a.Name
	}
}

// A control has its method's rate and the form of its class term.
func TestControlsMatchTheirMethod(t *testing.T) {
	b := open(t).Bases[0]
	for _, a := range []Arm{Published, Ours} {
		for _, c := range controlsOf(a) {
			one, other := a.Spec(b).Finetune, c.Spec(b).Finetune
			if one.Rate != other.Rate {
				t.Errorf("%s at rate %g, its control %s at %g", a.Name, one.Rate, c.Name, other.Rate)
			}
			if other.Objective.Relevance != 0 {
				t.Errorf("control %s has a relevance loss", c.Name)
			}
			if (one.Objective.Finetuned == nil) != (other.Objective.Finetuned == nil) {
				t.Errorf("%s and its control %s are over different classes", a.Name, c.Name)
			}
		}
	}
}

// A further change of the classes reaches the class term.
func TestFurtherChangesComeBeforeTheRestriction(t *testing.T) {
	b := open(t).Bases[0]
	s := Ours.Spec(b, func(c *finetune.Config) { c.Classes = []int{1, 2, 3} })
	if got := s.Finetune.Objective.Finetuned; !reflect.DeepEqual(got, []int{1, 2, 3}) {
		t.Errorf("confidence over %v, finetuned are 1, 2, 3", got)
	}
	if Ours.Spec(b).Finetune.Objective.ClassTerm != robustvit.ConfidenceFinetuned {
		t.Error("ours is not over the finetuned classes")
	}
}

func difference(low, high float64) evaluate.Difference {
	return evaluate.Difference{Points: (low + high) / 2, Low: low, High: high, N: 100}
}

// A claim is held only above the original and the control, by the interval.
func TestHeldNeedsBoth(t *testing.T) {
	b := &pool.Base{Title: "ViT"}
	for _, c := range []struct {
		change, margin evaluate.Difference
		held           bool
	}{
		{difference(1, 3), difference(0.5, 2), true},
		{difference(1, 3), difference(-0.5, 2), false},
		{difference(-1, 3), difference(0.5, 2), false},
		{difference(-3, -1), difference(-3, -1), false},
	} {
		g := gain{base: b, arm: Ours, control: ConfidenceFinetuned, change: c.change, margin: c.margin}
		if g.held() != c.held {
			t.Errorf("%s: held %v, expected %v", g, g.held(), c.held)
		}
	}
	if share(3, 3) != Held || share(0, 3) != NotHeld || share(1, 3) != Partly {
		t.Error("a claim over several models: all hold, none, or some")
	}
}

// What is published is the same JSON in more lines, without pictures and time.
func TestPublishedResults(t *testing.T) {
	r := &Results{Kind: "experiment", Name: "x", Title: `a "quoted, [title]`, Seconds: 3, Claims: []Claim{{Claim: "one, two"}},
		Sections: []Section{{Title: "s", Galleries: []Gallery{{Title: "pictures"}}, Tables: []Table{{Name: "t", Columns: []Column{{Name: "c"}}, Rows: []Row{{Name: "r", Cells: []Cell{number(1.23456, 1)}}}}}}}}
	dir := t.TempDir()
	if err := r.Publish(dir); err != nil {
		t.Fatal(err)
	}
	text := read(t, dir+"/x.json")
	var back Results
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	if back.Seconds != 0 || back.Sections[0].Galleries != nil || back.Title != r.Title {
		t.Errorf("published %+v", back)
	}
	if lines := bytes.Count(text, []byte("\n")); lines < 8 {
		t.Errorf("%d lines, expected a line a field", lines)
	}
	if got := string(read(t, dir+"/x.t.csv")); got != "row,group,column,value,low,high,std,paper\nr,,c,1.235,,,,\n" {
		t.Errorf("table %q", got)
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

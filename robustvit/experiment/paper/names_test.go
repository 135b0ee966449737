package paper_test

import (
	"testing"

	"github.com/robustvit/workbench/robustvit/experiment/paper"
	"github.com/robustvit/workbench/weights"
	"github.com/robustvit/workbench/weights/demo"
)

// The registry's seven models are the paper's, with its rates and temperatures.
func TestRegistryKnowsThePapersModels(t *testing.T) {
	found := 0
	for _, known := range weights.KnownModels() {
		if known.Paper == "" {
			if _, _, ok := paper.ModelOf(known.Name); ok {
				t.Errorf("%s is not in the paper", known.Name)
			}
			continue
		}
		found++
		model, same, ok := paper.ModelOf(known.Name)
		if !ok || !same || string(model) != known.Paper {
			t.Errorf("%s is %s in the registry, %s (the same: %t) here", known.Name, known.Paper, model, same)
		}
		if again, _, _ := paper.ModelOf(known.Paper); again != model {
			t.Errorf("%s is found as %s", known.Paper, again)
		}
		if h, ok := paper.HyperparametersOf(model); !ok || h.Rate != known.Rate || h.Temperature != known.Temperature {
			t.Errorf("%s: %+v, in the registry rate %g, temperature %g", model, h, known.Rate, known.Temperature)
		}
	}
	if found != len(paper.Models()) {
		t.Errorf("%d of the paper's models in the registry, expected %d", found, len(paper.Models()))
	}
}

// Every embedded model has a model of the paper of its family.
func TestEmbeddedModelsHaveAFamily(t *testing.T) {
	for _, name := range demo.Families() {
		model, same, ok := paper.ModelOf("demo:" + name)
		if !ok || same {
			t.Errorf("demo:%s is %q of the paper, the same: %t", name, model, same)
		}
	}
	for name, want := range map[string]paper.Model{"demo:augreg": paper.ARB, "deit": paper.DeiTB, "vit40": paper.ViTB, "vit-b": paper.ViTB} {
		if model, _, ok := paper.ModelOf(name); !ok || model != want {
			t.Errorf("%s is %q, expected %s", name, model, want)
		}
	}
}

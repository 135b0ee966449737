package notebooks

import (
	_ "embed"
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

//go:embed testdata/train.py
var trainScript string

// training is a cell that finetunes for some hundred steps and saves every
// fifth; an epoch has 19.
const training = `%%
device, info := notebook.Must2(backend.Open(backend.Options{}))
model := notebook.Must(recipe.OpenModel("demo:vit"))
images := notebook.Must(recipe.OpenData("shapes", recipe.ModelData(model, shapes.Options{TrainImages: 400})))
job := finetune.Job{Dir: "ours", Backend: device, Model: model, Train: notebook.Must(images.Train())}
job.Config = finetune.Embedded(model.Variant)
job.Config.Epochs, job.Config.Backend, job.Config.SaveEvery = EPOCHS, info.Name, 5
job.Config.Classes = notebook.Must(recipe.Fraction(0.5, job.Train, job.Config.PerClass, job.Config.Seed))
notebook.Finetune(job)`

const trainingImports = `import (
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/recipe"
	"github.com/robustvit/workbench/viz/notebook"
)`

// meddled is what became of a training cell, see testdata/train.py.
type meddled struct {
	What    string  `json:"what"`
	Seconds float64 `json:"seconds"`
	Stderr  string  `json:"stderr"`
	Shown   string  `json:"shown"`
	Alive   bool    `json:"alive"`
	Saved   int     `json:"saved"`
}

// meddle runs the training cell, meddles with it in each of the ways, and runs
// it to its end. It returns what became of each, and of the run after it.
func meddle(t *testing.T, root string, whats []string) (all []meddled, last meddled) {
	t.Helper()
	const steps = 19 // of an epoch
	var ways [][2]any
	for _, what := range whats {
		ways = append(ways, [2]any{8, what})
	}
	cell := strings.Replace(training, "EPOCHS", fmt.Sprint(1+len(whats)*150/steps), 1) // a fast machine does 100 in what garbage takes
	folder := t.TempDir()
	var got struct {
		Meddled []meddled `json:"meddled"`
		Last    meddled   `json:"last"`
	}
	inKernel(t, root, trainScript, map[string]any{"folder": folder, "run": "ours", "meddle": ways, "cells": []string{firstCell, trainingImports, cell}}, &got)
	if len(got.Meddled) != len(whats) {
		t.Fatalf("%d answers to %d ways", len(got.Meddled), len(whats))
	}
	if !there(filepath.Join(folder, "ours", "done.json")) || strings.TrimSpace(got.Last.Stderr) != "" {
		t.Fatalf("the last run did not come to its end: %s", got.Last.Stderr)
	}
	return got.Meddled, got.Last
}

// goesOn holds the run after a meddled one to say from which step it goes on.
func goesOn(t *testing.T, one, next meddled) {
	t.Helper()
	if one.Saved <= 0 {
		t.Fatal("no checkpoint was saved: the test is too quick")
	}
	if want := fmt.Sprintf("going on from the checkpoint of step %d", one.Saved); !strings.Contains(next.Shown, want) {
		t.Errorf("the next run does not say %q", want)
	}
}

// inCases runs work once for the cases of a row, in the first of them that runs:
// each case looks at its part of what came of it.
func inCases(t *testing.T, row string, whats []string, check func(t *testing.T, one, next meddled)) {
	var all []meddled
	for i, what := range whats {
		catalogue.Case(t, row, fmt.Sprintf("%d %s", i+1, what), func(t *testing.T) {
			root := labRoot(t)
			if all == nil {
				found, last := meddle(t, root, whats)
				all = append(found, last)
			}
			check(t, all[i], all[i+1])
		})
	}
}

// TestStopTraining is K7: the stop button ends a training cell before the kernel
// kills it, and the cell run again goes on and says from which step.
func TestStopTraining(t *testing.T) {
	whats := make([]string, catalogue.Cases("K7"))
	for i := range whats {
		whats[i] = "stop"
	}
	inCases(t, "K7", whats, func(t *testing.T, one, next meddled) {
		if one.Seconds > 4.5 || !one.Alive {
			t.Errorf("went on for %.1f s after the stop button, want under 4.5 (kernel alive: %v)", one.Seconds, one.Alive)
		}
		if !strings.Contains(one.Stderr, "stopped; run this cell again") || strings.Contains(one.Stderr, "killed") || strings.Contains(one.Stderr, "goroutine") {
			t.Errorf("stderr is %q", one.Stderr)
		}
		goesOn(t, one, next)
		t.Logf("ended after %.1f s", one.Seconds)
	})
}

// TestGarbageAtThePorts is H8: whatever comes to the kernel's five ports while a
// cell trains, the run folder survives and the same cell goes on, in the next
// kernel where it has killed this one: of GoNB that is known of unsigned frames.
func TestGarbageAtThePorts(t *testing.T) {
	whats := []string{"random bytes", "http", "wrong signature", "unsigned frames", "enormous frame", "held connections"}[:catalogue.Cases("H8")]
	inCases(t, "H8", whats, func(t *testing.T, one, next meddled) {
		t.Logf("%s: kernel alive: %v", one.What, one.Alive)
		goesOn(t, one, next)
	})
}

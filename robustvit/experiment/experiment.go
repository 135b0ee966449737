package experiment

import (
	"context"
	"fmt"
	"strings"

	"github.com/robustvit/workbench/robustvit/pool"
)

// Experiment is one question with how it is answered.
type Experiment struct {
	Name     string // "tables-1-2"
	Title    string
	Question string
	Paper    string  // its table or figure, or "beyond the paper"
	Minutes  float64 // alone and from nothing, on the embedded default and 2 cores
	Reading  []string
	// Points are the models that it compares. Choosing among settings may itself
	// train and measure on validation images.
	Points func(ctx context.Context, w *Work) ([]Point, error)
	// Measure is what is measured of each point before Tell.
	Measure Measure
	// Tell writes tables, plots and claims. What it computes beyond the records
	// it keeps in the experiment's folder.
	Tell func(ctx context.Context, o *Outcome) error
}

// Measure says what is measured of every point.
type Measure struct {
	Sets       bool // records on every evaluation set
	Maps       bool // the segmentation test
	Validation bool // records and maps on held-out training images

	MapsWithMasks bool // the segmentation test of the points whose data have masks for it
}

// measurement is one file of a point's records.
type measurement struct {
	set  string
	maps bool
}

// measurements are what is measured of a point, in order.
func (w *Setting) measurements(p Point, what Measure) ([]measurement, error) {
	var all []measurement
	if what.Sets {
		for _, set := range w.Sets {
			all = append(all, measurement{set, false})
		}
	}
	maps := what.Maps
	if what.MapsWithMasks {
		var err error
		if maps, err = hasMasks(p.Base); err != nil {
			return nil, err
		}
	}
	if maps {
		all = append(all, measurement{pool.MapSet, true})
	}
	if what.Validation {
		all = append(all, measurement{pool.ValidationSet, false}, measurement{pool.ValidationSet, true})
	}
	return all, nil
}

// Point is one model of an experiment.
type Point struct {
	Name  string // unique in the experiment: "vit-ours"
	Title string // "ours"
	Base  *pool.Base
	Spec  pool.Spec
	// Choice says whether validation images decide the spec.
	Choice Choice
}

// Choice says where a point's setting comes from.
type Choice int

// A setting is fixed beforehand; or validation images decide it, and have, or,
// while a sweep is planned, have not yet. An undecided point's spec stands for
// the one to come.
const (
	Fixed Choice = iota
	Decided
	Undecided
)

// All lists the experiments in the order of the paper, then those beyond it.
func All() []Experiment { return all }

// all is filled by the files of the experiments, in reading order.
var all = concatenate(mainResults, mapStudies, methodStudies, sensitivityStudies, beyond)

func concatenate(lists ...[]Experiment) []Experiment {
	var joined []Experiment
	for _, list := range lists {
		joined = append(joined, list...)
	}
	return joined
}

// Find finds an experiment by name.
func Find(name string) (Experiment, error) {
	for _, e := range All() {
		if e.Name == name {
			return e, nil
		}
	}
	return Experiment{}, fmt.Errorf("no experiment is called %q; there are %s, and all", name, strings.Join(Names(), ", "))
}

// Names lists the experiments by name.
func Names() []string {
	var names []string
	for _, e := range All() {
		names = append(names, e.Name)
	}
	return names
}

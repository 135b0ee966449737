package mainjob

import (
	"fmt"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/finetune"
)

// Names of the models that the main job compares.
const (
	Before    = "before"    // the pretrained model
	Control   = "control"   // cross-entropy finetuning on the same images and steps
	Published = "published" // the paper's loss
	After     = "after"     // the paper's loss, confidence over the finetuned classes
)

// Arm is one way to finetune the same model on the same images.
type Arm struct {
	Name  string `json:"name"`
	Title string `json:"title"`
	Note  string `json:"note"` // what sets it apart, for the report
	// RateFactor scales the job's learning rate.
	RateFactor float64 `json:"rate_factor"`
	change     func(*robustvit.Objective, []int)
}

// Arms are the control and both forms of the method. On the scale model the
// published term gets half the rate: with few classes it forgets more at the
// full one (measured on design images). The paper's models keep their own.
func Arms(embedded bool) []Arm {
	published := 1.0
	if embedded {
		published = 0.5
	}
	return []Arm{
		{Name: Control, Title: "Control", RateFactor: 1,
			Note: "cross-entropy with the labels on the same images and steps, softmax over the finetuned classes; no relevance term",
			change: func(o *robustvit.Objective, classes []int) {
				o.Relevance, o.Confidence = 0, 1
				o.ClassTerm, o.Finetuned = robustvit.TrueClassFinetuned, classes
			}},
		{Name: Published, Title: "Ours, as published", RateFactor: published,
			Note:   "Eq. 5 with the confidence term over all classes",
			change: func(*robustvit.Objective, []int) {}},
		{Name: After, Title: "Ours, finetuned classes", RateFactor: 1,
			Note: "Eq. 5 with the confidence term over the finetuned classes only: our departure, which leaves the logits of the other classes alone",
			change: func(o *robustvit.Objective, classes []int) {
				o.ClassTerm, o.Finetuned = robustvit.ConfidenceFinetuned, classes
			}},
	}
}

// config is the arm's finetuning.
func (a Arm) config(base finetune.Config) finetune.Config {
	base.Rate *= a.RateFactor
	a.change(&base.Objective, base.Classes)
	return base
}

// Check reports what no arm could compute, before a device is opened or
// anything is measured.
func (j Main) Check() error {
	if got, want := len(j.Data.Classes()), j.Model.Variant.Classes; got > want {
		return fmt.Errorf("main job: %s has %d classes, the model %s only %d", j.Data.Name(), got, j.Model.Source, want)
	}
	train, err := j.Data.Train()
	if err != nil {
		return err
	}
	for _, arm := range j.Config.Arms {
		if err := (finetune.Job{Config: arm.config(j.Config.Finetune), Train: train}).Check(); err != nil {
			return err
		}
	}
	return nil
}

package mainjob

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
)

// RateRule is the paper's choice of the learning rate (Appendix D): the highest
// one whose validation accuracy drops by a bounded amount and whose relevance
// loss does not rise. Validation images are training images that were not
// chosen for finetuning, never a test set.
type RateRule struct {
	Grid     []float64 `json:"grid"`      // rates to try
	MaxDrop  float64   `json:"max_drop"`  // points of validation accuracy
	PerClass int       `json:"per_class"` // validation images of each class
}

// DefaultRateRule tries powers of two around the setting's own rate and allows
// the 2 points that the paper's tables show.
func DefaultRateRule(rate float64) RateRule {
	return RateRule{Grid: []float64{rate * 4, rate * 2, rate, rate / 2, rate / 4}, MaxDrop: 2, PerClass: 10}
}

// RatePoint is the outcome of one rate.
type RatePoint struct {
	Rate      float64 `json:"rate"`
	Accuracy  float64 `json:"validation_accuracy"` // percent
	Drop      float64 `json:"drop"`                // points below the original
	Relevance float64 `json:"relevance_loss"`      // Eq. 3 on validation images
	Passes    bool    `json:"passes"`
}

// RateChoice is the chosen rate and what the choice saw, highest rate first.
type RateChoice struct {
	Rate              float64     `json:"rate"`
	OriginalAccuracy  float64     `json:"original_accuracy"`
	OriginalRelevance float64     `json:"original_relevance_loss"`
	Points            []RatePoint `json:"points"`
}

// Add judges a rate's outcome by the rule against the original, keeps it and
// says whether it passes. The choice is the highest rate that does.
func (c *RateChoice) Add(rule RateRule, p RatePoint) bool {
	p.Drop = c.OriginalAccuracy - p.Accuracy
	p.Passes = p.Drop <= rule.MaxDrop && p.Relevance <= c.OriginalRelevance
	if p.Passes {
		c.Rate = max(c.Rate, p.Rate)
	}
	c.Points = append(c.Points, p)
	return p.Passes
}

// ChooseRate finetunes at each rate of the grid, from the highest down, and
// stops at the first that passes. Each rate has a run folder of its own below
// dir, so a stopped search goes on.
func ChooseRate(ctx context.Context, job finetune.Job, rule RateRule, dir string) (RateChoice, error) {
	var choice RateChoice
	v, err := newValidation(ctx, job, rule)
	if err != nil {
		return choice, err
	}
	defer v.close()
	if choice.OriginalAccuracy, choice.OriginalRelevance, err = v.measure(ctx, job.Model); err != nil {
		return choice, err
	}
	grid := slices.Clone(rule.Grid)
	slices.Sort(grid)
	slices.Reverse(grid)
	for _, rate := range grid {
		point := RatePoint{Rate: rate}
		at := job
		at.Config.Rate, at.Dir = rate, filepath.Join(dir, fmt.Sprintf("rate-%g", rate))
		if _, err := finetune.Run(ctx, at); err != nil {
			return choice, fmt.Errorf("learning rate %g: %w", rate, err)
		}
		tuned, err := pretrained.Open(filepath.Join(at.Dir, run.WeightsFile))
		if err != nil {
			return choice, err
		}
		if point.Accuracy, point.Relevance, err = v.measure(ctx, tuned); err != nil {
			return choice, err
		}
		if choice.Add(rule, point) {
			return choice, nil
		}
	}
	return choice, fmt.Errorf("no learning rate of %v keeps validation accuracy within %.1f points of %.1f without a higher relevance loss; widen the grid downwards", grid, rule.MaxDrop, choice.OriginalAccuracy)
}

// validation is the held-out part of the training set on one compiled predictor.
type validation struct {
	worker
	job      finetune.Job
	images   data.Dataset
	protocol data.Protocol
}

// newValidation draws images of every class that has some, with masks, that the
// finetuning does not use.
func newValidation(ctx context.Context, job finetune.Job, rule RateRule) (*validation, error) {
	c := job.Config
	chosen, err := job.Select(ctx)
	if err != nil {
		return nil, err
	}
	held, err := data.HeldOut(job.Train, chosen, rule.PerClass, c.Seed+1)
	if err != nil {
		return nil, fmt.Errorf("validation images for the learning rate: %w", err)
	}
	v := &validation{job: job, images: data.Subset(job.Train, held, "validation")}
	v.Backend = job.Backend
	v.protocol, err = finetune.ProtocolOf(c.Protocol, c.Variant)
	return v, err
}

// measure gives accuracy in percent and Eq. 3 for a model.
func (v *validation) measure(ctx context.Context, m *pretrained.Model) (accuracy, relevance float64, err error) {
	predictor, err := v.load(m.SHA256, m)
	if err != nil {
		return 0, 0, err
	}
	records, err := evaluate.Records(ctx, predictor, v.images, v.protocol, nil)
	if err != nil {
		return 0, 0, err
	}
	background, foreground, err := evaluate.RelevanceLosses(ctx, predictor, v.images, v.protocol)
	if err != nil {
		return 0, 0, err
	}
	o := v.job.Config.Objective
	return evaluate.Accuracy(records, 1, nil).Percent, o.Background*background + o.Foreground*foreground, nil
}

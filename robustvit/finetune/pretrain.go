package finetune

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"strings"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/weights"
)

// Family is a recipe of regularisation, after the paper's model families.
type Family string

// Families of pretrained models.
const (
	ViT    Family = "vit"    // plain
	AugReg Family = "augreg" // heavier colour augmentation, mixup, twice the weight decay
	DeiT   Family = "deit"   // random erasing, mixup, label smoothing
)

// Stage is one part of a pretraining: its own data, steps and peak rate.
type Stage struct {
	Name   string       `json:"name"`
	Data   data.Dataset `json:"-"`
	Source string       `json:"source"` // what the data are, in words, for the run's config
	Images int          `json:"images"`
	Steps  int          `json:"steps"`
	Warmup int          `json:"warmup"` // steps to the peak rate; then a cosine to 0
	Rate   float64      `json:"rate"`
}

// PretrainConfig decides everything about a pretraining. It is saved before the first step.
type PretrainConfig struct {
	Kind      string            `json:"kind"` // "pretrain"
	Variant   robustvit.Variant `json:"variant"`
	Family    Family            `json:"family"`
	Stages    []Stage           `json:"stages"`
	Batch     int               `json:"batch"`
	Seed      uint64            `json:"seed"`
	Optimizer robustvit.AdamW   `json:"optimizer"`
	Augment   data.Augment      `json:"augment"`
	Mixup     float64           `json:"mixup"`     // probability of a mixed batch
	Smoothing float64           `json:"smoothing"` // label smoothing
	SaveEvery int               `json:"save_every"`
	Backend   string            `json:"backend"`

	Cache data.CacheSize `json:"-"` // memory for decoded images: each is seen many times
}

// NewPretrainConfig is the recipe of a family: batch 64, AdamW (0.9, 0.98),
// decay on matrices, gradient norm 1, flip, shift and brightness.
func NewPretrainConfig(v robustvit.Variant, family Family, seed uint64, stages ...Stage) (PretrainConfig, error) {
	c := PretrainConfig{
		Kind: "pretrain", Variant: v, Family: family, Stages: stages, Batch: 64, Seed: seed, SaveEvery: 200,
		Optimizer: robustvit.AdamW{Beta1: 0.9, Beta2: 0.98, Epsilon: 1e-8, WeightDecay: 0.05, DecayMatricesOnly: true, ClipNorm: 1},
		Augment:   data.Augment{Kind: data.AugmentShift, Pixels: max(2, v.ImageSize*6/64), Brightness: 0.15},
	}
	switch family {
	case ViT:
	case AugReg:
		c.Optimizer.WeightDecay, c.Mixup = 0.1, 0.5
		c.Augment.Brightness, c.Augment.Colour = 0.3, true
	case DeiT:
		c.Mixup, c.Smoothing, c.Augment.Erase = 0.5, 0.1, 0.25
	default:
		return c, fmt.Errorf("family %q is not one of %s, %s, %s", family, ViT, AugReg, DeiT)
	}
	return c, c.Validate()
}

// Validate reports every fault at once.
func (c PretrainConfig) Validate() error {
	errs := []error{c.Variant.Validate(), c.Optimizer.Validate(), c.Augment.Validate()}
	if c.Variant.Classes < 2 {
		errs = append(errs, fmt.Errorf("pretraining needs at least 2 classes, found %d", c.Variant.Classes))
	}
	if len(c.Stages) == 0 {
		errs = append(errs, errors.New("pretraining needs a stage"))
	}
	for _, stage := range c.Stages {
		if stage.Steps < 1 || checkRate(stage.Rate) != nil || c.Batch < 1 || stage.Images < c.Batch {
			errs = append(errs, fmt.Errorf("stage %q: %d steps at rate %g on %d images; need steps and rate above 0 and at least one batch of %d images", stage.Name, stage.Steps, stage.Rate, stage.Images, c.Batch))
		}
	}
	if err := errors.Join(errs...); err != nil {
		return err
	}
	return checkMemory(c.Variant)
}

// Pretrain trains a classifier from nothing, or goes on where the run in dir
// stopped, and returns its weights.
func Pretrain(ctx context.Context, device compute.Backend, dir string, c PretrainConfig, listen Listener) (file *weights.File, err error) {
	if err := c.Validate(); err != nil {
		return nil, fmt.Errorf("pretrain: %w", err)
	}
	err = backend.Guard(c.Batch, func() error {
		file, err = c.train(ctx, device, dir, listen)
		return err
	})
	if full, ok := errors.AsType[*backend.MemoryError](err); ok && c.Batch > 1 {
		full.Next = fmt.Sprintf("begin again with --batch %d in another folder", c.Batch/2)
	}
	return file, err
}

func (c PretrainConfig) train(ctx context.Context, device compute.Backend, dir string, listen Listener) (*weights.File, error) {
	r, err := run.Create(dir, c)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	initial, err := robustvit.NewValues(c.Variant, Initialise(c.Variant, c.Seed))
	if err != nil {
		return nil, err
	}
	trainer, err := robustvit.NewPretrainer(device, c.Variant, initial, c.Optimizer, c.Batch)
	if err != nil {
		return nil, err
	}
	defer trainer.Close()
	if err := restore(r, trainer, listen); err != nil {
		return nil, err
	}
	if err := loop(ctx, r, trainer, c.plan(), listen); err != nil {
		return nil, err
	}
	metadata, err := c.Metadata()
	if err != nil {
		return nil, err
	}
	return Weights(trainer, metadata)
}

// Metadata is what the tensors do not tell: heads, class names, normalisation
// and how the model was made.
func (c PretrainConfig) Metadata() (map[string]string, error) {
	names, err := json.Marshal(c.Stages[0].Data.Classes())
	if err != nil {
		return nil, fmt.Errorf("class names: %w", err)
	}
	var stages []string
	for _, s := range c.Stages {
		stages = append(stages, fmt.Sprintf("%s: %d steps at %g on %d images", s.Name, s.Steps, s.Rate, s.Images))
	}
	numbers := func(three [3]float32) string { return fmt.Sprintf("%g,%g,%g", three[0], three[1], three[2]) }
	return map[string]string{
		"format": "pt", "method": "pretrain", "architecture": c.Variant.Name, "family": string(c.Family),
		"seed": fmt.Sprint(c.Seed), "stages": strings.Join(stages, "; "),
		weights.MetadataHeads: fmt.Sprint(c.Variant.Heads), weights.MetadataClassNames: string(names),
		weights.MetadataMean: numbers(c.Variant.Mean), weights.MetadataStd: numbers(c.Variant.Std),
	}, nil
}

func (c PretrainConfig) plan() plan {
	p := plan{saveEvery: c.SaveEvery, stepsPerEpoch: c.Stages[0].Images / c.Batch}
	for _, stage := range c.Stages {
		p.steps += stage.Steps
	}
	p.rate = func(step int) float64 {
		stage, at := c.stageOf(step)
		peak, steps := c.Stages[stage].Rate, float64(c.Stages[stage].Steps)
		warm := math.Min(1, float64(at+1)/float64(max(c.Stages[stage].Warmup, 1)))
		return peak * warm * 0.5 * (1 + math.Cos(math.Pi*float64(at)/steps))
	}
	p.images = func(step int) []string {
		index, at := c.stageOf(step)
		stage := c.Stages[index]
		perEpoch := stage.Images / c.Batch
		return imagesOf(c.cache(stage.Data), c.order(index), at/perEpoch, at%perEpoch)
	}
	p.batches = c.batches
	return p
}

// stageOf finds the stage of a step and the step within it.
func (c PretrainConfig) stageOf(step int) (stage, at int) {
	for stage < len(c.Stages)-1 && step >= c.Stages[stage].Steps {
		step -= c.Stages[stage].Steps
		stage++
	}
	return stage, step
}

package finetune

import (
	"context"
	"errors"
	"fmt"
	"iter"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/weights"
)

// Job is one finetuning: a config and what it works on.
type Job struct {
	Config  Config
	Dir     string // run folder; an unfinished run in it goes on, a finished one is returned
	Backend compute.Backend
	Model   *pretrained.Model
	Train   data.Dataset     // with masks
	Keep    func(i int) bool // which training images may be chosen; nil allows all
	Cache   data.CacheSize   // memory for the chosen images, so that the epochs decode each once
	// Manifest is exactly the training images to use, verified by their hashes;
	// nil draws them by the config's classes, images a class and seed.
	Manifest []data.ManifestItem
	Listen   Listener
	Watch    Watch // maps of a few images while it runs; zero for none
}

// Result is what a finished run holds.
type Result struct {
	Steps   int              `json:"steps"`
	Images  int              `json:"images"`
	Losses  robustvit.Losses `json:"last_losses"`
	Weights string           `json:"weights_sha256"`
}

// Run finetunes, or goes on where the run in the folder stopped. The folder then
// holds config, manifest, log, the last checkpoints and weights.safetensors.
func Run(ctx context.Context, job Job) (result Result, err error) {
	err = backend.Guard(job.Config.atOnce(), func() error {
		result, err = job.run(ctx)
		return err
	})
	if full, ok := errors.AsType[*backend.MemoryError](err); ok && full.Next == "" {
		full.Next = job.Config.lessMemory()
	}
	return result, err
}

func (job Job) run(ctx context.Context) (Result, error) {
	var result Result
	if err := job.complete(); err != nil {
		return result, err
	}
	chosen, err := job.chooseAhead(ctx)
	if err != nil {
		return result, err
	}
	r, err := run.Create(job.Dir, job.Config, mayChange...)
	if err != nil {
		return result, err
	}
	defer r.Close()
	if r.IsDone() {
		job.Listen.note("%s is done already", job.Dir)
		return result, r.ReadJSON(run.DoneFile, &result)
	}
	if chosen == nil { // finished, and asked for more
		if chosen, err = job.Select(ctx); err != nil {
			return result, err
		}
	}
	train := job.images()
	if err := job.pinSamples(ctx, r, train, chosen); err != nil {
		return result, err
	}
	trainer, err := job.trainer(r)
	if err != nil {
		return result, err
	}
	defer trainer.Close()
	if err := job.noteStart(r, trainer.Steps()); err != nil {
		return result, err
	}
	p, err := job.plan(chosen, train)
	if err != nil {
		return result, err
	}
	if done := trainer.Steps(); done > p.steps {
		return result, fmt.Errorf("finetune: run folder %s has done %d steps, %d epochs are %d; ask for at least %d epochs, or use another folder",
			job.Dir, done, job.Config.Epochs, p.steps, (done+p.stepsPerEpoch-1)/p.stepsPerEpoch)
	}
	if p.watch, err = job.watcher(ctx, r, trainer, chosen, p.steps); err != nil {
		return result, err
	}
	if err = compile(trainer, p); err == nil {
		err = loop(ctx, r, trainer, p, job.Listen.keeping(&result.Losses))
	}
	if err := errors.Join(err, p.watch.close()); err != nil {
		return result, err
	}
	train.note(job.Listen, len(chosen))
	result.Steps, result.Images = trainer.Steps(), len(chosen)
	return result, job.finish(r, trainer, &result)
}

// trainer loads the model, or the run's newest checkpoint, onto the device.
func (job Job) trainer(r *run.Run) (*robustvit.Trainer, error) {
	values, err := job.Model.Values()
	if err != nil {
		return nil, err
	}
	c := job.Config
	trainer, err := robustvit.NewTrainer(job.Backend, c.Variant, values, c.Objective, c.Optimizer, c.Batch, c.Memory)
	if err != nil {
		return nil, err
	}
	err = trainer.Spread(c.Devices)
	if err == nil {
		err = restore(r, trainer, job.Listen)
	}
	if err != nil {
		trainer.Close()
		return nil, err
	}
	return trainer, nil
}

func (job Job) plan(chosen []int, train *images) (plan, error) {
	c := job.Config
	batches := data.Plan{
		Indices: chosen, BatchSize: c.Batch, Size: c.Variant.ImageSize, Protocol: c.Prepared, Augment: &c.Augment,
		Rule: data.MaskRule(c.Objective.Masks), Masks: c.Objective.Relevance > 0, Shuffle: true, Seed: c.Seed,
	}
	perEpoch := batches.Steps(train)
	p := plan{steps: perEpoch * c.Epochs, stepsPerEpoch: perEpoch, saveEvery: c.SaveEvery}
	p.checkpoint.Seed = c.Seed
	p.rate = func(step int) float64 { return c.RateAt(step / perEpoch) }
	p.images = func(step int) []string { return imagesOf(train.Cache, batches, step/perEpoch, step%perEpoch) }
	p.batches = func(ctx context.Context, from int) iter.Seq2[*robustvit.Batch, error] {
		batches.Epoch, batches.Step, batches.Epochs = from/perEpoch, from%perEpoch, c.Epochs-from/perEpoch
		return func(yield func(*robustvit.Batch, error) bool) {
			if from >= p.steps {
				return
			}
			for b, err := range data.Batches(ctx, train, batches) {
				if err != nil {
					yield(nil, err)
					return
				}
				if b.Masks == nil { // a loss without relevance reads no mask
					b.Masks = make([]float32, len(b.Images)/3)
				}
				if !yield(&robustvit.Batch{Images: b.Images, Masks: b.Masks, Labels: b.Labels, N: b.N}, nil) {
					return
				}
			}
		}
	}
	return p, nil
}

// finish writes the weights and marks the run done.
func (job Job) finish(r *run.Run, trainer *robustvit.Trainer, result *Result) error {
	file, err := Weights(trainer, job.metadata())
	if err != nil {
		return err
	}
	if err := r.WriteWeights(run.WeightsFile, file); err != nil {
		return err
	}
	result.Weights = file.SHA256()
	if result.Losses == (robustvit.Losses{}) { // killed between the last step and here
		if lines, err := run.ReadLines[LogLine](r, run.LogFile); err == nil && len(lines) > 0 {
			result.Losses = lines[len(lines)-1].Losses
		}
	}
	return r.Done(result)
}

// metadata lets the weights be traced to their run.
func (job Job) metadata() map[string]string {
	c, o := job.Config, job.Config.Objective
	metadata := map[string]string{}
	for key, value := range job.Model.File.Metadata { // heads, class names, normalisation
		metadata[key] = value
	}
	for key, value := range map[string]any{
		weights.MetadataHeads: c.Variant.Heads, "architecture": c.Variant.Name, "format": "pt",
		"base_weights_sha256": c.Weights, "method": methodName(o.Method), "protocol": c.Protocol, "class_term": o.ClassTerm,
		"gradient_order": o.Order, "mask_rule": o.Masks, "lambda_relevance": o.Relevance, "lambda_confidence": o.Confidence,
		"lambda_background": o.Background, "lambda_foreground": o.Foreground, "temperature": o.Temperature,
		"rate": c.Rate, "epochs": c.Epochs, "per_class": c.PerClass, "seed": c.Seed, "data": c.Data,
	} {
		metadata[key] = fmt.Sprint(value)
	}
	return metadata
}

// methodName is the method that the weights say they were made by.
func methodName(m robustvit.RelevanceMethod) string {
	if m == robustvit.GAE {
		return "robustvit"
	}
	return m.String()
}

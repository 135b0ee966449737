package finetune

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path"
	"slices"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/run"
	"golang.org/x/sync/errgroup"
)

// watcher looks at the fixed images of [Watch] through the trainer's weights.
type watcher struct {
	run          *run.Run
	every, steps int
	size         int
	predictor    *robustvit.Predictor
	images       []float32 // n x 3 x h x w normalised
	classes      []int32
	masks        []*data.Mask
	pending      chan error // of the look that is being written; nil for none
}

// watcher prepares the watched images and writes what they are; nil where
// nothing is watched.
func (job Job) watcher(ctx context.Context, r *run.Run, trainer *robustvit.Trainer, chosen []int, steps int) (*watcher, error) {
	if job.Watch.Images < 1 {
		return nil, nil
	}
	indices, err := job.watched()
	if err != nil {
		return nil, err
	}
	items, err := data.BuildManifest(ctx, job.Train, indices)
	if err != nil {
		return nil, fmt.Errorf("watch: %w", err)
	}
	w := &watcher{run: r, every: job.Watch.Every, steps: steps, size: job.Config.Variant.ImageSize}
	if w.every < 1 {
		w.every = max(steps/watchLooks, 1)
	}
	index := WatchIndex{Rule: fmt.Sprintf(watchRule, job.Watch.Images, job.Watch.Images)}
	for i, item := range items {
		seen := WatchedImage{ManifestItem: item, Set: "B", Trained: slices.Contains(chosen, indices[i]), Picture: numbered(i)}
		if slices.Contains(job.Config.Classes, item.Class) {
			seen.Set = "A"
		}
		index.Images = append(index.Images, seen)
		if err := w.add(job, indices[i], path.Join(WatchDir, seen.Picture)); err != nil {
			return nil, err
		}
	}
	text, err := json.MarshalIndent(index, "", "  ")
	if err != nil {
		return nil, err
	}
	if err := r.Pin(path.Join(WatchDir, WatchFile), append(text, '\n')); err != nil {
		return nil, err
	}
	if w.predictor, err = robustvit.NewPredictor(job.Backend, job.Config.Variant, trainer.Store(), len(indices)); err != nil {
		return nil, err
	}
	if err := w.predictor.Spread(job.Config.Devices); err != nil {
		return nil, err
	}
	if trainer.Steps() == steps { // killed between the last save and the end
		return w, nil
	}
	// Side by side: what a look costs is mostly to compile it, on another core.
	var both errgroup.Group
	both.Go(trainer.Compile)
	both.Go(w.predictor.Compile)
	return w, both.Wait()
}

// add prepares one image as an evaluation would and writes its picture.
func (w *watcher) add(job Job, index int, file string) error {
	sample, err := job.Train.Load(index)
	if err != nil {
		return fmt.Errorf("watch: %w", err)
	}
	c := job.Config
	sample, err = data.Prepared(sample, c.Prepared, w.size, data.MaskRule(c.Objective.Masks))
	if err != nil {
		return fmt.Errorf("watch %s: %w", job.Train.Entry(index).ID, err)
	}
	values := make([]float32, 3*w.size*w.size)
	data.Normalize(values, sample.Image, c.Prepared.Mean, c.Prepared.Std)
	w.images = append(w.images, values...)
	w.classes, w.masks = append(w.classes, int32(sample.Class)), append(w.masks, sample.Mask)
	content, err := encodePNG(sample.Image.Picture())
	if err != nil {
		return err
	}
	return w.run.Pin(file, content)
}

// look maps the relevance after a step that is due and has no look yet. Files
// are written while the training goes on; settle waits for them.
func (w *watcher) look(step int) error {
	if w == nil {
		return nil
	}
	due := step%w.every == 0 || step == w.steps
	if !due || w.run.Has(path.Join(LookDir(step), WatchFile)) {
		return nil
	}
	n := len(w.classes)
	seen, err := w.predictor.Explain(w.images, w.classes, n)
	if spoilt, ok := errors.AsType[*robustvit.NotFiniteOutput](err); ok && step > 0 {
		return &robustvit.NotFiniteError{Step: step, Weights: spoilt}
	}
	if err != nil {
		return fmt.Errorf("watch step %d: %w", step, err)
	}
	if err := w.settle(); err != nil {
		return err
	}
	w.pending = make(chan error, 1)
	go func(pending chan<- error) { pending <- w.write(step, seen) }(w.pending)
	return nil
}

// settle waits until the last look is on the disk: a look belongs there before
// the checkpoint of its step, so that a resumed run has it too.
func (w *watcher) settle() error {
	if w == nil || w.pending == nil {
		return nil
	}
	err := <-w.pending
	w.pending = nil
	return err
}

func (w *watcher) write(step int, seen robustvit.Explanation) error {
	look, pixels := Look{Step: step}, w.size*w.size
	k := len(seen.Logits) / len(w.classes)
	for i := range w.classes {
		order, confidence := robustvit.Rank(seen.Logits[i*k : (i+1)*k])
		relevance := seen.Maps[i*pixels : (i+1)*pixels]
		content, err := mapPNG(relevance, w.size)
		if err == nil {
			err = w.run.WriteFile(path.Join(LookDir(step), numbered(i)), content)
		}
		if err != nil {
			return err
		}
		look.Maps = append(look.Maps, LookedAt{numbered(i), order[0], confidence[0], onMask(relevance, w.masks[i])})
	}
	return w.run.WriteJSON(path.Join(LookDir(step), WatchFile), look)
}

// close waits for the last look and frees the graphs.
func (w *watcher) close() error {
	if w == nil {
		return nil
	}
	err := w.settle()
	w.predictor.Close()
	return err
}

func numbered(i int) string { return fmt.Sprintf("%02d.png", i) }

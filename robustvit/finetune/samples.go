package finetune

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/run"
)

// chooseAhead chooses the images before the folder is made: those that are not
// there must leave none behind. Of a finished run it chooses none, since the
// pixels of a manifest take long to verify.
func (job Job) chooseAhead(ctx context.Context) ([]int, error) {
	if r, err := run.Open(job.Dir); err == nil {
		if r.IsDone() {
			return nil, nil
		}
		if err := job.samplesThere(r); err != nil {
			return nil, err
		}
	}
	return job.Select(ctx)
}

// samplesThere looks for the samples of a run that goes on, before anything
// else that follows from the data differs: a lost file would choose other
// classes, or too few images. Their pixels are compared later.
func (job Job) samplesThere(r *run.Run) error {
	if !r.Has(run.ManifestFile) {
		return nil
	}
	items, _, err := data.ReadManifest(r.Path(run.ManifestFile))
	if err == nil {
		err = data.StillThere(job.Train, items)
	}
	if err != nil {
		return fmt.Errorf("run folder %s: %w", job.Dir, err)
	}
	return nil
}

// pinSamples writes the chosen training images into the run, once: a resumed
// run must find the same pixels.
func (job Job) pinSamples(ctx context.Context, r *run.Run, train *images, chosen []int) (err error) {
	items := job.Manifest
	if items == nil {
		if items, err = data.BuildManifest(ctx, train.Source(), chosen); err != nil {
			return err
		}
	}
	for _, item := range items {
		if item.MaskSHA256 == "" && job.Config.Objective.Relevance > 0 {
			return fmt.Errorf("finetune: image %s of %s has no mask, and the relevance loss needs one; make masks with `robustvit masks`", item.ID, train.Name())
		}
	}
	lines, err := data.EncodeManifest(items)
	if err != nil {
		return err
	}
	train.pin(items)
	return r.Pin(run.ManifestFile, lines)
}

// Select gives the indices of the training images: those of the manifest, once
// their pixels are verified, or those that config and seed draw.
func (job Job) Select(ctx context.Context) ([]int, error) {
	if job.Manifest != nil {
		return data.CheckManifest(ctx, job.Train, job.Manifest)
	}
	c := job.Config
	return data.SelectTraining(job.Train, c.Classes, c.PerClass, c.Seed, job.Keep)
}

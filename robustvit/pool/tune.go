package pool

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
)

// tunedDir is the finetuning's own run folder inside a model's.
const tunedDir = "tuned"

// saveEvery is the number of steps between checkpoints. A small model's points
// take seconds: one checkpoint at the end of each would cost more than it saves.
const saveEvery = 200

// Model is the model of a spec: the pretrained one, or the finetuned one, which
// is made where it is not there yet.
func (p *Pool) Model(ctx context.Context, s Spec) (*pretrained.Model, error) {
	b, err := p.Base(s.Base)
	if err == nil {
		err = p.Make(ctx, s)
	}
	if err != nil {
		return nil, err
	}
	if s.Finetune == nil {
		return b.Model, nil
	}
	m, err := pretrained.Open(filepath.Join(p.tuned(s), run.WeightsFile))
	if err != nil || s.Blend == nil {
		return m, err
	}
	return blend(b.Model, m, s.Blend.Alpha)
}

// Make finetunes the model of a spec where that is not done yet. It reads no weights.
func (p *Pool) Make(ctx context.Context, s Spec) error {
	b, err := p.Base(s.Base)
	if err != nil || s.Finetune == nil || p.done(s) {
		return err
	}
	return p.tune(ctx, b, s.Whole())
}

// WeightsSHA256 is the hash of the model's weights, of a finetuned one as its
// run has noted it.
func (p *Pool) WeightsSHA256(ctx context.Context, s Spec) (string, error) {
	if s.Finetune == nil || s.Blend != nil {
		m, err := p.Model(ctx, s)
		if err != nil {
			return "", err
		}
		return m.SHA256, nil
	}
	if err := p.Make(ctx, s); err != nil {
		return "", err
	}
	r, err := run.Open(p.tuned(s))
	if err != nil {
		return "", err
	}
	var result finetune.Result
	err = r.ReadJSON(run.DoneFile, &result)
	return result.Weights, err
}

// tuned is the folder of the spec's finetuning.
func (p *Pool) tuned(s Spec) string { return filepath.Join(p.Path(s.Whole()), tunedDir) }

// done says whether the finetuning has ended.
func (p *Pool) done(s Spec) bool {
	_, err := os.Stat(filepath.Join(p.tuned(s), run.DoneFile))
	return err == nil
}

// tune finetunes in the model's folder. Checkpoints go when the weights are
// there: a sweep has hundreds of models.
func (p *Pool) tune(ctx context.Context, b *Base, s Spec) error {
	r, done, err := p.open(ctx, s)
	if err != nil {
		return err
	}
	defer done()
	if p.done(s) { // another goroutine or process made it meanwhile
		return nil
	}
	job, err := p.job(ctx, b, s)
	if err != nil {
		return err
	}
	if _, err := finetune.Run(ctx, job); err != nil {
		return fmt.Errorf("finetune %s: %w", s.Folder(), err)
	}
	return os.RemoveAll(r.Path(filepath.Join(tunedDir, "checkpoints")))
}

// job is the finetuning of a spec.
func (p *Pool) job(ctx context.Context, b *Base, s Spec) (finetune.Job, error) {
	config := *s.Finetune
	config.Backend, config.SaveEvery = p.Device.Name, saveEvery
	train, err := b.Data.Train()
	if err != nil {
		return finetune.Job{}, err
	}
	keep, err := p.keep(ctx, b, train, s.KeepCorrect)
	if err != nil {
		return finetune.Job{}, err
	}
	if s.Masks == TokenCut {
		if train, err = p.tokenCut(ctx, b, train, config, keep); err != nil {
			return finetune.Job{}, err
		}
	}
	job := finetune.Job{Config: config, Dir: p.tuned(s), Backend: p.Backend, Model: b.Model, Train: train, Keep: keep}
	job.Listen.Note = p.Listen.Note
	if p.Listen.Step != nil {
		job.Listen.Step = func(e finetune.Event) { p.Listen.Step(s, e) }
	}
	return job, nil
}

// keep says which training images may be chosen: those with a mask and, where
// the setting asks for it, classified right.
func (p *Pool) keep(ctx context.Context, b *Base, train data.Dataset, correct bool) (func(i int) bool, error) {
	masked := func(i int) bool {
		has, err := data.HasMask(train, i)
		return has || err != nil // a mask that cannot be read is the manifest's error
	}
	if !correct {
		return masked, nil
	}
	records, err := p.Records(ctx, b.Before(), TrainSet)
	if err != nil {
		return nil, err
	}
	return func(i int) bool { return records[i].Correct(1) && masked(i) }, nil
}

package finetune

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"time"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/run"
)

// Event tells a listener what the loop just did.
type Event struct {
	Step, Steps int     // optimizer steps taken, of how many
	Epoch       int     // epoch of the step, from 0
	Epochs      int     // of how many
	Rate        float64 // learning rate of the step
	Losses      robustvit.Losses
	Saved       bool          // a checkpoint was written after the step
	Elapsed     time.Duration // since this process began to train
	Left        time.Duration // estimate to the end, 0 while there is none
}

// Listener hears what a training does. Both functions may be nil and must
// return quickly.
type Listener struct {
	Step func(Event)  // after every step
	Note func(string) // what the user should know: resumed from, warnings
}

func (l Listener) note(format string, args ...any) {
	if l.Note != nil {
		l.Note(fmt.Sprintf(format, args...))
	}
}

// keeping notes the last step's losses too.
func (l Listener) keeping(last *robustvit.Losses) Listener {
	tell := l.Step
	l.Step = func(e Event) {
		*last = e.Losses
		if tell != nil {
			tell(e)
		}
	}
	return l
}

// LogLine is one line of log.jsonl. It holds no wall-clock time: a resumed
// run's log is byte-identical with an unbroken one's.
type LogLine struct {
	Step  int     `json:"step"`
	Epoch int     `json:"epoch"`
	Rate  float64 `json:"rate"`
	robustvit.Losses
}

// plan is a training as pure functions of the step, counted from 0.
type plan struct {
	steps, stepsPerEpoch int
	batches              func(ctx context.Context, from int) iter.Seq2[*robustvit.Batch, error] // of steps from, from+1, ...
	rate                 func(step int) float64
	images               func(step int) []string // files of the step's batch
	saveEvery            int
	checkpoint           run.Checkpoint // fingerprints that go into every checkpoint
	watch                *watcher       // nil watches nothing
}

func (p plan) epochs() int { return (p.steps + p.stepsPerEpoch - 1) / p.stepsPerEpoch }

// compile builds the step's graph where there is a step to take, and gives back
// what that has left in memory.
func compile(trainer *robustvit.Trainer, p plan) error {
	if trainer.Steps() == p.steps {
		return nil
	}
	if err := trainer.Compile(); err != nil {
		return err
	}
	backend.Release()
	return nil
}

// loop trains from the trainer's step to the end of the plan. It stops between
// two steps when the context ends; what was saved last is the place to go on from.
func loop(ctx context.Context, r *run.Run, trainer *robustvit.Trainer, p plan, listen Listener) error {
	start, first := time.Now(), trainer.Steps()
	if err := p.watch.look(first); err != nil {
		return err
	}
	var compiled time.Time
	for batch, err := range p.batches(ctx, first) {
		step := trainer.Steps()
		if err == nil {
			err = ctx.Err()
		}
		if err != nil {
			return stopped(ctx, err, step, p.steps)
		}
		event, err := p.step(r, trainer, batch)
		if err != nil {
			return err
		}
		event.Elapsed = time.Since(start)
		if compiled.IsZero() { // the first step compiles: it says nothing about the others
			compiled = time.Now()
		} else {
			event.Left = time.Duration(float64(time.Since(compiled)) / float64(event.Step-first-1) * float64(p.steps-event.Step))
		}
		if listen.Step != nil {
			listen.Step(event)
		}
	}
	if done := trainer.Steps(); done != p.steps {
		return stopped(ctx, fmt.Errorf("training ended after step %d of %d", done, p.steps), done, p.steps)
	}
	return nil
}

// step trains on one batch, logs it and saves where the plan says so, in this
// order: a step that is not finite is neither logged nor saved.
func (p plan) step(r *run.Run, trainer *robustvit.Trainer, batch *robustvit.Batch) (Event, error) {
	step := trainer.Steps()
	rate, epoch := p.rate(step), step/p.stepsPerEpoch
	losses, err := trainer.Step(batch, rate)
	if err != nil {
		return Event{}, p.named(step, err)
	}
	if err := r.Append(LogLine{step + 1, epoch, rate, losses}); err != nil {
		return Event{}, err
	}
	if err := p.watch.look(step + 1); err != nil {
		return Event{}, p.named(step, err)
	}
	saved := (step+1)%p.saveEvery == 0 || step+1 == p.steps
	if saved {
		if err := p.watch.settle(); err != nil {
			return Event{}, err
		}
		if err := save(r, trainer, p.checkpoint); err != nil {
			return Event{}, p.named(step, err)
		}
	}
	return Event{Step: step + 1, Steps: p.steps, Epoch: epoch, Epochs: p.epochs(), Rate: rate, Losses: losses, Saved: saved}, nil
}

// named adds rate and images to the error of a step that gave numbers which are
// not finite.
func (p plan) named(step int, err error) error {
	if fault, ok := errors.AsType[*robustvit.NotFiniteError](err); ok {
		fault.Rate, fault.Images = p.rate(step), p.images(step)
	}
	return err
}

// imagesOf are the files of one batch.
func imagesOf(d *data.Cache, p data.Plan, epoch, step int) (files []string) {
	order := p.Order(d, epoch)
	for _, i := range order[step*p.BatchSize : min((step+1)*p.BatchSize, len(order))] {
		files = append(files, d.File(i))
	}
	return files
}

// stopped explains an interruption; other errors pass.
func stopped(ctx context.Context, err error, step, steps int) error {
	if cause := context.Cause(ctx); cause != nil && (errors.Is(err, cause) || errors.Is(err, ctx.Err())) {
		return fmt.Errorf("stopped after step %d of %d; the same command goes on from the last checkpoint: %w", step, steps, cause)
	}
	return err
}

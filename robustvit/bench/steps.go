package bench

import (
	"context"
	"math/rand/v2"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
)

// works prepare the cases.
var works = map[string]func(w *Worker, t Task) (*work, error){
	"forward":           (*Worker).forward,
	"relevance":         (*Worker).relevance,
	"step-first-order":  func(w *Worker, t Task) (*work, error) { return w.step(t, robustvit.FirstOrder) },
	"step-second-order": func(w *Worker, t Task) (*work, error) { return w.step(t, robustvit.SecondOrder) },
	"compile":           (*Worker).compile,
	"evaluation":        (*Worker).evaluation,
	"page":              (*Worker).page,
	"load":              (*Worker).load,
	"tokencut":          (*Worker).tokencut,
}

// predictor is a model with random weights.
func (w *Worker) predictor(v robustvit.Variant, batch int) (*robustvit.Predictor, func(), error) {
	store, err := robustvit.NewStore(v, randomValues(v))
	if err != nil {
		return nil, nil, err
	}
	p, err := robustvit.NewPredictor(w.backend, v, store, batch)
	if err != nil {
		return nil, nil, err
	}
	return p, func() { p.Close(); store.Finalize() }, nil
}

func (w *Worker) forward(t Task) (*work, error) {
	p, end, err := w.predictor(t.Variant, t.Batch)
	if err != nil {
		return nil, err
	}
	images := randomBatch(t).Images
	return &work{t.Batch, func(context.Context) error { _, err := p.Logits(images, t.Batch); return err }, end}, nil
}

func (w *Worker) relevance(t Task) (*work, error) {
	p, end, err := w.predictor(t.Variant, t.Batch)
	if err != nil {
		return nil, err
	}
	images := randomBatch(t).Images
	return &work{t.Batch, func(context.Context) error { _, err := p.Explain(images, nil, t.Batch); return err }, end}, nil
}

// rate is the learning rate of the measured steps; it costs the same at any.
const rate = 1e-6

func (w *Worker) trainer(t Task, order robustvit.GradientOrder, values robustvit.Values) (*robustvit.Trainer, error) {
	objective := robustvit.Published()
	objective.Order = order
	return robustvit.NewTrainer(w.backend, t.Variant, values, objective, robustvit.DefaultAdamW(), t.Batch, t.Memory)
}

func (w *Worker) step(t Task, order robustvit.GradientOrder) (*work, error) {
	trainer, err := w.trainer(t, order, randomValues(t.Variant))
	if err != nil {
		return nil, err
	}
	if err := trainer.Compile(); err != nil {
		return nil, err
	}
	backend.Release() // as a finetuning does
	batch := randomBatch(t)
	return &work{t.Batch, func(context.Context) error { _, err := trainer.Step(batch, rate); return err }, trainer.Close}, nil
}

// compile makes a trainer anew for each call: a graph is compiled once only.
func (w *Worker) compile(t Task) (*work, error) {
	return &work{units: 1, call: func(context.Context) error {
		trainer, err := w.trainer(t, robustvit.FirstOrder, zeroValues(t.Variant))
		if err != nil {
			return err
		}
		defer trainer.Close()
		return trainer.Compile()
	}}, nil
}

// randomBatch is as many images, masks and labels as the task's batch.
func randomBatch(t Task) *robustvit.Batch {
	rng, pixels := rand.New(rand.NewPCG(1, 2)), t.Variant.ImageSize*t.Variant.ImageSize
	b := &robustvit.Batch{Images: make([]float32, t.Batch*3*pixels), Masks: make([]float32, t.Batch*pixels), Labels: make([]int32, t.Batch), N: t.Batch}
	for i := range b.Images {
		b.Images[i] = 2*rng.Float32() - 1
	}
	for i := range b.Masks {
		if rng.Float32() > 0.6 {
			b.Masks[i] = 1
		}
	}
	for i := range b.Labels {
		b.Labels[i] = rng.Int32N(int32(t.Variant.Outputs()))
	}
	return b
}

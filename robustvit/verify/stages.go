package verify

import (
	"fmt"
	"strings"

	"github.com/gomlx/compute"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/robustvit/workbench/robustvit"
)

// stageValue is one computed tensor under the name it has in the reference.
type stageValue struct {
	name, stage string
	data        []float32
	steps       int // AdamW steps behind it, 0 for everything else
}

type namedNode struct {
	name string
	node *Node
}

// compute runs every stage in the order of the computation.
func (ref *reference) compute(backend compute.Backend) ([]stageValue, error) {
	values, err := ref.forwardStages(backend)
	if err != nil {
		return nil, err
	}
	for _, order := range []struct {
		prefix string
		order  robustvit.GradientOrder
	}{{"grad.detached.", robustvit.FirstOrder}, {"grad.second.", robustvit.SecondOrder}} {
		gradients, err := ref.weightGradients(backend, order.prefix, order.order)
		if err != nil {
			return nil, err
		}
		values = append(values, gradients...)
	}
	baselines, err := ref.baselineStages(backend)
	if err != nil {
		return nil, err
	}
	steps, err := ref.optimizerSteps(backend)
	return append(append(values, baselines...), steps...), err
}

// forwardStages computes everything up to the loss in one graph.
func (ref *reference) forwardStages(backend compute.Backend) ([]stageValue, error) {
	return ref.run(backend, func(w robustvit.Weights, in inputs) []namedNode {
		v, trace := ref.variant, robustvit.Forward(ref.variant, w, in.images)
		nodes := []namedNode{{"embeddings", trace.Embeddings}}
		for i := range v.Depth {
			nodes = append(nodes, namedNode{fmt.Sprintf("attention.%d", i), trace.Attentions[i]},
				namedNode{fmt.Sprintf("block.%d", i), trace.Blocks[i]})
		}
		nodes = append(nodes, namedNode{"logits", trace.Logits})
		gradients := robustvit.AttentionGradients(trace, in.labels, robustvit.FirstOrder)
		rolled := robustvit.Rollout(v, trace, gradients, 0)
		for i := range v.Depth {
			nodes = append(nodes, namedNode{fmt.Sprintf("attention_gradient.%d", i), gradients[i]},
				namedNode{fmt.Sprintf("R.%d", i), rolled[i]})
		}
		low := robustvit.Relevance(v, trace, gradients, 0)
		predicted := ArgMax(trace.Logits, -1)
		ofPredicted := robustvit.Relevance(v, trace, robustvit.AttentionGradients(trace, predicted, robustvit.FirstOrder), 0)
		nodes = append(nodes, namedNode{"relevance_low", low}, namedNode{"relevance", robustvit.Map(v, low)},
			namedNode{"relevance_of_predicted", robustvit.Map(v, ofPredicted)})
		return append(nodes, ref.lossStages(trace, in)...)
	})
}

// lossStages are the scalars of Eq. 1-5.
func (ref *reference) lossStages(trace *robustvit.Trace, in inputs) []namedNode {
	terms := ref.objective.Loss(ref.variant, trace, in.loss())
	predicted := ref.objective
	predicted.Target = robustvit.PredictedTarget
	mean := func(x *Node) *Node { return ReduceAllSum(Mul(x, in.share)) }
	return []namedNode{
		{"loss_background", terms.Background}, {"loss_foreground", terms.Foreground},
		{"loss_confidence", terms.Class},
		{"loss_confidence_temperature_0.65", mean(robustvit.ConfidenceLoss(trace.Logits, 0.65))},
		{"loss_cross_entropy", mean(robustvit.CrossEntropy(trace.Logits, in.labels))},
		{"loss_total", terms.Total},
		{"loss_total_of_predicted", predicted.Loss(ref.variant, trace, in.loss()).Total},
	}
}

// weightGradients are the gradients of the total loss, under prefix + name.
func (ref *reference) weightGradients(backend compute.Backend, prefix string, order robustvit.GradientOrder) ([]stageValue, error) {
	objective := ref.objective
	objective.Order = order
	return ref.run(backend, func(w robustvit.Weights, in inputs) []namedNode {
		trace := robustvit.Forward(ref.variant, w, in.images)
		loss := objective.Loss(ref.variant, trace, in.loss()).Total
		return ref.gradientsOf(loss, w, prefix)
	})
}

// optimizerSteps are the weights after 1 and 5 AdamW steps on the batch.
func (ref *reference) optimizerSteps(backend compute.Backend) ([]stageValue, error) {
	initial, err := robustvit.NewValues(ref.variant, ref.weights)
	if err != nil {
		return nil, err
	}
	settings := ref.meta.AdamW
	optimizer := robustvit.AdamW{Beta1: settings.Betas[0], Beta2: settings.Betas[1], Epsilon: settings.Eps, WeightDecay: settings.Decay}
	trainer, err := robustvit.NewTrainer(backend, ref.variant, initial, ref.objective, optimizer, ref.batch.N, robustvit.Memory{})
	if err != nil {
		return nil, err
	}
	defer trainer.Close()
	var values []stageValue
	for step := 1; step <= 5; step++ {
		losses, err := trainer.Step(&ref.batch, settings.Rate)
		if err != nil {
			return nil, err
		}
		name := fmt.Sprintf("loss_total_before_step.%d", step)
		values = append(values, stageValue{name: name, stage: "loss_total_before_step", data: []float32{float32(losses.Total)}})
		if step != 1 && step != 5 {
			continue
		}
		weights, err := trainer.Weights()
		if err != nil {
			return nil, err
		}
		for _, spec := range ref.variant.WeightSpecs() {
			values = append(values, stageValue{name: fmt.Sprintf("adamw.%d.%s", step, spec.Name), stage: "adamw", data: weights[spec.Name], steps: step})
		}
	}
	return values, nil
}

// inputs are the graph nodes of the reference batch.
type inputs struct{ images, masks, labels, share *Node }

func (in inputs) loss() robustvit.LossInputs {
	return robustvit.LossInputs{Masks: in.masks, Labels: in.labels, Share: in.share}
}

// run executes one graph over the reference weights and batch.
func (ref *reference) run(backend compute.Backend, build func(robustvit.Weights, inputs) []namedNode) ([]stageValue, error) {
	values, err := robustvit.NewValues(ref.variant, ref.weights)
	if err != nil {
		return nil, err
	}
	store, err := robustvit.NewStore(ref.variant, values)
	if err != nil {
		return nil, err
	}
	defer store.Finalize()
	var names []string
	exec, err := model.NewExec(backend, store, func(scope *model.Scope, in []*Node) []*Node {
		names = nil
		var outputs []*Node
		for _, named := range build(robustvit.StoreWeights(scope.Store(), in[0].Graph()), inputs{in[0], in[1], in[2], in[3]}) {
			names = append(names, named.name)
			outputs = append(outputs, named.node)
		}
		return outputs
	})
	if err != nil {
		return nil, err
	}
	defer exec.Finalize()
	b, size := ref.batch.N, ref.variant.ImageSize
	share := make([]float32, b)
	for i := range share {
		share[i] = 1 / float32(b)
	}
	outputs, err := exec.Call(
		tensors.FromFlatDataAndDimensions(ref.batch.Images, b, 3, size, size),
		tensors.FromFlatDataAndDimensions(ref.batch.Masks, b, 1, size, size), ref.batch.Labels, share)
	if err != nil {
		return nil, err
	}
	result := make([]stageValue, len(outputs))
	for i, output := range outputs {
		data, err := tensors.CopyFlatData[float32](output)
		if err != nil {
			return nil, err
		}
		result[i] = stageValue{name: names[i], stage: stageOf(names[i]), data: data}
	}
	return result, nil
}

// stageOf is the name up to the layer or weight: "block.2" -> "block".
func stageOf(name string) string {
	for _, prefix := range []string{"grad.detached", "grad.second", "grad.gradmask", "grad.rrr"} {
		if strings.HasPrefix(name, prefix) {
			return prefix
		}
	}
	if strings.HasPrefix(name, "loss_") {
		return name
	}
	stage, _, _ := strings.Cut(name, ".")
	return stage
}

package verify

import (
	"strings"

	"github.com/gomlx/compute"
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/robustvit/workbench/robustvit"
)

// baselines are the methods of Eq. 9 and 10 under their names in the reference.
var baselines = []struct {
	name   string
	method robustvit.RelevanceMethod
}{{"gradmask", robustvit.GradMaskMethod}, {"rrr", robustvit.RRRMethod}}

// baselineStages are the baselines' input gradients, losses and gradients of
// the weights, where the reference has them: a gradient of a gradient is not
// asked of a model in vain.
func (ref *reference) baselineStages(backend compute.Backend) (values []stageValue, err error) {
	for _, b := range baselines {
		if !ref.holds(b.name) {
			continue
		}
		stages, err := ref.run(backend, func(w robustvit.Weights, in inputs) []namedNode {
			trace := robustvit.Forward(ref.variant, w, in.images)
			gradient := robustvit.InputGradient(trace, in.labels, b.method, robustvit.SecondOrder)
			background := robustvit.Background(in.masks, ref.objective.Masks)
			loss := ReduceAllSum(Mul(robustvit.InputGradientLoss(gradient, background), in.share))
			nodes := []namedNode{{b.name + "_input_gradient", gradient}, {"loss_" + b.name + "_mean_square", loss}}
			return append(nodes, ref.gradientsOf(loss, w, "grad."+b.name+".")...)
		})
		if err != nil {
			return nil, err
		}
		values = append(values, stages...)
	}
	return values, nil
}

// holds says whether the reference has a tensor of the baseline.
func (ref *reference) holds(baseline string) bool {
	for _, tensor := range ref.stages.Tensors {
		if strings.Contains(tensor.Name, baseline) {
			return true
		}
	}
	return false
}

// gradientsOf are the gradients of a scalar for each weight, under prefix + name.
func (ref *reference) gradientsOf(loss *Node, w robustvit.Weights, prefix string) []namedNode {
	specs := ref.variant.WeightSpecs()
	weights, nodes := make([]*Node, len(specs)), make([]namedNode, len(specs))
	for i, spec := range specs {
		weights[i] = w(spec.Name)
	}
	for i, gradient := range Gradient(loss, weights...) {
		nodes[i] = namedNode{prefix + specs[i].Name, gradient}
	}
	return nodes
}

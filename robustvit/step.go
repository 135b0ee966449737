package robustvit

import (
	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/ml/model"
)

// gradientPath is where the gradient of a weight adds up between two updates.
func gradientPath(name string) string { return "/gradient" + variablePath(name) }

// wholeGraph is the step at once: forward, loss, gradients, update. Its inputs
// end with share, rate and the two bias corrections.
func (t *Trainer) wholeGraph(loss lossFunc) func(*model.Scope, []*Node) []*Node {
	return func(scope *model.Scope, inputs []*Node) []*Node {
		last := len(inputs) - 4
		terms, gradients := t.gradients(scope.Store(), loss, inputs[:last+1])
		norm := t.apply(scope.Store(), gradients, inputs[last+1:])
		// One vector: a step asks the device for its numbers once.
		return []*Node{Concatenate([]*Node{terms, InsertAxes(norm, 0)}, 0)}
	}
}

// accumulateGraph adds the gradient of a part of the batch to what is there.
// Its inputs end with share and keep: 0 clears the sum first.
func (t *Trainer) accumulateGraph(loss lossFunc) func(*model.Scope, []*Node) []*Node {
	return func(scope *model.Scope, inputs []*Node) []*Node {
		last, store := len(inputs)-1, scope.Store()
		terms, gradients := t.gradients(store, loss, inputs[:last])
		for i, spec := range t.variant.WeightSpecs() {
			sum := store.GetVariable(gradientPath(spec.Name))
			sum.SetNodeValue(Add(Mul(sum.NodeValue(terms.Graph()), inputs[last]), gradients[i]))
		}
		return []*Node{terms}
	}
}

// updateGraph moves the weights by the gradient that has added up. Its inputs
// are the rate and the two bias corrections; it returns the gradient's norm.
func (t *Trainer) updateGraph() func(*model.Scope, []*Node) []*Node {
	return func(scope *model.Scope, at []*Node) []*Node {
		store := scope.Store()
		var gradients []*Node
		for _, spec := range t.variant.WeightSpecs() {
			gradients = append(gradients, store.GetVariable(gradientPath(spec.Name)).NodeValue(at[0].Graph()))
		}
		return []*Node{InsertAxes(t.apply(store, gradients, at), 0)}
	}
}

// gradients are the five terms of the loss [5] and its gradient for each
// weight, in the order of WeightSpecs. The inputs end with share.
func (t *Trainer) gradients(store *model.Store, loss lossFunc, inputs []*Node) (terms *Node, gradients []*Node) {
	last := len(inputs) - 1
	weights := StoreWeights(store, inputs[0].Graph())
	value := loss(store, t.forward(weights, inputs[0]), inputs[:last], inputs[last])
	var nodes []*Node
	for _, spec := range t.variant.WeightSpecs() {
		nodes = append(nodes, weights(spec.Name))
	}
	terms = Stack([]*Node{value.Background, value.Foreground, value.Relevance, value.Class, value.Total}, 0)
	return terms, Gradient(value.Total, nodes...)
}

// forward is the pass of a step. No loss reads what [ForwardPrefix] leaves out.
func (t *Trainer) forward(weights Weights, images *Node) *Trace {
	return network{variant: t.variant, weights: weights, prefixOnly: true, rematerialise: t.memory.Rematerialise, precision: t.memory.Precision}.forward(images)
}

// apply updates weights and running means and returns the global norm of the
// gradients before clipping. At is the rate and the two bias corrections.
func (t *Trainer) apply(store *model.Store, gradients []*Node, at []*Node) (norm *Node) {
	g := at[0].Graph()
	gradients, norm = t.optimizer.clip(gradients)
	for i, spec := range t.variant.WeightSpecs() {
		weight := store.GetVariable(variablePath(spec.Name))
		first, second := store.GetVariable(firstPath(spec.Name)), store.GetVariable(secondPath(spec.Name))
		old := weightState{weight.NodeValue(g), first.NodeValue(g), second.NodeValue(g)}
		now := t.optimizer.update(spec.Name, old, gradients[i], schedule{at[0], at[1], at[2]})
		weight.SetNodeValue(now.weight)
		first.SetNodeValue(now.first)
		second.SetNodeValue(now.second)
	}
	return norm
}

package robustvit

import (
	"fmt"
	"strings"

	. "github.com/gomlx/gomlx/core/graph"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
)

// WeightSpec is one weight: its timm name and its shape as stored in timm files
// (dense layers [out, in]).
type WeightSpec struct {
	Name  string
	Shape []int
}

// WeightSpecs lists the weights of the variant in timm's order.
func (v Variant) WeightSpecs() []WeightSpec {
	c := v.Width
	list := []WeightSpec{{"cls_token", []int{1, 1, c}}}
	if v.PrefixTokens == 2 {
		list = append(list, WeightSpec{"dist_token", []int{1, 1, c}})
	}
	list = append(list,
		WeightSpec{"pos_embed", []int{1, v.Tokens(), c}},
		WeightSpec{"patch_embed.proj.weight", []int{c, 3, v.Patch, v.Patch}},
		WeightSpec{"patch_embed.proj.bias", []int{c}})
	for i := range v.Depth {
		block := fmt.Sprintf("blocks.%d.", i)
		list = append(list,
			WeightSpec{block + "norm1.weight", []int{c}}, WeightSpec{block + "norm1.bias", []int{c}},
			WeightSpec{block + "attn.qkv.weight", []int{3 * c, c}}, WeightSpec{block + "attn.qkv.bias", []int{3 * c}},
			WeightSpec{block + "attn.proj.weight", []int{c, c}}, WeightSpec{block + "attn.proj.bias", []int{c}},
			WeightSpec{block + "norm2.weight", []int{c}}, WeightSpec{block + "norm2.bias", []int{c}},
			WeightSpec{block + "mlp.fc1.weight", []int{v.MLP, c}}, WeightSpec{block + "mlp.fc1.bias", []int{v.MLP}},
			WeightSpec{block + "mlp.fc2.weight", []int{c, v.MLP}}, WeightSpec{block + "mlp.fc2.bias", []int{c}})
	}
	list = append(list, WeightSpec{"norm.weight", []int{c}}, WeightSpec{"norm.bias", []int{c}})
	for _, head := range v.heads() {
		list = append(list, WeightSpec{head + ".weight", []int{v.Classes, c}}, WeightSpec{head + ".bias", []int{v.Classes}})
	}
	return list
}

// heads names the classifiers: a distilled DeiT averages two.
func (v Variant) heads() []string {
	switch {
	case v.Classes == 0:
		return nil
	case v.PrefixTokens == 2:
		return []string{"head", "head_dist"}
	default:
		return []string{"head"}
	}
}

// Weights gives the graph node of a weight by its timm name.
type Weights func(name string) *Node

// variablePath is where a weight lives in the store: '/' for timm's '.'.
func variablePath(name string) string { return "/" + strings.ReplaceAll(name, ".", "/") }

// StoreWeights reads the weights from the variables of the graph's store.
func StoreWeights(store *model.Store, g *Graph) Weights {
	return func(name string) *Node {
		variable := store.GetVariable(variablePath(name))
		if variable == nil {
			panic(fmt.Errorf("weight %q is not in the model", name))
		}
		return variable.NodeValue(g)
	}
}

// Values holds weights on the host: timm name -> float32 tensor.
type Values map[string]*tensors.Tensor

// NewStore puts the values into a store for the graphs to use. Every parameter
// of the variant must be there in its shape; the values are taken over.
func NewStore(v Variant, values Values) (*model.Store, error) {
	if err := v.Validate(); err != nil {
		return nil, err
	}
	store := model.NewStore()
	for _, parameter := range v.WeightSpecs() {
		value, ok := values[parameter.Name]
		if !ok {
			return nil, fmt.Errorf("model %q: weight %q is missing", v.Name, parameter.Name)
		}
		if got := value.Shape().Dimensions; !sameShape(got, parameter.Shape) {
			return nil, fmt.Errorf("model %q: weight %q has shape %v, expected %v", v.Name, parameter.Name, got, parameter.Shape)
		}
		if _, err := store.CreateVariable(variablePath(parameter.Name), value); err != nil {
			return nil, fmt.Errorf("model %q: weight %q: %w", v.Name, parameter.Name, err)
		}
	}
	return store, nil
}

func sameShape(a, b []int) bool {
	if len(a) != len(b) {
		return false
	}
	for i := range a {
		if a[i] != b[i] {
			return false
		}
	}
	return true
}

package weights

import (
	"fmt"
	"slices"
)

// qkvParts is the order in which timm stacks the three along axis 0.
var qkvParts = [3]string{"query", "key", "value"}

// qkvTensors collects query, key and value by the timm name of the tensor that they become.
type qkvTensors map[string]*[3]*Tensor

func (q qkvTensors) add(name string, part int, t Tensor) error {
	if q[name] == nil {
		q[name] = &[3]*Tensor{}
	}
	if q[name][part] != nil {
		return fmt.Errorf("weights names: found two tensors that both become the %s of %s, expected one; the file mixes two models", qkvParts[part], brief(name))
	}
	q[name][part] = &t
	return nil
}

// stack fuses each three, by name.
func (q qkvTensors) stack() ([]Tensor, error) {
	var out []Tensor
	for _, name := range sortedKeys(q) {
		t, err := fuse(name, q[name])
		if err != nil {
			return nil, err
		}
		out = append(out, t)
	}
	return out, nil
}

// fuse stacks q, k and v along axis 0: three [C, C] become [3C, C], three [C] become [3C].
func fuse(name string, parts *[3]*Tensor) (Tensor, error) {
	var out Tensor
	for i, part := range parts {
		if part == nil {
			return out, fmt.Errorf("weights names: tensor %s: found no %s part, expected query, key and value; the file is incomplete: download it again", name, qkvParts[i])
		}
		first := parts[0]
		if part.DType != first.DType || !slices.Equal(part.Shape, first.Shape) || len(part.Shape) == 0 {
			return out, fmt.Errorf("weights names: tensor %s: found %s of %s %v beside query of %s %v, expected three alike; the file is damaged: download it again",
				name, qkvParts[i], part.DType, part.Shape, first.DType, first.Shape)
		}
		out.Data = append(out.Data, part.Data...)
	}
	out.Name, out.DType = name, parts[0].DType
	out.Shape = slices.Clone(parts[0].Shape)
	out.Shape[0] *= 3
	return out, nil
}

// split undoes fuse.
func split(t Tensor, format string) ([]Tensor, error) {
	if len(t.Shape) == 0 || t.Shape[0]%3 != 0 || len(t.Data)%3 != 0 {
		return nil, fmt.Errorf("weights names: tensor %s: found shape %v, expected a first axis of 3 x width", brief(t.Name), t.Shape)
	}
	third := len(t.Data) / 3
	out := make([]Tensor, 3)
	for i, part := range qkvParts {
		shape := slices.Clone(t.Shape)
		shape[0] /= 3
		out[i] = Tensor{Name: fmt.Sprintf(format, part), DType: t.DType, Shape: shape, Data: t.Data[i*third : (i+1)*third : (i+1)*third]}
	}
	return out, nil
}

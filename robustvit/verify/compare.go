package verify

import (
	"fmt"
	"math"
	"strings"

	"github.com/robustvit/workbench/weights"
)

// compare measures one tensor against its reference. After AdamW some elements
// are noise ([reference.noise]): those are held to the steps that the optimizer
// may have taken in the other direction.
func (ref *reference) compare(value stageValue, want *weights.Tensor) (Row, error) {
	reference, err := want.Float32s()
	if err != nil {
		return Row{}, err
	}
	if len(reference) != len(value.data) {
		return Row{}, fmt.Errorf("%s holds %d values (shape %v), the method computes %d", value.name, len(reference), want.Shape, len(value.data))
	}
	noise, err := ref.noise(value)
	if err != nil {
		return Row{}, err
	}
	row := Row{Stage: value.stage, Name: value.name, Tolerance: Tolerance, OK: true}
	largest := 0.0
	for i, v := range reference {
		largest = max(largest, math.Abs(float64(v)))
		diff := math.Abs(float64(v) - float64(value.data[i]))
		if noise(i) {
			row.OK = row.OK && diff <= 2*float64(value.steps)*ref.meta.AdamW.Rate*1.01
			continue
		}
		if math.IsNaN(diff) || diff > row.MaxError {
			row.MaxError = diff
		}
	}
	row.Relative = row.MaxError
	if largest > 0 {
		row.Relative = row.MaxError / largest
	}
	row.OK = row.OK && row.Relative <= Tolerance
	return row, nil
}

// noise says which elements of a weight after AdamW depend on rounding alone.
// AdamW divides the gradient by its own size: an element whose gradient is
// below the tolerance of gradients takes steps of the rate's size in a
// direction that float32 does not know. The key third of qkv's bias, whose true
// gradient is zero, is such a part in every model.
func (ref *reference) noise(value stageValue) (func(i int) bool, error) {
	none := func(int) bool { return false }
	if value.steps == 0 {
		return none, nil
	}
	_, name, _ := strings.Cut(strings.TrimPrefix(value.name, "adamw."), ".") // adamw.5.NAME
	tensor, ok := ref.stages.Get("grad.detached." + name)
	if !ok {
		c := ref.variant.Width
		return func(i int) bool { return strings.HasSuffix(name, ".attn.qkv.bias") && i >= c && i < 2*c }, nil
	}
	gradient, err := tensor.Float32s()
	if err != nil || len(gradient) != len(value.data) {
		return none, err
	}
	largest := float32(0)
	for _, g := range gradient {
		largest = max(largest, g, -g)
	}
	return func(i int) bool { return max(gradient[i], -gradient[i]) <= Tolerance*largest }, nil
}

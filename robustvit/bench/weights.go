package bench

import (
	"encoding/binary"
	"fmt"
	"math"
	"math/rand/v2"
	"strings"

	"github.com/gomlx/compute/dtypes"
	"github.com/gomlx/compute/shapes"
	"github.com/gomlx/gomlx/core/tensors"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/weights"
)

// eachWeight draws the weights of a model one after the other: normalisation is
// the identity, all else is small and uniform.
func eachWeight(v robustvit.Variant, use func(spec robustvit.WeightSpec, values []float32)) {
	rng := rand.New(rand.NewPCG(uint64(v.Width), uint64(v.Depth)))
	for _, spec := range v.WeightSpecs() {
		n := 1
		for _, axis := range spec.Shape {
			n *= axis
		}
		values := make([]float32, n)
		scale := strings.Contains(spec.Name, "norm") && strings.HasSuffix(spec.Name, "weight")
		for i := range values {
			if scale {
				values[i] = 1
			} else {
				values[i] = (rng.Float32() - 0.5) / 14 // as wide as a normal draw of deviation 0.02
			}
		}
		use(spec, values)
	}
}

func randomValues(v robustvit.Variant) robustvit.Values {
	values := robustvit.Values{}
	eachWeight(v, func(spec robustvit.WeightSpec, flat []float32) {
		values[spec.Name] = tensors.FromFlatDataAndDimensions(flat, spec.Shape...)
	})
	return values
}

// zeroValues are weights that cost nothing to make.
func zeroValues(v robustvit.Variant) robustvit.Values {
	values := robustvit.Values{}
	for _, spec := range v.WeightSpecs() {
		values[spec.Name] = tensors.FromShape(shapes.Make(dtypes.Float32, spec.Shape...))
	}
	return values
}

// writeWeights writes the same weights as safetensors with timm's names.
func writeWeights(path string, v robustvit.Variant) error {
	file := &weights.File{Metadata: map[string]string{weights.MetadataModel: v.Name, weights.MetadataHeads: fmt.Sprint(v.Heads)}}
	eachWeight(v, func(spec robustvit.WeightSpec, flat []float32) {
		content := make([]byte, 0, 4*len(flat))
		for _, value := range flat {
			content = binary.LittleEndian.AppendUint32(content, math.Float32bits(value))
		}
		file.Tensors = append(file.Tensors, weights.Tensor{Name: spec.Name, DType: weights.F32, Shape: spec.Shape, Data: content})
	})
	return weights.Write(path, file)
}

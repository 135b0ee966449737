package finetune

import (
	"math"
	"math/rand/v2"
	"strings"

	"github.com/robustvit/workbench/robustvit"
)

// Initialise draws the weights of an untrained model as timm does: truncated
// normals of 0.02, the patch projection scaled to its fan-in, biases 0.
func Initialise(v robustvit.Variant, seed uint64) map[string][]float32 {
	rng := rand.New(rand.NewPCG(seed, 0x5eed))
	weights := map[string][]float32{}
	for _, spec := range v.WeightSpecs() {
		n := 1
		for _, d := range spec.Shape {
			n *= d
		}
		values, deviation := make([]float32, n), 0.0
		switch {
		case strings.Contains(spec.Name, "norm") && strings.HasSuffix(spec.Name, ".weight"):
			for i := range values {
				values[i] = 1
			}
		case spec.Name == "patch_embed.proj.weight":
			deviation = 1 / math.Sqrt(float64(n/spec.Shape[0]))
		case !strings.HasSuffix(spec.Name, ".bias"):
			deviation = 0.02
		}
		if deviation > 0 {
			for i := range values {
				values[i] = float32(deviation * truncatedNormal(rng))
			}
		}
		weights[spec.Name] = values
	}
	return weights
}

// truncatedNormal redraws beyond two deviations.
func truncatedNormal(rng *rand.Rand) float64 {
	for {
		if x := rng.NormFloat64(); math.Abs(x) <= 2 {
			return x
		}
	}
}

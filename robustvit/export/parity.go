package export

import (
	"fmt"
	"math"
	"math/rand/v2"
	"path/filepath"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/weights"
)

// parityImages is enough to meet every path of a model once.
const parityImages = 4

// ParityInputs are fixed normalised images [4, 3, h, w] for a model of this
// geometry: waves of several directions with noise, the same on any machine.
func ParityInputs(v robustvit.Variant) []float32 {
	size := v.ImageSize
	images := make([]float32, parityImages*3*size*size)
	noise := rand.New(rand.NewPCG(2022, 14))
	for i := range images {
		x, y := i%size, i/size%size
		channel, image := i/(size*size)%3, i/(3*size*size)
		wave := math.Sin(float64((image+1)*x+(channel+1)*y) * 2 * math.Pi / float64(size))
		// Rounded to halves of a byte, so that the last bit of sin does not matter.
		pixel := math.Round(2*(127.5+90*wave+60*(noise.Float64()-0.5))) / 2
		images[i] = (float32(pixel)/255 - v.Mean[channel]) / v.Std[channel]
	}
	return images
}

// ParityLogits are the logits [4, K] of the fixed images.
func ParityLogits(backend compute.Backend, m *pretrained.Model) ([]float32, error) {
	predictor, store, err := m.Predictor(backend, parityImages)
	if err != nil {
		return nil, err
	}
	defer store.Finalize()
	defer predictor.Close()
	return predictor.Logits(ParityInputs(m.Variant), parityImages)
}

// parity writes the fixed inputs and their logits beside the weights.
func (job Job) parity() error {
	logits, err := ParityLogits(job.Backend, job.Model)
	if err != nil {
		return fmt.Errorf("export to %q: parity logits: %w", job.Dir, err)
	}
	v := job.Model.Variant
	return weights.WriteParity(filepath.Join(job.Dir, weights.ParityFile),
		weights.Float32Tensor(weights.ParityInputs, []int{parityImages, 3, v.ImageSize, v.ImageSize}, ParityInputs(v)),
		weights.Float32Tensor(weights.ParityLogits, []int{parityImages, v.Outputs()}, logits))
}

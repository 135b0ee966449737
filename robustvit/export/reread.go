package export

import (
	"fmt"
	"path/filepath"
	"slices"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/weights"
)

// Reread loads an exported folder as a stranger would, by its files alone, runs
// the model on the inputs of the parity file and returns the largest difference
// from the logits in it: 0 where backend and machine are the same, rounding
// elsewhere. It is what the lines of [weights.WriteParity] do in Python.
func Reread(backend compute.Backend, dir string) (largest float64, err error) {
	m, err := pretrained.Open(dir)
	if err != nil {
		return 0, fmt.Errorf("reread: %w", err)
	}
	path := filepath.Join(dir, weights.ParityFile)
	file, err := weights.Read(path)
	if err != nil {
		return 0, fmt.Errorf("reread: %w", err)
	}
	values := map[string][]float32{}
	for i := range file.Tensors {
		if values[file.Tensors[i].Name], err = file.Tensors[i].Float32s(); err != nil {
			return 0, fmt.Errorf("reread %s: %w", path, err)
		}
	}
	inputs, want, v := values[weights.ParityInputs], values[weights.ParityLogits], m.Variant
	n := len(inputs) / (3 * v.ImageSize * v.ImageSize)
	if n < 1 || len(want) != n*v.Outputs() {
		return 0, fmt.Errorf("reread %s: found %d inputs and %d logits, expected those of %d outputs; export again", path, n, len(want), v.Outputs())
	}
	predictor, store, err := m.Predictor(backend, n)
	if err != nil {
		return 0, err
	}
	defer store.Finalize()
	defer predictor.Close()
	got, err := predictor.Logits(inputs, n)
	if err != nil {
		return 0, fmt.Errorf("reread %s: %w", dir, err)
	}
	for i, logit := range got {
		largest = slices.Max([]float64{largest, float64(logit - want[i]), float64(want[i] - logit)})
	}
	return largest, nil
}

package bench

import (
	"fmt"
	"os"
	"path/filepath"

	"github.com/robustvit/workbench/robustvit"
)

// provide writes what the task reads into the model's folder, unless an earlier
// task did.
func (t *Task) provide(dir string) error {
	t.Photos, t.Weights, t.Scratch = filepath.Join(dir, "photos"), filepath.Join(dir, "weights.safetensors"), dir
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return fmt.Errorf("bench: %w", err)
	}
	readsPhotos := t.Case == "evaluation" || t.Case == "page" || t.Case == "tokencut"
	if readsPhotos && !there(t.Photos) {
		if err := writePhotos(t.Photos, photoCount(t.Variant), t.Variant.ImageSize); err != nil {
			return err
		}
	}
	if (t.Case == "load" || t.Case == "page") && !there(t.Weights) {
		return writeWeights(t.Weights, t.Variant)
	}
	return nil
}

func there(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// photoCount keeps a pass of the evaluation to seconds: fewer photographs where
// an image costs more, 16 to 256, in eights.
func photoCount(v robustvit.Variant) int {
	return min(max(4<<30/(v.Tokens()*v.Width*v.Width*v.Depth), 16), 256) &^ 7
}

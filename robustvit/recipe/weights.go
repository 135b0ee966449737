package recipe

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/mainjob"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/weights"
)

// WeightsPath finds the weights where a run folder is named instead of a file:
// the run's own, or those of one model of a main job ("" = ours).
func WeightsPath(path, model string) (string, error) {
	if info, err := os.Stat(path); err != nil || !info.IsDir() {
		return path, nil // a file, an embedded model, or the reader's error
	}
	if _, err := os.Stat(filepath.Join(path, run.ConfigFile)); err != nil {
		return path, nil
	}
	if model == "" {
		model = mainjob.After
	}
	for _, file := range []string{filepath.Join(path, run.WeightsFile), filepath.Join(path, model, run.WeightsFile)} {
		if _, err := os.Stat(file); err == nil {
			return file, nil
		}
	}
	if weights.IsModelFolder(path) || weights.OtherFolder(path) != nil {
		return path, nil // a model folder has a config.json too, and that of another program its own error
	}
	return "", fmt.Errorf("run folder %s holds no %s: the run has not finished; run the same command again, it goes on", path, run.WeightsFile)
}

// OpenModel opens a weights file, a model folder, a run folder or an embedded model.
func OpenModel(source string) (*pretrained.Model, error) {
	path, err := WeightsPath(source, "")
	if err != nil {
		return nil, err
	}
	return pretrained.Open(path)
}

// OpenModels is [OpenModel] for several sources.
func OpenModels(sources ...string) ([]*pretrained.Model, error) {
	var models []*pretrained.Model
	for _, source := range sources {
		m, err := OpenModel(source)
		if err != nil {
			return nil, err
		}
		models = append(models, m)
	}
	return models, nil
}

// EvaluationBatch is how many images are evaluated at a time. By XLA on the
// processor fewer than four leave one core waiting for the other (a sixth of
// ViT-B's time) and more gain little; a stop waits for the batch, so that of
// the slower Go backend is smaller.
func EvaluationBatch(m *pretrained.Model, kind backend.Kind) int {
	work := m.Variant.Tokens() * m.Variant.Width * m.Variant.Depth
	least, most := 1, 3<<20
	switch kind {
	case backend.KindCUDA:
		most = 64 << 20
	case backend.KindCPU:
		least = 4
	}
	return min(max(most/max(work, 1), least), 50)
}

// Correct finds the training images that the model gets right.
func Correct(ctx context.Context, b compute.Backend, m *pretrained.Model, d data.Dataset, o CorrectOptions) (func(i int) bool, error) {
	predictor, store, err := m.Predictor(b, o.Batch)
	if err != nil {
		return nil, err
	}
	defer store.Finalize()
	defer predictor.Close()
	protocol, err := finetune.ProtocolOf(o.Protocol, m.Variant)
	if err != nil {
		return nil, err
	}
	records, err := evaluate.Records(ctx, predictor, d, protocol, o.Progress)
	if err != nil {
		return nil, err
	}
	return func(i int) bool { return records[i].Correct(1) }, nil
}

// CorrectOptions of [Correct].
type CorrectOptions struct {
	Batch    int
	Protocol string
	Progress evaluate.Progress
}

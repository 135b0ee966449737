package pool

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/masks"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
)

// tokenCut gives the training images masks that no person drew: those of the
// folder that the user named, else TokenCut's with the mask model's keys. As in
// the paper none is rejected, so the images are those of the annotated masks.
func (p *Pool) tokenCut(ctx context.Context, b *Base, train data.Dataset, c finetune.Config, keep func(int) bool) (data.Dataset, error) {
	if b.MaskDir != "" {
		return data.MasksFrom(train, b.MaskDir)
	}
	dir := filepath.Join(p.Dir, maskDir(b, c))
	defer p.hold(filepath.Base(dir))() // both arms with these masks may ask at the same time
	chosen, err := data.SelectTraining(train, c.Classes, c.PerClass, c.Seed, keep)
	if err != nil {
		return nil, err
	}
	job := masks.Job{
		Backend: p.Backend, Device: p.Device.Name, Model: maskModel(b), Images: data.Subset(train, chosen, ""), Source: b.Data.Name(),
		Dir: dir, Settings: masks.Defaults(masks.TokenCut),
	}
	job.Settings.Rule = masks.Rule{MaxArea: 1, MaxSides: 4}
	err = run.Patiently(ctx, p.waits, func() error {
		_, err := masks.Run(ctx, job)
		return err
	})
	if err != nil {
		return nil, err
	}
	return data.MasksFrom(train, dir)
}

// maskModel is the model whose keys TokenCut takes.
func maskModel(b *Base) *pretrained.Model {
	if b.MaskModel != nil {
		return b.MaskModel
	}
	return b.Model
}

// maskDir is the folder of TokenCut's masks for a setting, below the pool's.
func maskDir(b *Base, c finetune.Config) string {
	return fmt.Sprintf("masks-%s-%s-%d-%dx%d", b.Name, maskModel(b).SHA256[:8], c.Seed, len(c.Classes), c.PerClass)
}

package pool

import (
	"context"
	"fmt"
	"path/filepath"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/masks"
)

// tokenCut gives the training images masks that no person drew: those of the
// folder that the user named, else TokenCut's with the mask model's keys. As in
// the paper none is rejected, so the images are those of the annotated masks.
func (p *Pool) tokenCut(ctx context.Context, b *Base, train data.Dataset, c finetune.Config, keep func(int) bool) (data.Dataset, error) {
	if b.MaskDir != "" {
		return data.MasksFrom(train, b.MaskDir)
	}
	chosen, err := data.SelectTraining(train, c.Classes, c.PerClass, c.Seed, keep)
	if err != nil {
		return nil, err
	}
	model := b.MaskModel
	if model == nil {
		model = b.Model
	}
	settings := masks.Defaults(masks.TokenCut)
	settings.Rule = masks.Rule{MaxArea: 1, MaxSides: 4}
	dir := filepath.Join(p.Dir, fmt.Sprintf("masks-%s-%s-%d-%dx%d", b.Name, model.SHA256[:8], c.Seed, len(c.Classes), c.PerClass))
	defer p.hold(filepath.Base(dir))() // both arms with these masks may ask at the same time
	_, err = masks.Run(ctx, masks.Job{
		Backend: p.Backend, Device: p.Device.Name, Model: model, Images: data.Subset(train, chosen, ""), Source: b.Data.Name(),
		Dir: dir, Settings: settings,
	})
	if err != nil {
		return nil, err
	}
	return data.MasksFrom(train, dir)
}

package pool

import (
	"context"
	"fmt"
	"os"
	"path/filepath"

	"github.com/robustvit/workbench/robustvit/run"
)

// Made says whether Make has nothing left to do.
func (p *Pool) Made(s Spec) bool { return s.Finetune == nil || p.done(s) }

// Measured says whether a model's records on a set are there, or with maps
// those of its relevance maps.
func (p *Pool) Measured(s Spec, set string, maps bool) bool {
	if maps {
		set = mapsPrefix + set
	}
	_, err := os.Stat(filepath.Join(p.Path(s), run.RecordsName(set, recordModel)))
	return err == nil
}

// MaskFolder is the folder below Dir of the masks without labels that a spec's
// training makes, "" where it makes none. Specs with the same images share it.
func (p *Pool) MaskFolder(s Spec) (string, error) {
	b, err := p.Base(s.Base)
	if err != nil || s.Masks != TokenCut || s.Finetune == nil || b.MaskDir != "" {
		return "", err
	}
	return maskDir(b, *s.Finetune), nil
}

// Masks makes the masks without labels that a spec trains on, where they are not
// there yet.
func (p *Pool) Masks(ctx context.Context, s Spec) error {
	b, err := p.Base(s.Base)
	if err != nil {
		return err
	}
	if s.Masks != TokenCut || s.Finetune == nil {
		return fmt.Errorf("model %s does not train on masks by TokenCut", s.Folder())
	}
	_, err = p.job(ctx, b, s.Whole())
	return err
}

// MasksMade says whether a folder of masks is finished.
func (p *Pool) MasksMade(folder string) bool {
	_, err := os.Stat(filepath.Join(p.Dir, folder, run.DoneFile))
	return err == nil
}

// ValidationAtMost is the most images that a base's validation set may hold.
func ValidationAtMost(b *Base) int { return validationPerClass * b.Model.Variant.Classes }

package pool

import (
	"context"
	"path/filepath"

	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/run"
)

// Log is the finetuning's losses, a line a step.
func (p *Pool) Log(ctx context.Context, s Spec) ([]finetune.LogLine, error) {
	if _, err := p.Model(ctx, s.whole()); err != nil {
		return nil, err
	}
	r, err := run.Open(filepath.Join(p.Path(s.whole()), tunedDir))
	if err != nil {
		return nil, err
	}
	return run.ReadLines[finetune.LogLine](r, run.LogFile)
}

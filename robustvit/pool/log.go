package pool

import (
	"context"

	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/run"
)

// Log is the finetuning's losses, a line a step.
func (p *Pool) Log(ctx context.Context, s Spec) ([]finetune.LogLine, error) {
	if err := p.Make(ctx, s); err != nil {
		return nil, err
	}
	r, err := run.Open(p.tuned(s))
	if err != nil {
		return nil, err
	}
	return run.ReadLines[finetune.LogLine](r, run.LogFile)
}

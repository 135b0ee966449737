package notebook

import (
	"path/filepath"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/mainjob"
)

// MainListener shows a main job in the live view, with the heatmaps of the arm
// that is trained where the job is watched.
func (p *Progress) MainListener(job mainjob.Main) mainjob.Listener {
	arm := ""
	return mainjob.Listener{
		Phase: p.Phase, Count: p.Count, Note: p.Note,
		Step: func(name string, e finetune.Event) {
			if name != arm && job.Watch.Images > 0 {
				arm = name
				p.Maps(filepath.Join(job.Dir, arm))
			}
			p.training(e)
		},
	}
}

// TrainingListener shows one finetuning in the live view.
func (p *Progress) TrainingListener() finetune.Listener {
	return finetune.Listener{Step: p.training, Note: p.Note}
}

func (p *Progress) training(e finetune.Event) { p.Step(e.Step, e.Steps, terms(e.Losses)...) }

// terms are the parts of the loss that the objective has: without a relevance
// term the two relevance losses are constant and say nothing.
func terms(l robustvit.Losses) []Term {
	terms := []Term{{"loss", l.Total}, {"classification", l.Class}}
	if l.Relevance != 0 {
		terms = append(terms, Term{"background", l.Background}, Term{"foreground", l.Foreground})
	}
	return terms
}

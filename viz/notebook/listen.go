package notebook

import (
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/mainjob"
)

// Listener shows a main job in the live view.
func (p *Progress) Listener() mainjob.Listener {
	return mainjob.Listener{
		Phase: p.Phase, Count: p.Count, Note: p.Note,
		Step: func(_ string, e finetune.Event) { p.training(e) },
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

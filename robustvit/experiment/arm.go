package experiment

import (
	"strings"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
)

// Arm is one way to finetune a model: the method, a control or a baseline. All
// arms of a base train on the same images for the same steps.
type Arm struct {
	Name   string
	Title  string
	Note   string // what sets it apart
	Masks  string // source of masks, "" = annotated
	Choice Choice // whether validation images decide its setting
	change func(b *pool.Base, c *finetune.Config)
}

// Spec is the base finetuned this way, with further changes after the arm's own.
func (a Arm) Spec(b *pool.Base, further ...func(*finetune.Config)) pool.Spec {
	changes := append([]func(*finetune.Config){func(c *finetune.Config) { a.change(b, c) }}, further...)
	s := b.Tuned(append(changes, restrict)...)
	s.Masks = a.Masks
	return s
}

// Point is the arm as a point of an experiment.
func (a Arm) Point(b *pool.Base, further ...func(*finetune.Config)) Point {
	return Point{Name: b.Name + "-" + a.Name, Title: a.Title, Base: b, Spec: a.Spec(b, further...), Choice: a.Choice}
}

// restrict names the finetuned classes where the class term is over them alone;
// last, so that a change of the classes reaches it.
func restrict(c *finetune.Config) {
	if t := c.Objective.ClassTerm; t == robustvit.ConfidenceFinetuned || t == robustvit.TrueClassFinetuned {
		c.Objective.Finetuned = c.Classes
	}
}

// before is the pretrained model as a point.
func before(b *pool.Base) Point {
	return Point{Name: b.Name + "-original", Title: "original", Base: b, Spec: b.Before()}
}

// term sets the class term and takes the relevance loss away where alone.
func term(t robustvit.ClassTerm, alone bool) func(*pool.Base, *finetune.Config) {
	return func(_ *pool.Base, c *finetune.Config) {
		c.Objective.ClassTerm = t
		if alone {
			c.Objective.Relevance, c.Objective.Confidence = 0, 1
		}
	}
}

// publishedRate halves the scale model's rate: with the confidence over all of
// its few classes the full one forgets more (measured on design images). The
// paper's models keep their published rates.
func publishedRate(b *pool.Base, c *finetune.Config) {
	if b.Embedded {
		c.Rate /= 2
	}
}

// The method in both forms of its confidence term.
var (
	Published = Arm{Name: "published", Title: "ours, as published", Note: "Eq. 5, confidence over all classes", change: publishedRate}
	Ours      = Arm{Name: "ours", Title: "ours, finetuned classes", Note: "Eq. 5, confidence over the finetuned classes only: our departure, which leaves the logits of the other classes alone",
		change: term(robustvit.ConfidenceFinetuned, false)}
)

// Controls: the same images and steps without the relevance loss, and another
// hold on the predictions. The first two of each form are what a claim must beat.
var (
	CrossEntropy          = Arm{Name: "ce", Title: "cross-entropy", Note: "cross-entropy with the labels over all classes, no relevance loss", change: alone(robustvit.TrueClassAll)}
	CrossEntropyFinetuned = Arm{Name: "ce-finetuned", Title: "cross-entropy, finetuned classes", Note: "the same over the finetuned classes only", change: term(robustvit.TrueClassFinetuned, true)}
	Confidence            = Arm{Name: "confidence", Title: "confidence alone", Note: "Eq. 4 over all classes, no relevance loss", change: alone(robustvit.ConfidenceAll)}
	ConfidenceFinetuned   = Arm{Name: "confidence-finetuned", Title: "confidence alone, finetuned classes", Note: "Eq. 4 over the finetuned classes only, no relevance loss", change: term(robustvit.ConfidenceFinetuned, true)}
	KL                    = Arm{Name: "kl", Title: "ours, KL to the original", Note: "Eq. 3 with the divergence from the original's outputs in place of Eq. 4", change: term(robustvit.KLOriginal, false)}
)

// alone is a control of the published form, at its rate.
func alone(t robustvit.ClassTerm) func(*pool.Base, *finetune.Config) {
	return func(b *pool.Base, c *finetune.Config) {
		publishedRate(b, c)
		term(t, true)(b, c)
	}
}

// Masks that no person drew.
var (
	PublishedTokenCut = Arm{Name: "published-tokencut", Title: "ours, as published, TokenCut", Note: Published.Note + "; masks by TokenCut", Masks: pool.TokenCut, change: Published.change}
	OursTokenCut      = Arm{Name: "ours-tokencut", Title: "ours, finetuned classes, TokenCut", Note: Ours.Note + "; masks by TokenCut", Masks: pool.TokenCut, change: Ours.change}
)

// controlsOf are the controls that a claim about the arm must beat. Variants of
// the published form have its name at the front.
func controlsOf(a Arm) []Arm {
	if strings.HasPrefix(a.Name, Published.Name) {
		return []Arm{CrossEntropy, Confidence}
	}
	return []Arm{CrossEntropyFinetuned, ConfidenceFinetuned}
}

package pool

import (
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// Base is a pretrained model with the data and the setting that it is finetuned
// and measured in.
type Base struct {
	Name  string // short and unique, part of folder names: "vit"
	Title string // for tables: "ViT"
	Model *pretrained.Model
	Data  data.Collection
	// Finetune is the published method's setting with the classes of set A drawn.
	Finetune finetune.Config
	// Embedded says that this is the scale model's setting, not the paper's.
	Embedded bool
	// KeepCorrect trains on images that the model already gets right.
	KeepCorrect bool
	// MaskModel makes masks without labels; nil = the model itself.
	MaskModel *pretrained.Model
	// MaskDir is a folder with such masks, where they were made elsewhere.
	MaskDir string
	// Described is data.Describe(Data), which every spec carries; "" = asked each
	// time, and large sets take a while to list.
	Described string
}

// Before is the model as it was pretrained.
func (b *Base) Before() Spec {
	return Spec{Kind: "point", Base: b.Name, Weights: b.Model.SHA256, Data: b.describe(), Protocol: b.protocol()}
}

// Tuned is the model finetuned with the base's setting after change.
func (b *Base) Tuned(change ...func(*finetune.Config)) Spec {
	c := b.Finetune
	c.Objective.Finetuned = nil
	for _, each := range change {
		each(&c)
	}
	c.Weights, c.Data, c.Backend, c.SaveEvery = b.Model.SHA256, "", "", 0
	s := b.Before()
	s.KeepCorrect, s.Finetune = b.KeepCorrect, &c
	return s
}

func (b *Base) describe() string {
	if b.Described != "" {
		return b.Described
	}
	return data.Describe(b.Data)
}

func (b *Base) protocol() Protocol {
	return Protocol{b.Finetune.Protocol, b.Model.Variant.Mean, b.Model.Variant.Std}
}

// prepared is the protocol with the base's own numbers.
func (b *Base) prepared() (data.Protocol, error) {
	p, err := pretrained.ProtocolOf(b.Finetune.Protocol, b.Model.Variant)
	if err != nil {
		return p, fmt.Errorf("%s: %w", b.Title, err)
	}
	return p, nil
}

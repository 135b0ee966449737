package finetune

import (
	"errors"
	"fmt"
	"math"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// Config decides everything about a finetuning run; it is saved before the
// first step. The zero value is not usable: start from [Defaults].
type Config struct {
	Kind       string              `json:"kind"` // "finetune"
	Variant    robustvit.Variant   `json:"variant"`
	Weights    string              `json:"weights_sha256"`            // of the model before
	Data       string              `json:"data"`                      // name of the training set
	Manifest   string              `json:"manifest_sha256,omitempty"` // of the list of training images, where one was given
	Protocol   string              `json:"protocol"`                  // how images are normalised: paper, timm, native
	Prepared   data.Protocol       `json:"prepared"`                  // the protocol with the model's own numbers; its geometry is that of evaluation
	RotateEXIF bool                `json:"rotate_exif,omitempty"`     // image and mask are turned upright
	Classes    []int               `json:"classes"`                   // set A, the finetuned classes
	PerClass   int                 `json:"per_class"`                 // images of each
	Epochs     int                 `json:"epochs"`
	Batch      int                 `json:"batch"`
	Rate       float64             `json:"rate"`  // of the first epoch
	Decay      float64             `json:"decay"` // the rate is Rate * Decay^(epoch / 2)
	Seed       uint64              `json:"seed"`  // of the images, their order and their augmentation
	Augment    data.Augment        `json:"augment"`
	Objective  robustvit.Objective `json:"objective"`
	Optimizer  robustvit.AdamW     `json:"optimizer"`
	Memory     robustvit.Memory    `json:"memory,omitzero"`
	SaveEvery  int                 `json:"save_every"` // steps between checkpoints
	Backend    string              `json:"backend"`
	Devices    int                 `json:"devices,omitempty"` // among which each batch is divided; 0 is one
}

// Defaults is the published setting (Section 4 and Appendix D): 3 images a
// class, 50 epochs, batch 8, rate 3e-6 * 0.85^(epoch/2).
func Defaults(v robustvit.Variant) Config {
	return Config{
		Kind: "finetune", Variant: v, Protocol: "paper", PerClass: 3, Epochs: 50, Batch: 8, Rate: 3e-6, Decay: 0.85,
		Augment: data.Augment{Kind: data.AugmentCrop}, Objective: robustvit.Published(), Optimizer: robustvit.DefaultAdamW(), SaveEvery: 50,
	}
}

// Embedded is the setting of the embedded default: small images that are
// shifted instead of resized, 15 images a class, 10 epochs, rate 4e-5.
func Embedded(v robustvit.Variant) Config {
	c := Defaults(v)
	c.Protocol, c.Augment = "native", data.Augment{Kind: data.AugmentShift, Pixels: 4}
	c.PerClass, c.Epochs, c.Rate = 15, 10, 4e-5
	return c
}

// mayChange are the fields in which a resumed run may differ from its folder: a
// run that did not fit goes on in smaller parts.
var mayChange = []string{"epochs", "save_every", "backend", "devices", "memory.micro_batch", "memory.rematerialise"}

// Validate reports every fault at once, before anything is computed.
func (c Config) Validate() error {
	errs := []error{c.Variant.Validate(), c.Objective.Validate(c.Variant), c.Optimizer.Validate(), c.Augment.Validate(), c.Memory.Validate(c.Batch)}
	for _, field := range []struct {
		name  string
		value int
	}{{"images a class", c.PerClass}, {"epochs", c.Epochs}, {"batch", c.Batch}, {"steps between checkpoints", c.SaveEvery}} {
		if field.value < 1 {
			errs = append(errs, fmt.Errorf("%s %d must be at least 1", field.name, field.value))
		}
	}
	errs = append(errs, checkRate(c.Rate))
	if !(c.Decay > 0 && c.Decay <= 1) {
		errs = append(errs, fmt.Errorf("rate decay %g must be in (0, 1]", c.Decay))
	}
	if len(c.Classes) == 0 {
		errs = append(errs, errors.New("no class to finetune"))
	}
	for _, class := range c.Classes {
		if class < 0 || class >= c.Variant.Classes {
			errs = append(errs, fmt.Errorf("class %d is outside the model's 0 to %d", class, c.Variant.Classes-1))
		}
	}
	if _, err := data.ProtocolByName(c.Protocol); err != nil {
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("finetune: %w; correct the settings, nothing was begun", err)
	}
	return nil
}

// checkRate refuses what is 0 or infinite in the step's float32.
func checkRate(rate float64) error {
	if single := float32(rate); !(single > 0) || math.IsInf(float64(single), 1) {
		return fmt.Errorf("learning rate %g must be above 0 and within float32's range", rate)
	}
	return nil
}

// RateAt is the learning rate of an epoch: Rate * Decay^(epoch/2), in whole pairs of epochs.
func (c Config) RateAt(epoch int) float64 {
	return c.Rate * math.Pow(c.Decay, float64(epoch/2))
}

// ProtocolOf is [pretrained.ProtocolOf].
func ProtocolOf(name string, v robustvit.Variant) (data.Protocol, error) {
	return pretrained.ProtocolOf(name, v)
}

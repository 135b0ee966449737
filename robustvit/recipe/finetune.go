package recipe

import (
	"fmt"

	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/weights"
)

// Presets of [Preset].
const (
	PresetAuto     = "auto"     // by the image size
	PresetPaper    = "paper"    // finetune.Defaults
	PresetEmbedded = "embedded" // finetune.Embedded
)

// smallImage is the side in pixels below which a model counts as small: its
// images are shifted, not resized, and it needs a higher rate.
const smallImage = 128

// Preset is the named finetuning; embedded says which of the two it became. The
// paper's has the rate and the temperature that were published for the model,
// where it is one of the seven; other models take ViT-B's.
func Preset(name string, m *pretrained.Model) (config finetune.Config, embedded bool, err error) {
	embedded = name == PresetEmbedded || name == PresetAuto && m.Variant.ImageSize < smallImage
	switch {
	case embedded:
		return finetune.Embedded(m.Variant), true, nil
	case name == PresetPaper || name == PresetAuto:
		config = finetune.Defaults(m.Variant)
		if known, err := weights.LookupKnown(m.Variant.Name); err == nil && known.Rate > 0 {
			config.Rate, config.Objective.Temperature = known.Rate, known.Temperature
		}
		return config, false, nil
	}
	return config, false, fmt.Errorf("preset %q is not one of %s, %s, %s", name, PresetAuto, PresetPaper, PresetEmbedded)
}

// ProtocolName resolves "auto": what the weights were finetuned with, else native.
func ProtocolName(name string, m *pretrained.Model) string {
	if name != "auto" {
		return name
	}
	if protocol := m.File.Metadata["protocol"]; protocol != "" {
		return protocol
	}
	if m.Variant.ImageSize >= smallImage {
		return "paper"
	}
	return "native"
}

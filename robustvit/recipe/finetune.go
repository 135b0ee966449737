package recipe

import (
	"fmt"

	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pretrained"
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

// Preset is the named finetuning; embedded says which of the two it became.
func Preset(name string, m *pretrained.Model) (config finetune.Config, embedded bool, err error) {
	embedded = name == PresetEmbedded || name == PresetAuto && m.Variant.ImageSize < smallImage
	switch {
	case embedded:
		return finetune.Embedded(m.Variant), true, nil
	case name == PresetPaper || name == PresetAuto:
		return finetune.Defaults(m.Variant), false, nil
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

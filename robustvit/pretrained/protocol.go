package pretrained

import (
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
)

// ProtocolOf is the named protocol with what it takes from the model: nothing
// for paper, mean and deviation for native and squash, crop fraction and
// filter too for timm.
func ProtocolOf(name string, v robustvit.Variant) (data.Protocol, error) {
	protocol, err := data.ProtocolByName(name)
	if err != nil || name == data.Paper().Name { // the paper normalises every model with 0.5/0.5
		return protocol, err
	}
	protocol.Mean, protocol.Std = v.Mean, v.Std
	if protocol.Crop == 0 {
		return protocol, nil
	}
	if v.CropPct != 0 {
		protocol.Crop = v.CropPct
	}
	if !(protocol.Crop > 0 && protocol.Crop <= 1) {
		return protocol, fmt.Errorf("model %s: crop fraction %g, expected above 0 and at most 1; correct crop_pct in its config.json", v.Name, v.CropPct)
	}
	if v.Interpolation != "" {
		if err := protocol.Filter.UnmarshalText([]byte(v.Interpolation)); err != nil {
			return protocol, fmt.Errorf("model %s: %w", v.Name, err)
		}
	}
	switch v.CropMode {
	case "", "center":
	case "squash":
		protocol.Squash = true
	default:
		return protocol, fmt.Errorf("model %s: crop mode %q, expected center or squash; use protocol paper", v.Name, v.CropMode)
	}
	return protocol, nil
}

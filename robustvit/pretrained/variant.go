package pretrained

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/weights"
)

// leastCrop bounds the side that images are resized to: the model's, over this.
const leastCrop = 0.1

// variantOf joins what the tensors show with what the metadata say. Metadata
// that make no sense are an error: a default in their place would move every number.
func variantOf(g weights.Geometry, metadata map[string]string) (robustvit.Variant, error) {
	v := robustvit.Variant{
		Name: metadata[weights.MetadataModel], ImageSize: g.ImageSize, Patch: g.Patch, Width: g.Width, Depth: g.Depth,
		Heads: g.Heads, MLP: g.MLP, Classes: g.Classes, PrefixTokens: g.Prefix,
		Mean: [3]float32{0.5, 0.5, 0.5}, Std: [3]float32{0.5, 0.5, 0.5},
	}
	if v.Name == "" {
		v.Name = fmt.Sprintf("vit_width%d_depth%d_patch%d_%d", g.Width, g.Depth, g.Patch, g.ImageSize)
	}
	if strings.ContainsFunc(v.Name, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return v, fmt.Errorf("metadata key %q: found %.80q, expected printable text; correct the name in the file or its config.json", weights.MetadataModel, v.Name)
	}
	if known, err := robustvit.LookupVariant(v.Name); err == nil {
		v.Mean, v.Std = known.Mean, known.Std
	}
	if err := normalisation(&v, metadata); err != nil {
		return v, err
	}
	if text, there := metadata[weights.MetadataCrop]; there {
		var err error
		if v.CropPct, err = strconv.ParseFloat(text, 64); err != nil || !(v.CropPct >= leastCrop) {
			return v, fmt.Errorf("metadata key %q: found %.80q, expected a number from %g to 1; correct it in the file or in the config beside it", weights.MetadataCrop, text, leastCrop)
		}
	}
	v.Interpolation, v.CropMode = metadata[weights.MetadataFilter], metadata[weights.MetadataCropMode]
	return v, nil
}

// normalisation takes mean and deviation from the metadata where they are there.
func normalisation(v *robustvit.Variant, metadata map[string]string) error {
	for _, norm := range []struct {
		key   string
		to    *[3]float32
		above float64
	}{{weights.MetadataMean, &v.Mean, math.Inf(-1)}, {weights.MetadataStd, &v.Std, 0}} {
		text, there := metadata[norm.key]
		if !there {
			continue
		}
		three, ok := threeNumbers(text, norm.above)
		if !ok {
			return fmt.Errorf("metadata key %q: found %.80q, expected one number or three with commas, a deviation above 0; "+
				"correct it in the file or in the config beside it", norm.key, text)
		}
		*norm.to = three
	}
	return nil
}

// threeNumbers reads the channels' values, all finite and above a bound; one
// number stands for three.
func threeNumbers(text string, above float64) (three [3]float32, ok bool) {
	parts := strings.Split(text, ",")
	if len(parts) == 1 {
		parts = []string{text, text, text}
	}
	if len(parts) != 3 {
		return three, false
	}
	for i, part := range parts {
		value, err := strconv.ParseFloat(strings.TrimSpace(part), 32)
		if err != nil || math.IsInf(value, 0) || !(value > above) {
			return three, false
		}
		three[i] = float32(value)
	}
	return three, true
}

package pretrained

import (
	"errors"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/weights"
)

// variantOf is the geometry of the tensors with what the file's metadata say of
// the preprocessing. Numbers that make no sense are an error: a model that is
// shown wrong pixels gives results that look like results.
func variantOf(g weights.Geometry, metadata map[string]string) (robustvit.Variant, error) {
	v := robustvit.Variant{
		Name: metadata[weights.MetadataModel], ImageSize: g.ImageSize, Patch: g.Patch, Width: g.Width, Depth: g.Depth,
		Heads: g.Heads, MLP: g.MLP, Classes: g.Classes, PrefixTokens: g.Prefix,
		Mean: [3]float32{0.5, 0.5, 0.5}, Std: [3]float32{0.5, 0.5, 0.5},
	}
	if v.Name == "" {
		v.Name = fmt.Sprintf("vit_width%d_depth%d_patch%d_%d", g.Width, g.Depth, g.Patch, g.ImageSize)
	}
	if known, err := robustvit.LookupVariant(v.Name); err == nil {
		v.Mean, v.Std = known.Mean, known.Std
	}
	v.Interpolation, v.CropMode = metadata[weights.MetadataFilter], metadata[weights.MetadataCropMode]
	var errs []error
	for _, field := range []struct {
		key  string
		read func(text string) error
	}{
		{weights.MetadataMean, func(text string) error { return channels(text, &v.Mean, math.Inf(-1)) }},
		{weights.MetadataStd, func(text string) error { return channels(text, &v.Std, 0) }},
		{weights.MetadataCrop, func(text string) (err error) { v.CropPct, err = strconv.ParseFloat(text, 64); return err }},
	} {
		if text := metadata[field.key]; text != "" {
			if err := field.read(text); err != nil {
				errs = append(errs, fmt.Errorf("metadata %s %q: %w; correct it in the file it came from and convert again", field.key, text, err))
			}
		}
	}
	return v, errors.Join(errs...)
}

// channels reads a number for red, green and blue, or one for all of them.
func channels(text string, to *[3]float32, above float64) error {
	parts := strings.Split(text, ",")
	if len(parts) == 1 {
		parts = []string{text, text, text}
	}
	if len(parts) != len(to) {
		return fmt.Errorf("found %d numbers, expected one, or three with commas", len(parts))
	}
	for i, part := range parts {
		value, err := strconv.ParseFloat(strings.TrimSpace(part), 32)
		if err != nil || !(value > above) || math.IsInf(value, 0) {
			return fmt.Errorf("found %q, expected a number above %g", part, above)
		}
		to[i] = float32(value)
	}
	return nil
}

package robustvit

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
)

// Variant is the geometry of a Vision Transformer and the normalisation it was
// trained with. Names and sizes are timm's.
type Variant struct {
	Name      string `json:"name"`
	ImageSize int    `json:"image_size"` // pixels; images are square
	Patch     int    `json:"patch"`      // pixels a side
	Width     int    `json:"width"`      // C
	Depth     int    `json:"depth"`
	Heads     int    `json:"heads"`   // H
	MLP       int    `json:"mlp"`     // width of the hidden MLP layer
	Classes   int    `json:"classes"` // K; 0 for a headless model, whose logits are its CLS features
	// PrefixTokens is 1 (CLS) or 2 (CLS and DeiT's distillation token).
	PrefixTokens int `json:"prefix_tokens"`
	// Mean and Std of the pixel normalisation in [0,1] RGB (`timm` protocol).
	Mean [3]float32 `json:"mean"`
	Std  [3]float32 `json:"std"`
	// CropPct, Interpolation and CropMode are the rest of the model's own
	// preprocessing; zero values are timm's defaults: 0.9, bicubic, center.
	CropPct       float64 `json:"crop_pct,omitempty"`
	Interpolation string  `json:"interpolation,omitempty"`
	CropMode      string  `json:"crop_mode,omitempty"`
}

var (
	halfMean     = [3]float32{0.5, 0.5, 0.5}
	imagenetMean = [3]float32{0.485, 0.456, 0.406}
	imagenetStd  = [3]float32{0.229, 0.224, 0.225}
)

// size is one row of the table of variants.
type size struct {
	image, patch, width, depth, heads, classes int
	imagenetNorm                               bool
}

// variants is a constant table. The paper's seven models are the first seven rows.
var variants = map[string]size{
	"vit_base_patch16_224.orig_in21k_ft_in1k":    {224, 16, 768, 12, 12, 1000, false},
	"vit_large_patch16_224.orig_in21k_ft_in1k":   {224, 16, 1024, 24, 16, 1000, false},
	"vit_small_patch16_224.augreg_in21k_ft_in1k": {224, 16, 384, 12, 6, 1000, false},
	"vit_base_patch16_224.augreg_in21k_ft_in1k":  {224, 16, 768, 12, 12, 1000, false},
	"vit_large_patch16_224.augreg_in21k_ft_in1k": {224, 16, 1024, 24, 16, 1000, false},
	"deit_small_patch16_224.fb_in1k":             {224, 16, 384, 12, 6, 1000, true},
	"deit_base_patch16_224.fb_in1k":              {224, 16, 768, 12, 12, 1000, true},
	"deit_tiny_patch16_224.fb_in1k":              {224, 16, 192, 12, 3, 1000, true},
	"vit_tiny_patch16_224.augreg_in21k_ft_in1k":  {224, 16, 192, 12, 3, 1000, false},
	"vit_small_patch16_224.dino":                 {224, 16, 384, 12, 6, 0, true},
	"vit_small_patch8_224.dino":                  {224, 8, 384, 12, 6, 0, true},
	"vit_base_patch16_224.dino":                  {224, 16, 768, 12, 12, 0, true},
	"vit_base_patch8_224.dino":                   {224, 8, 768, 12, 12, 0, true},
	"vit_demo_patch8_64":                         {64, 8, 96, 4, 4, 20, false},
	"vit_demo_patch8_64.augreg":                  {64, 8, 96, 4, 4, 20, false},
	"vit_demo_patch8_64.c40":                     {64, 8, 96, 4, 4, 40, false},
	"vit_demo_patch8_64.c80":                     {64, 8, 96, 4, 4, 80, false},
	"deit_demo_patch8_64":                        {64, 8, 96, 4, 4, 20, false},
	"vit_mini_patch4_32":                         {32, 4, 128, 6, 4, 10, false},
}

// VariantNames lists the known variants in alphabetical order.
func VariantNames() []string { return slices.Sorted(maps.Keys(variants)) }

// LookupVariant finds a variant by its timm name; the part after the dot (the
// pretraining) may be left out where only one geometry bears the name.
func LookupVariant(name string) (Variant, error) {
	if row, ok := variants[name]; ok {
		return row.variant(name), nil
	}
	var found []string
	for _, known := range VariantNames() {
		if base, _, _ := strings.Cut(known, "."); base == name {
			found = append(found, known)
		}
	}
	if len(found) > 0 {
		return variants[found[0]].variant(name), nil
	}
	return Variant{}, fmt.Errorf("model %q is not known; known: %s", name, strings.Join(VariantNames(), ", "))
}

func (s size) variant(name string) Variant {
	v := Variant{
		Name: name, ImageSize: s.image, Patch: s.patch, Width: s.width, Depth: s.depth, Heads: s.heads,
		MLP: 4 * s.width, Classes: s.classes, PrefixTokens: 1, Mean: halfMean, Std: halfMean,
	}
	if s.imagenetNorm {
		v.Mean, v.Std = imagenetMean, imagenetStd
	}
	return v
}

// Grid is the number of patches along one side.
func (v Variant) Grid() int { return v.ImageSize / v.Patch }

// Patches is P, the number of patches of an image.
func (v Variant) Patches() int { return v.Grid() * v.Grid() }

// Tokens is N = prefix tokens + P.
func (v Variant) Tokens() int { return v.PrefixTokens + v.Patches() }

// Outputs is the width of the logits: K, or C for a headless model.
func (v Variant) Outputs() int {
	if v.Classes == 0 {
		return v.Width
	}
	return v.Classes
}

// maxSize keeps the products of sizes within an int.
const maxSize = 1 << 20

// Validate reports every fault of the geometry at once.
func (v Variant) Validate() error {
	var errs []error
	positive := []struct {
		name  string
		value int
	}{{"image size", v.ImageSize}, {"patch", v.Patch}, {"width", v.Width}, {"depth", v.Depth}, {"heads", v.Heads}, {"MLP width", v.MLP}}
	for _, field := range positive {
		if field.value <= 0 || field.value > maxSize {
			errs = append(errs, fmt.Errorf("%s %d must be above 0 and at most %d", field.name, field.value, maxSize))
		}
	}
	if len(errs) == 0 {
		if v.ImageSize%v.Patch != 0 {
			errs = append(errs, fmt.Errorf("image size %d must be a multiple of the patch %d", v.ImageSize, v.Patch))
		}
		if v.Width%v.Heads != 0 {
			errs = append(errs, fmt.Errorf("width %d must be a multiple of the heads %d", v.Width, v.Heads))
		}
	}
	if v.Classes < 0 {
		errs = append(errs, fmt.Errorf("classes %d must not be negative", v.Classes))
	}
	if v.PrefixTokens < 1 || v.PrefixTokens > 2 {
		errs = append(errs, fmt.Errorf("prefix tokens %d must be 1 (CLS) or 2 (CLS and distillation)", v.PrefixTokens))
	}
	if len(errs) > 0 {
		return fmt.Errorf("model %q: %w", v.Name, errors.Join(errs...))
	}
	return nil
}

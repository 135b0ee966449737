package bench

import (
	"strings"

	"github.com/robustvit/workbench/robustvit"
)

// models are short names of the variants that are measured; their weights are
// random: time does not depend on them.
var models = map[string]string{
	"demo":  "vit_demo_patch8_64",
	"tiny":  "vit_tiny_patch16_224.augreg_in21k_ft_in1k",
	"small": "vit_small_patch16_224.augreg_in21k_ft_in1k",
	"base":  "vit_base_patch16_224.augreg_in21k_ft_in1k",
	"large": "vit_large_patch16_224.augreg_in21k_ft_in1k",
}

// DefaultModels are measured where none are named; large only where asked for.
func DefaultModels(large bool) []string {
	if large {
		return []string{"demo", "tiny", "small", "base", "large"}
	}
	return []string{"demo", "tiny", "small", "base"}
}

// lookupModel finds a model by its short name or as a variant.
func lookupModel(name string) (robustvit.Variant, error) {
	if variant, ok := models[name]; ok {
		name = variant
	}
	return robustvit.LookupVariant(name)
}

// modelTitle is the model's name in tables: vit_base of vit_base_patch16_224.
func modelTitle(v robustvit.Variant) string {
	title, _, _ := strings.Cut(v.Name, "_patch")
	return title
}

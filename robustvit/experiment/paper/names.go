package paper

import "strings"

// published are the weights that the tables' models stand for, by timm's names.
var published = map[string]Model{
	"vit_base_patch16_224.orig_in21k_ft_in1k":    ViTB,
	"vit_large_patch16_224.orig_in21k_ft_in1k":   ViTL,
	"vit_small_patch16_224.augreg_in21k_ft_in1k": ARS,
	"vit_base_patch16_224.augreg_in21k_ft_in1k":  ARB,
	"vit_large_patch16_224.augreg_in21k_ft_in1k": ARL,
	"deit_small_patch16_224.fb_in1k":             DeiTS,
	"deit_base_patch16_224.fb_in1k":              DeiTB,
}

// embedded are the small models that ship with the program, by their names and
// variants, with the base model of their family: its numbers stand beside theirs
// to compare directions, not sizes.
var embedded = map[string]Model{
	"vit": ViTB, "augreg": ARB, "deit": DeiTB,
	"vit-seed1": ViTB, "vit-seed2": ViTB, "vit40": ViTB, "vit80": ViTB,
	"vit_demo_patch8_64": ViTB, "vit_demo_patch8_64.augreg": ARB, "deit_demo_patch8_64": DeiTB,
	"vit_demo_patch8_64.c40": ViTB, "vit_demo_patch8_64.c80": ViTB,
}

// ModelOf is the paper's model behind a name: "AR-S", timm's name of its weights,
// or an embedded model ("demo:vit") or its variant. same says that the weights
// are the paper's, so that numbers can be compared; for an embedded model only
// the family is the same.
func ModelOf(name string) (model Model, same, ok bool) {
	for _, m := range models {
		if strings.EqualFold(name, string(m)) {
			return m, true, true
		}
	}
	if m, known := published[name]; known {
		return m, true, true
	}
	m, known := embedded[strings.TrimPrefix(name, "demo:")]
	return m, false, known
}

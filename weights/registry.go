package weights

import (
	"fmt"
	"strings"
)

// Known is a published model that the workbench knows by name. Its sizes and
// normalisation stand in the table of variants (robustvit.LookupVariant), here
// is what that table does not say.
type Known struct {
	Name    string   `json:"name"`              // timm's, with the tag of the pretraining
	Paper   string   `json:"paper,omitempty"`   // name in the RobustViT paper, "" for others
	Aliases []string `json:"aliases,omitempty"` // further names that LookupKnown takes

	// Of the `timm` protocol: crop side over short side, and resize filter.
	Crop          float64 `json:"crop"`
	Interpolation string  `json:"interpolation"`

	Repo string `json:"repo"`          // on the hub
	File string `json:"file"`          // in the repository
	JAX  string `json:"jax,omitempty"` // the original checkpoint, below gs://vit_models/

	// Of the paper's finetuning as released: rate of the first epoch, and
	// temperature of the confidence loss. 0 for models that it does not have.
	Rate        float64 `json:"rate,omitempty"`
	Temperature float64 `json:"temperature,omitempty"`

	Source  string `json:"source"` // who trained it
	Licence string `json:"licence"`
	Note    string `json:"note,omitempty"`
}

const (
	apache    = "Apache-2.0"
	bySteiner = "Steiner et al. 2021, AugReg (google-research/vision_transformer)"
	byViT     = "Dosovitskiy et al. 2020, ViT (google-research/vision_transformer)"
	byDeiT    = "Touvron et al. 2020, DeiT (facebookresearch/deit)"
	byDINO    = "Caron et al. 2021, DINO (facebookresearch/dino)"
	headless  = "no classifier: features and attention only"
)

// known is a constant table: the paper's seven in the paper's order, then the rest.
var known = []Known{
	{Name: "vit_base_patch16_224.orig_in21k_ft_in1k", Paper: "ViT-B", Rate: 3e-6, Temperature: 1, Source: byViT},
	{Name: "vit_large_patch16_224.orig_in21k_ft_in1k", Paper: "ViT-L", Rate: 9e-7, Temperature: 1, Source: byViT,
		Aliases: []string{"jx_vit_large_p16_224"}, Repo: "google/vit-large-patch16-224", File: "pytorch_model.bin",
		Note: "timm has no hub entry for it: this is transformers' checkpoint, to be converted; a local jx_vit_large_p16_224 .pth converts as well"},
	{Name: "vit_small_patch16_224.augreg_in21k_ft_in1k", Paper: "AR-S", Rate: 2e-6, Temperature: 1, Source: bySteiner,
		JAX: "augreg/S_16-i21k-300ep-lr_0.001-aug_light1-wd_0.03-do_0.0-sd_0.0--imagenet2012-steps_20k-lr_0.03-res_224.npz"},
	{Name: "vit_base_patch16_224.augreg_in21k_ft_in1k", Paper: "AR-B", Rate: 6e-7, Temperature: 1, Source: bySteiner,
		JAX: "augreg/B_16-i21k-300ep-lr_0.001-aug_medium1-wd_0.1-do_0.0-sd_0.0--imagenet2012-steps_20k-lr_0.01-res_224.npz"},
	{Name: "vit_large_patch16_224.augreg_in21k_ft_in1k", Paper: "AR-L", Rate: 9e-7, Temperature: 1, Source: bySteiner,
		JAX: "augreg/L_16-i21k-300ep-lr_0.001-aug_medium1-wd_0.1-do_0.1-sd_0.1--imagenet2012-steps_20k-lr_0.01-res_224.npz"},
	{Name: "deit_small_patch16_224.fb_in1k", Paper: "DeiT-S", Rate: 1e-6, Temperature: 0.55, Source: byDeiT},
	{Name: "deit_base_patch16_224.fb_in1k", Paper: "DeiT-B", Rate: 8e-7, Temperature: 0.65, Source: byDeiT},
	{Name: "vit_tiny_patch16_224.augreg_in21k_ft_in1k", Aliases: []string{"AR-Ti"}, Source: bySteiner,
		JAX: "augreg/Ti_16-i21k-300ep-lr_0.001-aug_none-wd_0.03-do_0.0-sd_0.0--imagenet2012-steps_20k-lr_0.03-res_224.npz"},
	{Name: "deit_tiny_patch16_224.fb_in1k", Aliases: []string{"DeiT-Ti"}, Source: byDeiT},
	{Name: "vit_small_patch16_224.dino", Aliases: []string{"DINO-S/16", "dino_vits16"}, Source: byDINO, Note: headless},
	{Name: "vit_small_patch8_224.dino", Aliases: []string{"DINO-S/8", "dino_vits8"}, Source: byDINO, Note: headless},
	{Name: "vit_base_patch16_224.dino", Aliases: []string{"DINO-B/16", "dino_vitb16"}, Source: byDINO, Note: headless + "; TokenCut's masks come from it"},
	{Name: "vit_base_patch8_224.dino", Aliases: []string{"DINO-B/8", "dino_vitb8"}, Source: byDINO, Note: headless},
}

// complete fills in what all models share: timm evaluates each at a crop of
// 0.9, bicubic, and keeps them under its own names on the hub.
func (k Known) complete() Known {
	k.Crop, k.Interpolation, k.Licence = 0.9, "bicubic", apache
	if k.Repo == "" {
		k.Repo, k.File = "timm/"+k.Name, modelFile
	}
	return k
}

// KnownModels lists the registry: the paper's seven models first.
func KnownModels() []Known {
	all := make([]Known, len(known))
	for i, k := range known {
		all[i] = k.complete()
	}
	return all
}

// LookupKnown finds a model by timm's name, the paper's name or an alias,
// whatever the case.
func LookupKnown(name string) (Known, error) {
	var names []string
	for _, k := range known {
		for _, own := range append([]string{k.Name, k.Paper}, k.Aliases...) {
			if own != "" && strings.EqualFold(own, name) {
				return k.complete(), nil
			}
		}
		names = append(names, k.Name)
	}
	return Known{}, fmt.Errorf("model %s is not in the registry; known: %s, and the paper's names (robustvit weights list)", brief(name), strings.Join(names, ", "))
}

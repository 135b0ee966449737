package weights

import (
	"fmt"
	"regexp"
	"strconv"
	"strings"
)

// layerNormEpsilon is the epsilon of every LayerNorm of the models here.
const layerNormEpsilon = 1e-6

// timmArchitecture names the architectures that timm registers.
var timmArchitecture = regexp.MustCompile(`^(vit_(tiny|small|base|large)_patch(8|14|16|32)_(224|384)|deit_(tiny|small|base)(_distilled)?_patch16_(224|384))$`)

// timmBase is the architecture under which timm builds the model. timm takes
// the sizes from model_args, so an own model goes under the nearest name of the same kind.
func timmBase(architecture string, distilled bool) string {
	base, _, _ := strings.Cut(architecture, ".") // vit_base_patch16_224.augreg: the tag names weights
	switch {
	case timmArchitecture.MatchString(base) && strings.Contains(base, "_distilled") == distilled:
		return base
	case distilled:
		return "deit_base_distilled_patch16_224"
	}
	return "vit_base_patch16_224"
}

// timmConfig is config.json as timm's local-dir and hub readers take it.
func timmConfig(f *File, info ExportInfo) map[string]any {
	_, distilled := f.Get("dist_token")
	_, bias := f.Get("blocks.0.attn.qkv.bias")
	var classifier any = "head"
	if distilled {
		classifier = []string{"head", "head_dist"}
	}
	config := map[string]any{
		"architecture": timmBase(info.Architecture, distilled),
		"num_classes":  info.Classes,
		"num_features": info.Width,
		"global_pool":  "token",
		"model_args": map[string]any{
			"img_size": info.ImageSize, "patch_size": info.Patch, "embed_dim": info.Width, "depth": info.Depth,
			"num_heads": info.Heads, "mlp_ratio": mlpRatio(info), "qkv_bias": bias,
		},
		"pretrained_cfg": map[string]any{
			"custom_load": false, "input_size": []int{3, info.ImageSize, info.ImageSize}, "fixed_input_size": true,
			"interpolation": info.Interpolation, "crop_pct": info.CropPct, "crop_mode": info.CropMode(),
			"mean": decimals(info.Mean), "std": decimals(info.Std),
			"num_classes": info.Classes, "pool_size": nil, "first_conv": "patch_embed.proj", "classifier": classifier,
		},
	}
	if len(info.ClassNames) > 0 {
		config["label_names"] = info.ClassNames
	}
	return config
}

// mlpRatio is the factor that gives back the MLP's width when timm truncates width * ratio.
func mlpRatio(info ExportInfo) float64 {
	ratio := float64(info.MLP) / float64(info.Width)
	if int(float64(info.Width)*ratio) != info.MLP {
		ratio += 1e-9
	}
	return ratio
}

// transformersConfig is config.json of ViTForImageClassification, or of DeiT with a teacher.
func transformersConfig(f *File, info ExportInfo) map[string]any {
	_, distilled := f.Get("dist_token")
	_, bias := f.Get("blocks.0.attn.qkv.bias")
	kind, class := "vit", "ViTForImageClassification"
	switch {
	case distilled:
		kind, class = "deit", "DeiTForImageClassificationWithTeacher"
	case info.Classes == 0:
		class = "ViTModel"
	}
	config := map[string]any{
		"architectures": []string{class}, "model_type": kind,
		"hidden_size": info.Width, "num_hidden_layers": info.Depth, "num_attention_heads": info.Heads,
		"intermediate_size": info.MLP, "image_size": info.ImageSize, "patch_size": info.Patch, "num_channels": 3,
		"hidden_act": "gelu", "layer_norm_eps": layerNormEpsilon, "qkv_bias": bias,
		"hidden_dropout_prob": 0.0, "attention_probs_dropout_prob": 0.0, "initializer_range": 0.02,
		"encoder_stride": info.Patch,
	}
	if info.Classes > 0 {
		labels, numbers := map[string]string{}, map[string]int{}
		for i := range info.Classes {
			name := fmt.Sprintf("LABEL_%d", i)
			if len(info.ClassNames) > 0 {
				name = info.ClassNames[i]
			}
			labels[strconv.Itoa(i)], numbers[name] = name, i
		}
		config["id2label"], config["label2id"] = labels, numbers
	}
	return config
}

// transformersPreprocess is preprocessor_config.json. CLIP's image processor
// resizes the short side and cuts the centre; DeiT's squashes first; ViT's
// squashes to the model's side and cuts nothing.
func transformersPreprocess(info ExportInfo) map[string]any {
	const bilinear, bicubic = 2, 3 // Pillow's numbers
	resample := bilinear
	if info.Interpolation == "bicubic" {
		resample = bicubic
	}
	square := func(side int) map[string]int { return map[string]int{"height": side, "width": side} }
	resized := int(float64(info.ImageSize) / info.CropPct)
	config := map[string]any{
		"image_processor_type": "CLIPImageProcessor",
		"do_resize":            true, "size": map[string]int{"shortest_edge": resized}, "resample": resample,
		"do_center_crop": true, "crop_size": square(info.ImageSize),
		"do_rescale": true, "rescale_factor": 1.0 / 255,
		"do_normalize": true, "image_mean": decimals(info.Mean), "image_std": decimals(info.Std),
	}
	switch {
	case info.Squash && resized == info.ImageSize:
		config["image_processor_type"], config["size"] = "ViTImageProcessor", square(resized)
		delete(config, "do_center_crop")
		delete(config, "crop_size")
	case info.Squash:
		config["image_processor_type"], config["size"] = "DeiTImageProcessor", square(resized)
	}
	return config
}

// CropMode is timm's word for the geometry.
func (info ExportInfo) CropMode() string {
	if info.Squash {
		return "squash"
	}
	return "center"
}

// decimals turns float32 into the float64 of the same short decimal: 0.485, not 0.48500001430511475.
func decimals(values [3]float32) []float64 {
	out := make([]float64, 3)
	for i, v := range values {
		out[i], _ = strconv.ParseFloat(strconv.FormatFloat(float64(v), 'g', -1, 32), 64)
	}
	return out
}

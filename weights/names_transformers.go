package weights

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// outerNames pairs the names outside the blocks, transformers' model prefix removed.
var outerNames = [][2]string{ // transformers, timm
	{"embeddings.cls_token", "cls_token"},
	{"embeddings.distillation_token", "dist_token"},
	{"embeddings.position_embeddings", "pos_embed"},
	{"embeddings.patch_embeddings.projection.weight", "patch_embed.proj.weight"},
	{"embeddings.patch_embeddings.projection.bias", "patch_embed.proj.bias"},
	{"layernorm.weight", "norm.weight"},
	{"layernorm.bias", "norm.bias"},
	{"classifier.weight", "head.weight"},
	{"classifier.bias", "head.bias"},
	{"cls_classifier.weight", "head.weight"}, // DeiT with a teacher has two heads
	{"cls_classifier.bias", "head.bias"},
	{"distillation_classifier.weight", "head_dist.weight"},
	{"distillation_classifier.bias", "head_dist.bias"},
}

// blockNames pairs the modules inside a block, q, k and v aside. The last rows
// are what transformers 5 calls them in memory, and so in a state dict: its
// save_pretrained still writes the names above, and so do we.
var blockNames = [][2]string{ // transformers, timm
	{"attention.output.dense", "attn.proj"},
	{"layernorm_before", "norm1"},
	{"layernorm_after", "norm2"},
	{"intermediate.dense", "mlp.fc1"},
	{"output.dense", "mlp.fc2"},
	{"attention.o_proj", "attn.proj"},
	{"mlp.fc1", "mlp.fc1"},
	{"mlp.fc2", "mlp.fc2"},
}

var (
	layerName = regexp.MustCompile(`^(?:encoder\.layer|layers)\.(\d+)\.(.+)\.(weight|bias)$`)
	blockName = regexp.MustCompile(`^blocks\.(\d+)\.(.+)\.(weight|bias)$`)
	qkvName   = regexp.MustCompile(`^attention\.(?:attention\.(query|key|value)|([qkv])_proj)$`)
)

// fromTransformers renames tensor by tensor; the pooler, which no classifier
// of the field uses, is left out and named in the metadata.
func fromTransformers(f *File) (*File, error) {
	out := &File{Metadata: f.Metadata}
	fused := qkvTensors{}
	var dropped []string
	for _, t := range f.Tensors {
		name := strings.TrimPrefix(strings.TrimPrefix(t.Name, "vit."), "deit.")
		if strings.HasPrefix(name, "pooler.") {
			dropped = append(dropped, t.Name)
			continue
		}
		if layer := layerName.FindStringSubmatch(name); layer != nil {
			if which := qkvName.FindStringSubmatch(layer[2]); which != nil {
				part := slices.IndexFunc(qkvParts[:], func(part string) bool { return part == which[1] || part[:1] == which[2] })
				if err := fused.add("blocks."+layer[1]+".attn.qkv."+layer[3], part, t); err != nil {
					return nil, err
				}
				continue
			}
		}
		timm, ok := timmName(name)
		if !ok {
			return nil, fmt.Errorf("weights names: found tensor %s, expected the names of transformers' ViT or DeiT; "+
				"only these two models are converted", brief(t.Name))
		}
		t.Name = timm
		out.Tensors = append(out.Tensors, t)
	}
	stacked, err := fused.stack()
	if err != nil {
		return nil, err
	}
	out.Tensors = append(out.Tensors, stacked...)
	out.Metadata = withLeftOut(out.Metadata, dropped)
	return out, nil
}

func timmName(name string) (string, bool) {
	for _, pair := range outerNames {
		if name == pair[0] {
			return pair[1], true
		}
	}
	if layer := layerName.FindStringSubmatch(name); layer != nil {
		for _, pair := range blockNames {
			if layer[2] == pair[0] {
				return "blocks." + layer[1] + "." + pair[1] + "." + layer[3], true
			}
		}
	}
	return "", false
}

// ToTransformers returns f in the names of transformers' ViTForImageClassification,
// or of DeiTForImageClassificationWithTeacher where f has a distillation token.
func ToTransformers(f *File) (*File, error) {
	timm, err := ToTimm(f)
	if err != nil {
		return nil, err
	}
	_, distilled := timm.Get("dist_token")
	out := &File{Metadata: timm.Metadata}
	for _, t := range timm.Tensors {
		if block := blockName.FindStringSubmatch(t.Name); block != nil && block[2] == "attn.qkv" {
			split, err := split(t, "encoder.layer."+block[1]+".attention.attention.%s."+block[3])
			if err != nil {
				return nil, err
			}
			out.Tensors = append(out.Tensors, split...)
			continue
		}
		name, ok := transformersName(t.Name, distilled)
		if !ok {
			return nil, fmt.Errorf("weights names: found tensor %s, for which transformers' ViT and DeiT have no place; export it in timm names", brief(t.Name))
		}
		t.Name = name
		out.Tensors = append(out.Tensors, t)
	}
	model := "vit."
	if distilled {
		model = "deit."
	}
	for i, t := range out.Tensors {
		if !strings.Contains(t.Name, "classifier.") { // the heads lie outside the model
			out.Tensors[i].Name = model + t.Name
		}
	}
	return ordered(out)
}

func transformersName(name string, distilled bool) (string, bool) {
	for _, pair := range outerNames {
		teacher := strings.HasPrefix(pair[0], "cls_")
		plain := strings.HasPrefix(pair[0], "classifier.")
		if name == pair[1] && !(teacher && !distilled) && !(plain && distilled) {
			return pair[0], true
		}
	}
	if block := blockName.FindStringSubmatch(name); block != nil {
		for _, pair := range blockNames {
			if block[2] == pair[1] {
				return "encoder.layer." + block[1] + "." + pair[0] + "." + block[3], true
			}
		}
	}
	return "", false
}

package weights

import (
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// Naming is a convention for the names of a ViT's tensors.
type Naming string

// The conventions that are told apart.
const (
	Timm         Naming = "timm"         // blocks.0.attn.qkv.weight
	Transformers Naming = "transformers" // vit.encoder.layer.0.attention.attention.query.weight
	UnknownNames Naming = ""
)

// DetectNaming tells the convention from the names, wrapper prefixes aside.
func DetectNaming(f *File) Naming {
	for _, t := range unwrap(f).Tensors {
		switch {
		case transformersMark.MatchString(t.Name):
			return Transformers
		case timmMark.MatchString(t.Name):
			return Timm
		}
	}
	return UnknownNames
}

var (
	transformersMark = regexp.MustCompile(`^(vit\.|deit\.)?(encoder\.layer\.\d+\.|embeddings\.patch_embeddings\.)`)
	timmMark         = regexp.MustCompile(`^(blocks\.\d+\.|patch_embed\.proj\.)`)
)

// wrappers are prefixes that training code puts before every name.
var wrappers = []string{"module.", "_orig_mod.", "model.", "backbone."}

// ToTimm returns f in timm's names: wrapper prefixes (module., model., vit.,
// deit.) removed, split query, key and value fused into attn.qkv, tensors in
// the order of the writer. Names that neither convention knows stay as they are
// in a timm file and are an error in a transformers file. Tensors share their
// data with f where nothing was fused.
func ToTimm(f *File) (*File, error) {
	naming := DetectNaming(f)
	if naming == UnknownNames {
		return nil, fmt.Errorf("weights names: found %s, expected the names of a ViT as timm (blocks.0.attn.qkv.weight) "+
			"or transformers (vit.encoder.layer.0...) write them; export the model with one of the two", someNames(f))
	}
	renamed := unwrap(f)
	if naming == Transformers {
		var err error
		if renamed, err = fromTransformers(renamed); err != nil {
			return nil, err
		}
	}
	return ordered(renamed)
}

// unwrap removes prefixes that all tensors share, as often as they were put on.
func unwrap(f *File) *File {
	out := &File{Tensors: slices.Clone(f.Tensors), Metadata: f.Metadata}
	for again := true; again; {
		again = false
		for _, prefix := range wrappers {
			if len(out.Tensors) == 0 || slices.ContainsFunc(out.Tensors, func(t Tensor) bool { return !strings.HasPrefix(t.Name, prefix) }) {
				continue
			}
			for i := range out.Tensors {
				out.Tensors[i].Name = strings.TrimPrefix(out.Tensors[i].Name, prefix)
			}
			again = true
		}
	}
	return out
}

// ordered sorts the tensors as Write does and refuses names that met in the renaming.
func ordered(f *File) (*File, error) {
	seen := map[string]bool{}
	for _, t := range f.Tensors {
		if seen[t.Name] {
			return nil, fmt.Errorf("weights names: found two tensors that both become %s, expected one; the file mixes two models", brief(t.Name))
		}
		seen[t.Name] = true
	}
	tensors, err := writeOrder(f, "(renamed)")
	if err != nil {
		return nil, err
	}
	out := &File{Tensors: make([]Tensor, len(tensors)), Metadata: f.Metadata}
	for i, t := range tensors {
		out.Tensors[i] = *t
	}
	return out, nil
}

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

// blockNames pairs the modules inside a block, q, k and v aside.
var blockNames = [][2]string{ // transformers, timm
	{"attention.output.dense", "attn.proj"},
	{"layernorm_before", "norm1"},
	{"layernorm_after", "norm2"},
	{"intermediate.dense", "mlp.fc1"},
	{"output.dense", "mlp.fc2"},
}

// qkvParts is the order in which timm stacks the three along axis 0.
var qkvParts = [3]string{"query", "key", "value"}

var (
	layerName = regexp.MustCompile(`^encoder\.layer\.(\d+)\.(.+)\.(weight|bias)$`)
	blockName = regexp.MustCompile(`^blocks\.(\d+)\.(.+)\.(weight|bias)$`)
	qkvName   = regexp.MustCompile(`^attention\.attention\.(query|key|value)$`)
)

// fromTransformers renames tensor by tensor; the pooler, which no classifier
// of the field uses, is left out and named in the metadata.
func fromTransformers(f *File) (*File, error) {
	out := &File{Metadata: f.Metadata}
	parts := map[string]*[3]*Tensor{} // timm name of the fused tensor -> q, k, v
	var fused, dropped []string
	for i := range f.Tensors {
		t := f.Tensors[i]
		name := strings.TrimPrefix(strings.TrimPrefix(t.Name, "vit."), "deit.")
		if strings.HasPrefix(name, "pooler.") {
			dropped = append(dropped, t.Name)
			continue
		}
		if layer := layerName.FindStringSubmatch(name); layer != nil {
			if which := qkvName.FindStringSubmatch(layer[2]); which != nil {
				key := "blocks." + layer[1] + ".attn.qkv." + layer[3]
				if parts[key] == nil {
					parts[key] = &[3]*Tensor{}
					fused = append(fused, key)
				}
				parts[key][slices.Index(qkvParts[:], which[1])] = &f.Tensors[i]
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
	for _, key := range fused {
		t, err := fuse(key, parts[key])
		if err != nil {
			return nil, err
		}
		out.Tensors = append(out.Tensors, t)
	}
	if len(dropped) > 0 {
		out.Metadata = withMetadata(out.Metadata, "left_out", strings.Join(dropped, " "))
	}
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

// fuse stacks q, k and v along axis 0: three [C, C] become [3C, C], three [C] become [3C].
func fuse(name string, parts *[3]*Tensor) (Tensor, error) {
	var out Tensor
	for i, part := range parts {
		if part == nil {
			return out, fmt.Errorf("weights names: tensor %s: found no %s part, expected query, key and value; the file is incomplete: download it again", name, qkvParts[i])
		}
		first := parts[0]
		if part.DType != first.DType || !slices.Equal(part.Shape, first.Shape) || len(part.Shape) == 0 {
			return out, fmt.Errorf("weights names: tensor %s: found %s of %s %v beside query of %s %v, expected three alike; the file is damaged: download it again",
				name, qkvParts[i], part.DType, part.Shape, first.DType, first.Shape)
		}
		out.Data = append(out.Data, part.Data...)
	}
	out.Name, out.DType = name, parts[0].DType
	out.Shape = slices.Clone(parts[0].Shape)
	out.Shape[0] *= 3
	return out, nil
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

// split undoes fuse.
func split(t Tensor, format string) ([]Tensor, error) {
	if len(t.Shape) == 0 || t.Shape[0]%3 != 0 || len(t.Data)%3 != 0 {
		return nil, fmt.Errorf("weights names: tensor %s: found shape %v, expected a first axis of 3 x width", brief(t.Name), t.Shape)
	}
	third := len(t.Data) / 3
	out := make([]Tensor, 3)
	for i, part := range qkvParts {
		shape := slices.Clone(t.Shape)
		shape[0] /= 3
		out[i] = Tensor{Name: fmt.Sprintf(format, part), DType: t.DType, Shape: shape, Data: t.Data[i*third : (i+1)*third : (i+1)*third]}
	}
	return out, nil
}

// someNames lists the first names of f for an error.
func someNames(f *File) string {
	if len(f.Tensors) == 0 {
		return "no tensors"
	}
	var names []string
	for _, t := range f.Tensors[:min(3, len(f.Tensors))] {
		names = append(names, brief(t.Name))
	}
	return fmt.Sprintf("%d tensors like %s", len(f.Tensors), strings.Join(names, ", "))
}

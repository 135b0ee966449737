package weights

import (
	"fmt"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// form is how a JAX array lies against timm's tensor: JAX stores kernels with
// the inputs first and attention with an axis of heads.
type form int

const (
	same     form = iota // as it is
	dense                // [in, out], timm [out, in]
	conv                 // [h, w, in, out], timm [out, in, h, w]
	intoHead             // [C, H, D], timm [H*D, C]
	headBias             // [H, D], timm [H*D]
	fromHead             // [H, D, C], timm [C, H*D]
)

// jaxName is one tensor in both conventions.
type jaxName struct {
	jax, timm string
	form      form
}

// jaxOuter are the tensors outside the blocks.
var jaxOuter = []jaxName{
	{"cls", "cls_token", same},
	{"Transformer/posembed_input/pos_embedding", "pos_embed", same},
	{"embedding/kernel", "patch_embed.proj.weight", conv},
	{"embedding/bias", "patch_embed.proj.bias", same},
	{"Transformer/encoder_norm/scale", "norm.weight", same},
	{"Transformer/encoder_norm/bias", "norm.bias", same},
	{"head/kernel", "head.weight", dense},
	{"head/bias", "head.bias", same},
}

// jaxBlock are the tensors of a block; %s stands for query, key and value,
// which timm stacks. The numbers count Flax's modules in the order of the code.
var jaxBlock = []jaxName{
	{"LayerNorm_0/scale", "norm1.weight", same},
	{"LayerNorm_0/bias", "norm1.bias", same},
	{"MultiHeadDotProductAttention_1/%s/kernel", "attn.qkv.weight", intoHead},
	{"MultiHeadDotProductAttention_1/%s/bias", "attn.qkv.bias", headBias},
	{"MultiHeadDotProductAttention_1/out/kernel", "attn.proj.weight", fromHead},
	{"MultiHeadDotProductAttention_1/out/bias", "attn.proj.bias", same},
	{"LayerNorm_2/scale", "norm2.weight", same},
	{"LayerNorm_2/bias", "norm2.bias", same},
	{"MlpBlock_3/Dense_0/kernel", "mlp.fc1.weight", dense},
	{"MlpBlock_3/Dense_0/bias", "mlp.fc1.bias", same},
	{"MlpBlock_3/Dense_1/kernel", "mlp.fc2.weight", dense},
	{"MlpBlock_3/Dense_1/bias", "mlp.fc2.bias", same},
}

var (
	jaxMark      = regexp.MustCompile(`^(Transformer/encoderblock_\d+/|embedding/kernel$)`)
	jaxLayer     = regexp.MustCompile(`^Transformer/encoderblock_(\d+)/(.+)$`)
	timmLayer    = regexp.MustCompile(`^blocks\.(\d+)\.(.+)$`)
	jaxAttention = regexp.MustCompile(`/(query|key|value)/`)
)

// fromJAX renames and turns the arrays of Google's checkpoints (ViT and
// AugReg). The number of heads, which timm's tensors do not show, is noted in
// the metadata.
func fromJAX(f *File) (*File, error) {
	out := &File{}
	fused := qkvTensors{}
	heads := 0
	for _, t := range f.Tensors {
		name, part, ok := jaxToTimm(t.Name)
		if !ok {
			return nil, jaxUnknown(t.Name)
		}
		turned, found, err := name.form.toTimm(t)
		if err != nil {
			return nil, err
		}
		if found > 0 && heads > 0 && found != heads {
			return nil, fmt.Errorf("weights names: tensor %s: found %d heads, expected %d as in the tensors before; the file mixes two models", brief(t.Name), found, heads)
		}
		heads = max(heads, found)
		turned.Name = name.timm
		if part >= 0 {
			if err := fused.add(name.timm, part, turned); err != nil {
				return nil, err
			}
			continue
		}
		out.Tensors = append(out.Tensors, turned)
	}
	stacked, err := fused.stack()
	if err != nil {
		return nil, err
	}
	out.Tensors = append(out.Tensors, stacked...)
	out.Metadata = withMetadata(f.Metadata, MetadataHeads, strconv.Itoa(heads))
	return out, nil
}

// jaxUnknown refuses a tensor by name.
func jaxUnknown(name string) error {
	if strings.HasPrefix(name, "pre_logits/") {
		return fmt.Errorf("weights names: found tensor %s, a layer before the head that only ImageNet-21k checkpoints have, expected a plain head; "+
			"take the checkpoint finetuned on ImageNet (its name ends in imagenet2012)", brief(name))
	}
	return fmt.Errorf("weights names: found tensor %s, expected the names of Google's ViT and AugReg checkpoints; only these JAX models are converted", brief(name))
}

// jaxToTimm looks a name up; part is 0, 1, 2 for query, key and value, else -1.
func jaxToTimm(name string) (found jaxName, part int, ok bool) {
	for _, row := range jaxOuter {
		if row.jax == name {
			return row, -1, true
		}
	}
	layer := jaxLayer.FindStringSubmatch(name)
	if layer == nil {
		return found, -1, false
	}
	inner, part := layer[2], -1
	if which := jaxAttention.FindStringSubmatch(inner); which != nil {
		part = slices.Index(qkvParts[:], which[1])
		inner = strings.Replace(inner, which[0], "/%s/", 1)
	}
	for _, row := range jaxBlock {
		if row.jax == inner && strings.Contains(inner, "%s") == (part >= 0) {
			row.timm = "blocks." + layer[1] + "." + row.timm
			return row, part, true
		}
	}
	return found, -1, false
}

// ToJAX returns f, in any known names, as Google's checkpoints lay it out: the
// arrays of an .npz that timm's and Google's loaders read. The heads come from
// the metadata, else width/64. What JAX has no place for is an error.
func ToJAX(f *File) (*File, error) {
	timm, err := ToTimm(f)
	if err != nil {
		return nil, err
	}
	g, err := Describe(timm)
	if err != nil {
		return nil, err
	}
	if !g.QKVBias {
		return nil, fmt.Errorf("weights names: found no tensor %q, expected one: the JAX models have it; export the model in timm names", "blocks.0.attn.qkv.bias")
	}
	out := &File{Metadata: timm.Metadata}
	for _, t := range timm.Tensors {
		row, ok := timmToJAX(t.Name)
		if !ok {
			return nil, fmt.Errorf("weights names: found tensor %s, for which the JAX models have no place; export it in timm names", brief(t.Name))
		}
		parts := []Tensor{t}
		if strings.Contains(row.jax, "%s") {
			if parts, err = split(t, row.jax); err != nil {
				return nil, err
			}
		} else {
			parts[0].Name = row.jax
		}
		for _, part := range parts {
			turned, err := row.form.toJAX(part, g.Heads)
			if err != nil {
				return nil, err
			}
			out.Tensors = append(out.Tensors, turned)
		}
	}
	return ordered(out)
}

func timmToJAX(name string) (jaxName, bool) {
	for _, row := range jaxOuter {
		if row.timm == name {
			return row, true
		}
	}
	if layer := timmLayer.FindStringSubmatch(name); layer != nil {
		for _, row := range jaxBlock {
			if row.timm == layer[2] {
				row.jax = "Transformer/encoderblock_" + layer[1] + "/" + row.jax
				return row, true
			}
		}
	}
	return jaxName{}, false
}

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
	JAX          Naming = "jax"          // Transformer/encoderblock_0/MultiHeadDotProductAttention_1/query/kernel
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
		case jaxMark.MatchString(t.Name):
			return JAX
		}
	}
	return UnknownNames
}

var (
	transformersMark = regexp.MustCompile(`^(vit\.|deit\.)?((encoder\.layer|layers)\.\d+\.|embeddings\.patch_embeddings\.)`)
	timmMark         = regexp.MustCompile(`^(blocks\.\d+\.|patch_embed\.proj\.)`)
)

// wrappers are prefixes that training code puts before every name.
var wrappers = []string{"module.", "_orig_mod.", "model.", "backbone.", "params/", "opt/target/"}

// ToTimm returns f in timm's names: wrapper prefixes (module., model., vit.,
// deit., params/) removed, split query, key and value fused into attn.qkv, JAX
// kernels turned, tensors in the order of the writer. Names that no convention
// knows stay as they are in a timm file and are an error in other files.
// Tensors share their data with f where nothing was fused or turned.
func ToTimm(f *File) (*File, error) {
	naming := DetectNaming(f)
	if naming == UnknownNames {
		return nil, fmt.Errorf("weights names: found %s, expected the names of a ViT as timm (blocks.0.attn.qkv.weight) "+
			"or transformers (vit.encoder.layer.0...) write them; export the model with one of the two%s", someNames(f), backboneHint(f))
	}
	renamed := unwrap(f)
	var err error
	switch naming {
	case Transformers:
		renamed, err = fromTransformers(renamed)
	case JAX:
		renamed, err = fromJAX(renamed)
	}
	if err != nil {
		return nil, err
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

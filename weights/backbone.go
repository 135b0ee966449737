package weights

import (
	"maps"
	"regexp"
	"slices"
	"strings"
)

// MetadataLeftOut names the tensors that a conversion did not take, with spaces between.
const MetadataLeftOut = "left_out"

const backbonePrefix = "backbone."

// headMark tells heads of every convention: classifiers, poolers, projections.
var headMark = regexp.MustCompile(`^((vit\.|deit\.)?pooler|head|head_dist|pre_logits|fc_norm|classifier|cls_classifier|distillation_classifier)[./]`)

// Backbone returns f without its heads, names otherwise as they are, and the
// names of what it left out. Of a self-supervised checkpoint (DINO's student or
// teacher: backbone.* beside head.*) it takes what lies under backbone.
func Backbone(f *File) (*File, []string) {
	inner := unwrap(f)
	wrapped := slices.ContainsFunc(inner.Tensors, isBackbone)
	out := &File{Metadata: f.Metadata}
	var dropped []string
	for i, t := range inner.Tensors {
		name, inside := strings.CutPrefix(t.Name, backbonePrefix)
		if wrapped && !inside || headMark.MatchString(name) {
			dropped = append(dropped, f.Tensors[i].Name)
			continue
		}
		t.Name = name
		out.Tensors = append(out.Tensors, t)
	}
	slices.Sort(dropped)
	out.Metadata = withLeftOut(out.Metadata, dropped)
	if _, named := out.Metadata[MetadataClassNames]; named { // no head, no classes
		out.Metadata = maps.Clone(out.Metadata)
		delete(out.Metadata, MetadataClassNames)
	}
	return out, dropped
}

func isBackbone(t Tensor) bool { return strings.HasPrefix(t.Name, backbonePrefix) }

// backboneHint is the next step for a checkpoint that keeps a ViT beside other things.
func backboneHint(f *File) string {
	if slices.ContainsFunc(unwrap(f).Tensors, isBackbone) {
		return ", or take its backbone alone with robustvit convert --backbone"
	}
	return ""
}

// withLeftOut adds names to those that were left out before.
func withLeftOut(metadata map[string]string, names []string) map[string]string {
	if len(names) == 0 {
		return metadata
	}
	if before := metadata[MetadataLeftOut]; before != "" {
		names = append([]string{before}, names...)
	}
	return withMetadata(metadata, MetadataLeftOut, strings.Join(names, " "))
}

package weights

import (
	"encoding/json"
	"fmt"
	"maps"
)

// Metadata keys that our files carry and Describe reads.
const (
	MetadataHeads      = "heads"         // number of attention heads, which no shape tells
	MetadataImage      = "image"         // image side in pixels
	MetadataPatch      = "patch"         // patch side in pixels
	MetadataMean       = "mean"          // one number, or three with commas: red, green, blue
	MetadataStd        = "std"           // likewise
	MetadataCrop       = "crop_pct"      // side of the centre crop over the resized short side, in (0, 1]
	MetadataFilter     = "interpolation" // bilinear or bicubic
	MetadataCropMode   = "crop_mode"     // center, or squash: resized without keeping the proportions
	MetadataClassNames = "class_names"   // JSON list in the order of the logits
	// MetadataEpsilon is what a config.json says of LayerNorm's epsilon where it
	// is not the 1e-6 that timm and the workbench compute with.
	MetadataEpsilon = "source_layer_norm_eps"
	MetadataModel   = "architecture" // timm's name, with its tag where it is known
)

// ClassNames returns the class names that the file carries, nil where it has none.
func (f *File) ClassNames() ([]string, error) {
	text := f.Metadata[MetadataClassNames]
	if text == "" {
		return nil, nil
	}
	var names []string
	found := "no JSON list of texts"
	if json.Unmarshal([]byte(text), &names) == nil {
		found = oddName(names)
	}
	if found != "" {
		return nil, fmt.Errorf("metadata key %q: found %s, expected a JSON list of printable names", MetadataClassNames, found)
	}
	return names, nil
}

// With returns f, whose tensors it shares, with one metadata key set.
func (f *File) With(key, value string) *File {
	return &File{Tensors: f.Tensors, Metadata: withMetadata(f.Metadata, key, value)}
}

// withMetadata copies the map with one key set: files share their metadata.
func withMetadata(metadata map[string]string, key, value string) map[string]string {
	out := maps.Clone(metadata)
	if out == nil {
		out = map[string]string{}
	}
	out[key] = value
	return out
}

package weights

import (
	"encoding/json"
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
)

// ClassNames returns the class names that the file carries, nil where it has none.
func (f *File) ClassNames() []string {
	var names []string
	if json.Unmarshal([]byte(f.Metadata[MetadataClassNames]), &names) != nil {
		return nil
	}
	return names
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

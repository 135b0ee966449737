package weights

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Geometry is the size of a ViT as its tensors show it.
type Geometry struct {
	Width     int // C
	Depth     int // blocks
	Heads     int // H: no shape tells it, see HeadsFrom
	Patch     int // side in pixels
	MLP       int // width of the MLP's hidden layer
	Classes   int // K, 0 without a head
	Tokens    int // N, prefix tokens included
	Prefix    int // tokens before the patches: 1 (CLS), 2 with a distillation token
	ImageSize int // side in pixels
	Channels  int // of the input image
	QKVBias   bool
	// HeadsFrom says where Heads comes from: "metadata" (of the file or of the
	// config.json beside it), or "width/64", the rule that all models of the
	// paper obey and small models need not.
	HeadsFrom string
}

// Values of Geometry.HeadsFrom.
const (
	headsFromMetadata = "metadata"
	headsFromWidth    = "width/64"
)

// String puts the geometry into one line.
func (g Geometry) String() string {
	return fmt.Sprintf("width %d, depth %d, heads %d (from %s), MLP %d, patch %d, image %d, tokens %d (%d before the patches), classes %d",
		g.Width, g.Depth, g.Heads, g.HeadsFrom, g.MLP, g.Patch, g.ImageSize, g.Tokens, g.Prefix, g.Classes)
}

// Describe infers the geometry of a ViT from its tensors in timm names. Heads
// come from the metadata key "heads" where it is there.
func Describe(f *File) (Geometry, error) {
	shapes := make(map[string][]int, len(f.Tensors))
	for _, t := range f.Tensors {
		shapes[t.Name] = t.Shape
	}
	g, err := geometryOf(shapes)
	if err != nil {
		return g, err
	}
	text, ok := f.Metadata[MetadataHeads]
	if !ok {
		return g, nil
	}
	heads, err := strconv.Atoi(text)
	if err != nil || heads < 1 || g.Width%heads != 0 {
		return g, fmt.Errorf("weights metadata key %q: found %s, expected a number of heads that divides the width %d; correct the metadata or name the heads yourself",
			MetadataHeads, brief(text), g.Width)
	}
	g.Heads, g.HeadsFrom = heads, headsFromMetadata
	return g, nil
}

// geometryOf reads the sizes off the shapes of timm-named tensors.
func geometryOf(shapes map[string][]int) (Geometry, error) {
	var g Geometry
	axes := func(name string, n int) ([]int, error) {
		shape, ok := shapes[name]
		if !ok {
			return nil, fmt.Errorf("weights: found no tensor %q, expected a ViT in timm names; convert the file first, or it is another model", name)
		}
		if len(shape) != n || slices.Contains(shape, 0) { // an axis of 0 lets the others be anything without data
			return nil, fmt.Errorf("weights: tensor %q: found shape %v, expected %d axes above 0; this is another model", name, shape, n)
		}
		return shape, nil
	}
	patch, err := axes("patch_embed.proj.weight", 4) // [C, channels, patch, patch]
	if err != nil {
		return g, err
	}
	position, err := axes("pos_embed", 3) // [1, N, C]
	if err != nil {
		return g, err
	}
	fc1, err := axes("blocks.0.mlp.fc1.weight", 2) // [MLP, C]
	if err != nil {
		return g, err
	}
	g.Width, g.Channels, g.Patch, g.MLP, g.Tokens = patch[0], patch[1], patch[2], fc1[0], position[1]
	if patch[2] != patch[3] {
		return g, fmt.Errorf("weights: tensor %q: found shape %v, expected [width, channels, patch, patch] with square patches; this is another model", "patch_embed.proj.weight", patch)
	}
	for _, name := range []string{"cls_token", "dist_token"} {
		if _, ok := shapes[name]; ok {
			g.Prefix++
		}
	}
	if err := g.grid(); err != nil {
		return g, err
	}
	if g.Depth = depthOf(shapes); g.Depth > maxDepth {
		return g, fmt.Errorf("weights: found %d blocks, expected at most %d; this is another model", g.Depth, maxDepth)
	}
	if head := shapes["head.weight"]; len(head) == 2 {
		g.Classes = head[0]
	}
	_, g.QKVBias = shapes["blocks.0.attn.qkv.bias"]
	g.Heads, g.HeadsFrom = max(1, g.Width/64), headsFromWidth
	return g, nil
}

// grid finds the image side: the patches must form a square.
func (g *Geometry) grid() error {
	patches, side := g.Tokens-g.Prefix, 0
	for (side+1)*(side+1) <= patches {
		side++
	}
	if patches < 1 || side*side != patches {
		return fmt.Errorf("weights: tensor %q: found %d tokens, of which %d before the patches, expected a square number of patches; this is another model",
			"pos_embed", g.Tokens, g.Prefix)
	}
	g.ImageSize = side * g.Patch
	return nil
}

// maxDepth is far beyond the 56 blocks of the deepest published ViT.
const maxDepth = 1000

// depthOf counts blocks up to the first gap.
func depthOf(shapes map[string][]int) int {
	blocks := map[string]bool{}
	for name := range shapes {
		if rest, ok := strings.CutPrefix(name, "blocks."); ok {
			number, _, _ := strings.Cut(rest, ".")
			blocks[number] = true
		}
	}
	depth := 0
	for blocks[strconv.Itoa(depth)] {
		depth++
	}
	return depth
}

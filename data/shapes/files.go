package shapes

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"os"
	"strings"

	"github.com/robustvit/workbench/data"
)

func writePNG(path string, img image.Image) error {
	var buffer bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestSpeed} // the noise hardly compresses
	if err := encoder.Encode(&buffer, img); err != nil {
		return fmt.Errorf("shapes: encode %s: %w", path, err)
	}
	return writeFile(path, buffer.Bytes())
}

func writeFile(path string, content []byte) error {
	if err := data.WriteWhole(path, content); err != nil {
		return fmt.Errorf("shapes: %w", err)
	}
	return nil
}

func isWholePNG(path string) bool {
	content, err := os.ReadFile(path)
	if err != nil {
		return false
	}
	img, err := png.Decode(bytes.NewReader(content))
	return err == nil && img.Bounds() == image.Rect(0, 0, Size, Size)
}

// readme describes the folder completely: two folders with the same text hold
// the same images.
func (c *Collection) readme() string {
	var b strings.Builder
	fmt.Fprintf(&b, "Generated %d x %d images with exact masks, %d classes (classes.txt).\n", Size, Size, len(c.Classes()))
	b.WriteString("NAME/CLASS/NUMBER.png is an image, NAME_masks/CLASS/NUMBER.png its mask (255 = object).\n")
	b.WriteString("Image NUMBER of a set is a function of the set's settings, its seed and NUMBER alone:\n")
	b.WriteString("shapes.Generate(settings, seed, NUMBER).\n\n")
	describe := func(name string, n int, seed uint64, cfg Config) {
		settings := fmt.Sprintf("%+v", cfg)
		settings = strings.Replace(settings, "{Classes:0 ", "{", 1) // as in folders from before there were 40 and 80
		fmt.Fprintf(&b, "%s: %d images, seed %#x\n  %s\n", name, n, seed, settings)
	}
	describe("train", c.options.TrainImages, c.trainSeed(), c.with(PretrainShortcut()))
	for i, set := range c.sets {
		describe(set.Name, c.options.EvalImages, c.setSeed(i), c.with(set.Config))
	}
	return b.String()
}

package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/robustvit/workbench/robustvit/export"
)

type convertCmd struct {
	File       string `arg:"" help:"PyTorch checkpoint (.pth, .pth.tar, .bin), JAX archive (.npz), model folder, or safetensors in any of their names."`
	Out        string `help:"File to write; default beside the old one." short:"o" placeholder:"FILE"`
	Heads      int    `help:"Attention heads, which no tensor of PyTorch shows; needed where they are not width/64." placeholder:"N"`
	ImageSize  int    `help:"Interpolate the position embeddings for images of this side, as timm does." placeholder:"PIXELS"`
	ClassNames string `help:"File of class names in the order of the logits: one a line, or JSON." placeholder:"FILE"`
	Backbone   bool   `help:"Leave out heads; of a self-supervised checkpoint (DINO's teacher) take the backbone alone."`
	ZeroNaN    bool   `name:"zero-nan" help:"Write 0 for NaN and infinite values and say how many there were; such weights are refused otherwise."`
}

// Help is the example of `robustvit convert --help`.
func (convertCmd) Help() string {
	return "Nothing in the checkpoint is executed.\n\nExample:\n\n    robustvit convert model_best.pth.tar --out vit.safetensors\n    robustvit convert B_16.npz --image-size 384 --out vit384.safetensors"
}

// Run converts.
func (c convertCmd) Run(s *session) error {
	conversion, err := export.Convert(export.ConvertJob{From: c.File, To: c.Out, Heads: c.Heads, ImageSize: c.ImageSize, ClassNames: c.ClassNames, Backbone: c.Backbone, ZeroNaN: c.ZeroNaN})
	if err != nil {
		return err
	}
	return s.result(conversion, func(w io.Writer) error {
		if n := len(conversion.LeftOut); n > 0 {
			fmt.Fprintf(w, "left out %d tensors: %s\n", n, shown(strings.Join(conversion.LeftOut, ", ")))
		}
		for _, name := range slices.Sorted(maps.Keys(conversion.Zeroed)) {
			fmt.Fprintf(w, "%s: %d values were NaN or infinite and are 0 now\n", shown(name), conversion.Zeroed[name])
		}
		if conversion.Resized > 0 {
			fmt.Fprintf(w, "position embeddings interpolated from images of %d to %d pixels\n", conversion.Resized, conversion.Geometry.ImageSize)
		}
		if conversion.Epsilon != "" {
			fmt.Fprintf(w, "config.json says LayerNorm epsilon %s; timm and the workbench compute with 1e-06, so logits may differ slightly\n", conversion.Epsilon)
		}
		_, err := fmt.Fprintf(w, "%d tensors in %s names: %s\nwrote %s\n", conversion.Tensors, conversion.Names, conversion.Geometry, conversion.To)
		return err
	})
}

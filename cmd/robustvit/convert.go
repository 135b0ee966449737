package main

import (
	"fmt"
	"io"

	"github.com/robustvit/workbench/robustvit/export"
)

type convertCmd struct {
	File  string `arg:"" help:"PyTorch checkpoint (.pth, .pth.tar, .bin) or safetensors in timm's or transformers' names."`
	Out   string `help:"File to write; default beside the old one." short:"o" placeholder:"FILE"`
	Heads int    `help:"Attention heads, which no tensor shows; needed where they are not width/64." placeholder:"N"`
}

// Help is the example of `robustvit convert --help`.
func (convertCmd) Help() string {
	return "Nothing in the checkpoint is executed.\n\nExample:\n\n    robustvit convert model_best.pth.tar --out vit.safetensors"
}

// Run converts.
func (c convertCmd) Run(s *session) error {
	conversion, err := export.Convert(c.File, c.Out, c.Heads)
	if err != nil {
		return err
	}
	return s.result(conversion, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%d tensors in %s names: %s\nwrote %s\n", conversion.Tensors, conversion.Names, conversion.Geometry, conversion.To)
		return err
	})
}

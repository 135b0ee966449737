package main

import (
	"fmt"
	"io"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/inspect"
)

type prepareCmd struct {
	File       string        `arg:"" help:"Image file."`
	Protocol   string        `help:"native, paper, timm or squash; auto takes the one that the weights name." default:"paper" enum:"native,paper,timm,squash,auto"`
	Weights    string        `help:"Model whose size, crop fraction, filter and normalisation are used." placeholder:"FILE"`
	Size       int           `help:"Side of the model's input in pixels; default the model's, else 224." placeholder:"N"`
	Mask       string        `help:"Mask of the image; it is prepared with it and written to OUT_mask.png." placeholder:"FILE"`
	MaskRule   data.MaskRule `help:"reference (bilinear, borders become fractions, as released) or strict (nearest)." default:"reference"`
	RotateEXIF bool          `name:"rotate-exif" help:"Turn image and mask upright by EXIF; the paper's pipeline does not."`
	Augment    string        `help:"Show a training pair: crop (the paper's: resize, random crop, flip), shift or none." enum:"crop,shift,none," default:"" placeholder:"KIND"`
	Seed       uint64        `help:"Of the training pair." placeholder:"N"`
	Epoch      int           `help:"Of the training pair." placeholder:"N"`
	Out        string        `help:"PNG file to write." short:"o" required:"" placeholder:"FILE"`
}

// Help is the example of `robustvit prepare --help`.
func (prepareCmd) Help() string {
	return "Writes exactly what the model sees, before normalisation.\n\nExample:\n\n    robustvit prepare dog.jpg --protocol paper --size 224 --out seen.png\n    robustvit prepare dog.jpg --protocol timm --weights deit_folder --mask dog_mask.png --out seen.png\n    robustvit prepare dog.jpg --mask dog_mask.png --augment crop --epoch 3 --out pair.png"
}

// Run prepares one image.
func (c prepareCmd) Run(s *session) error {
	p := inspect.Preparation{File: c.File, Mask: c.Mask, Protocol: c.Protocol, Weights: c.Weights, Size: c.Size, Rule: c.MaskRule, Rotate: c.RotateEXIF, Out: c.Out}
	if c.Augment != "" {
		p.Training = &inspect.Training{Kind: c.Augment, Seed: c.Seed, Epoch: c.Epoch}
	}
	prepared, err := inspect.Prepare(p)
	if err != nil {
		return err
	}
	return s.result(prepared, func(w io.Writer) error { return printPrepared(w, prepared) })
}

func printPrepared(w io.Writer, p inspect.Prepared) error {
	protocol := p.Protocol
	how := fmt.Sprintf("under protocol %s (%s)", protocol.Name, protocol.Describe(p.Size))
	if p.Augment != nil {
		how = fmt.Sprintf("as a training pair (%s)", p.Augment.Kind)
	}
	fmt.Fprintf(w, "%s, %d x %d pixels, %s: %d x %d\n", p.File, p.Width, p.Height, how, p.Size, p.Size)
	switch {
	case p.Rotated:
		fmt.Fprintf(w, "EXIF orientation %d was applied first; the paper's pipeline does not do that\n", p.Orientation)
	case p.Orientation > 1:
		fmt.Fprintf(w, "EXIF orientation %d is not applied, as in the paper's pipeline; --rotate-exif applies it\n", p.Orientation)
	}
	fmt.Fprintf(w, "the normalisation that follows: mean %g, deviation %g\nwrote %s\n", protocol.Mean, protocol.Std, p.Out)
	if p.MaskOut == "" {
		return nil
	}
	_, err := fmt.Fprintf(w, "wrote %s: mask rule %s, %.1f %% foreground\n", p.MaskOut, p.MaskRule, 100*p.Foreground)
	return err
}

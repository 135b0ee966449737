package main

import (
	"cmp"
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/robustvit/workbench/robustvit/export"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/recipe"
)

type exportCmd struct {
	From    string `name:"run" help:"Run folder whose weights to take." placeholder:"RUN" xor:"source" required:""`
	Weights string `help:"Weights file, model folder, run folder or demo:FAMILY." placeholder:"FILE" xor:"source" required:""`
	Model   string `help:"Of a main job's run: control, published or after." default:"after" enum:"control,published,after"`
	Format  string `help:"timm, transformers, safetensors, or npz (JAX)." default:"timm" enum:"timm,transformers,safetensors,npz"`
	Out     string `help:"New or empty folder." short:"o" required:"" placeholder:"DIR"`
}

// Help is the example of `robustvit export --help`.
func (exportCmd) Help() string {
	return "Writes the weights with what traces them to their run, a parity file of inputs and logits, and reads everything back: success means the same bits.\n\nExample:\n\n    robustvit export --run runs/demo --format timm --out out/vit"
}

// Run exports.
func (c exportCmd) Run(ctx context.Context, s *session) error {
	path, err := recipe.WeightsPath(cmp.Or(c.From, c.Weights), c.Model)
	if err != nil {
		return err
	}
	m, err := pretrained.Open(path)
	if err != nil {
		return err
	}
	b, err := s.open()
	if err != nil {
		return err
	}
	result, err := export.Run(ctx, export.Job{Model: m, Format: c.Format, Dir: c.Out, Backend: b})
	if err != nil {
		return err
	}
	return s.result(result, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "wrote %s: %s\nread back, every weight is the same bit for bit\nin Python: %s\n", result.Dir, strings.Join(result.Files, ", "), result.Use)
		return err
	})
}

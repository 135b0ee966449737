package main

import (
	"context"
	"fmt"
	"io"

	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit/masks"
	"github.com/robustvit/workbench/robustvit/recipe"
)

type masksCmd struct {
	Weights string `help:"Model whose attention makes the masks: weights file, folder or demo:FAMILY." required:"" placeholder:"FILE"`
	Data    string `help:"Folder with train, folder of classes, or shapes." required:"" placeholder:"DIR"`
	Out     string `help:"Folder for CLASS/FILE.png and masks.jsonl." short:"o" required:"" placeholder:"DIR"`
	Method  string `help:"attention: the CLS token's attention in the last layer, thresholded." default:"attention" enum:"attention"`
	Train   int    `help:"Images (shapes)." default:"2000"`

	MinArea       float64 `help:"Reject smaller objects (share of the image)." default:"${min_area}"`
	MaxArea       float64 `help:"Reject larger objects (share of the image)." default:"${max_area}"`
	MinSeparation float64 `help:"Reject maps without two clear levels (0 to 1)." default:"${min_separation}"`
	MaxSides      int     `help:"Reject objects that touch more sides of the image." default:"${max_sides}"`
}

// Help is the example of `robustvit masks --help`.
func (masksCmd) Help() string {
	return "A mask that looks unlike an object is rejected with the reason in masks.jsonl; such an image trains nothing.\n\nExample:\n\n    robustvit masks --weights runs/cifar --data cifar10 --out cifar10-masks\n    robustvit finetune --weights runs/cifar --data cifar10 --masks cifar10-masks --dir runs/ours"
}

// maskDefaults are the rule's values for the flags.
func maskDefaults() map[string]string {
	rule := masks.DefaultRule()
	return map[string]string{
		"min_area": fmt.Sprint(rule.MinArea), "max_area": fmt.Sprint(rule.MaxArea),
		"min_separation": fmt.Sprint(rule.MinSeparation), "max_sides": fmt.Sprint(rule.MaxSides),
	}
}

// Run makes the masks.
func (c masksCmd) Run(ctx context.Context, s *session) error {
	m, err := recipe.OpenModel(c.Weights)
	if err != nil {
		return err
	}
	d, err := recipe.OpenData(c.Data, recipe.DataOptions{Shapes: shapes.Options{TrainImages: c.Train}})
	if err != nil {
		return err
	}
	images, err := d.Train()
	if err != nil {
		return err
	}
	b, err := s.open()
	if err != nil {
		return err
	}
	s.progress.Phase("masks of " + c.Data)
	report, err := masks.Run(ctx, masks.Job{
		Backend: b, Model: m, Images: images, Dir: c.Out, Batch: recipe.EvaluationBatch(m, s.device.Kind), Progress: s.progress.Done("images"),
		Rule: masks.Rule{MinArea: c.MinArea, MaxArea: c.MaxArea, MinSeparation: c.MinSeparation, MaxSides: c.MaxSides},
	})
	if err != nil {
		return err
	}
	return s.result(report, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "%d masks of %d images, %d rejected %v\nwrote %s\n", report.Written, report.Listed, report.Rejected, report.Reasons, report.Dir)
		return err
	})
}

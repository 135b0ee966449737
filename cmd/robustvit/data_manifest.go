package main

import (
	"context"
	"fmt"
	"io"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/recipe"
)

type dataManifestCmd struct {
	Dir        string `arg:"" help:"Data to finetune on: a folder with train-semi and its masks, with train, of classes, or shapes."`
	Out        string `help:"File for the training images." required:"" placeholder:"FILE"`
	Validation string `help:"File for validation images: one of each class that is not finetuned." placeholder:"FILE"`
	Masks      string `help:"Folder of masks, CLASS/FILE.png." placeholder:"DIR"`
	Classes    int    `help:"Classes to finetune; default half of all (500 of ImageNet's 1000)." placeholder:"N"`
	PerClass   int    `help:"Images of each." default:"3"`
	Seed       uint64 `help:"Draws classes and images."`
}

// Help is the example of `robustvit data manifest --help`.
func (dataManifestCmd) Help() string {
	return "With ImageNet-S (919 classes) this is the paper's split: 1,500 images of 500 classes, and 414 to validate on. The five folders of merged categories are left out: " +
		"919 - 5 = 914 = 500 + 414. (The released code lists ten merged tags; were all ten folders, 409 would be left.) `robustvit finetune --manifest FILE` trains on exactly these images." +
		"\n\nExample:\n\n    robustvit data manifest imagenet --out train.jsonl --validation val.jsonl --seed 1"
}

// Run chooses and writes.
func (c dataManifestCmd) Run(ctx context.Context, s *session) error {
	s.progress.Phase("choose images of " + c.Dir)
	collection, err := recipe.OpenData(c.Dir, recipe.DataOptions{Masks: c.Masks})
	if err != nil {
		return err
	}
	d, err := collection.Train()
	if err != nil {
		return err
	}
	split := recipe.PaperSplit(c.Seed)
	split.Classes, split.PerClass = c.Classes, c.PerClass
	if c.Validation == "" {
		split.Held = 0
	}
	train, held, err := recipe.Split(d, split)
	if err != nil {
		return err
	}
	if err := writeManifest(ctx, d, train, c.Out); err != nil {
		return err
	}
	if c.Validation != "" {
		if err := writeManifest(ctx, d, held, c.Validation); err != nil {
			return err
		}
	}
	files := data.TallyOf(d)
	rest := files.Used - len(train) - len(held)
	outcome := map[string]any{"out": c.Out, "images": len(train), "validation": c.Validation, "validation_images": len(held), "seed": c.Seed,
		"listed": files.Listed, "not_chosen": rest, "skipped": files.Skipped}
	return s.result(outcome, func(w io.Writer) error {
		text := fmt.Sprintf("%d files listed, %d not chosen, %d skipped\nwrote %s: %d training images\n", files.Listed, rest, files.Skipped, c.Out, len(train))
		if c.Validation != "" {
			text += fmt.Sprintf("wrote %s: %d validation images\n", c.Validation, len(held))
		}
		_, err := io.WriteString(w, text+fmt.Sprintf("next: robustvit finetune --weights MODEL --data %s --manifest %s --dir DIR\n", c.Dir, c.Out))
		return err
	})
}

// writeManifest hashes the samples and writes their list, whole or not at all.
func writeManifest(ctx context.Context, d data.Dataset, indices []int, path string) error {
	items, err := data.BuildManifest(ctx, d, indices)
	if err != nil {
		return err
	}
	return data.WriteManifest(path, items)
}

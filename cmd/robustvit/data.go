package main

import (
	"context"
	"fmt"
	"io"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit/recipe"
	"github.com/robustvit/workbench/viz"
)

type dataCmd struct {
	Check dataCheckCmd `cmd:"" help:"Read every image and mask of a data folder and count what was found."`
	Write dataWriteCmd `cmd:"" help:"Write the embedded data as a folder in the ImageNet layout."`
	Shift dataShiftCmd `cmd:"" help:"Write shifted copies of a set: other backgrounds, moved objects, turned, gray, noisy."`
}

type dataCheckCmd struct {
	Dir string `arg:"" help:"Folder of sets (train, val, ...) or of classes, or .mat file of the segmentation test."`
}

// Help is the example of `robustvit data check --help`.
func (dataCheckCmd) Help() string {
	return "Exit code 1 where an image or mask cannot be used.\n\nExample:\n\n    robustvit data check photos"
}

// Run checks every set.
func (c dataCheckCmd) Run(ctx context.Context, s *session) error {
	s.progress.Phase("check " + c.Dir)
	reports, err := recipe.Check(ctx, c.Dir)
	if err != nil {
		return err
	}
	if err := s.result(map[string]any{"dir": c.Dir, "sets": reports}, func(w io.Writer) error {
		return checkTable(c.Dir, reports).WriteText(w, s.textOptions())
	}); err != nil {
		return err
	}
	return recipe.Refused(c.Dir, reports)
}

func checkTable(dir string, reports []data.Report) viz.Table {
	table := viz.Table{Title: dir, Corner: "set"}
	for _, name := range []string{"used", "refused", "skipped", "masks", "smallest side", "largest side", "animated", "rotated by EXIF"} {
		table.Columns = append(table.Columns, viz.Column{Name: name})
	}
	for _, r := range reports {
		row := viz.TableRow{Name: r.Set}
		for _, n := range []int{r.Used, len(r.Refused), r.Skipped, r.Masks, r.SmallestSide, r.LargestSide, r.Animated, r.Rotated} {
			row.Cells = append(row.Cells, viz.Number(float64(n), 0))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

type dataWriteCmd struct {
	Dir    string `arg:"" help:"New or empty folder."`
	Train  int    `help:"Training images." default:"2000"`
	PerSet int    `help:"Images of each evaluation set." default:"500"`
	Seed   uint64 `help:"Run number of the training images."`
}

// Help is the example of `robustvit data write --help`.
func (dataWriteCmd) Help() string {
	return "Images and masks as PNG: train, val and eight shifted sets. `robustvit demo --data DIR` runs the same job from them.\n\nExample:\n\n    robustvit data write shapes-on-disk"
}

// Run writes the images.
func (c dataWriteCmd) Run(ctx context.Context, s *session) error {
	s.progress.Phase("write " + c.Dir)
	collection := shapes.NewCollection(shapes.Options{TrainImages: c.Train, EvalImages: c.PerSet, Seed: c.Seed})
	if err := shapes.Write(ctx, c.Dir, collection, s.progress.Done("images")); err != nil {
		return err
	}
	return s.result(map[string]any{"dir": c.Dir, "train": c.Train, "per_set": c.PerSet, "sets": collection.SetNames()}, func(w io.Writer) error {
		_, err := fmt.Fprintf(w, "wrote %s: %d training images, %d sets of %d\n", c.Dir, c.Train, len(collection.SetNames()), c.PerSet)
		return err
	})
}

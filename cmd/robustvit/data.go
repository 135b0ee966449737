package main

import (
	"context"
	"fmt"
	"io"
	"strings"

	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit/recipe"
	"github.com/robustvit/workbench/viz"
)

type dataCmd struct {
	Check dataCheckCmd `cmd:"" help:"Read every image and mask of a data folder and count what was found."`
	Write dataWriteCmd `cmd:"" help:"Write the embedded data as a folder in the ImageNet layout."`
	Shift dataShiftCmd `cmd:"" help:"Write shifted copies of a set: other backgrounds, moved objects, turned, gray, noisy."`

	Manifest dataManifestCmd `cmd:"" help:"Choose training images and write their list with hashes."`
}

type dataCheckCmd struct {
	Dir   string `arg:"" help:"Folder of sets (train, val, imagenet-a, ...), of one set, or of classes, or .mat file of the segmentation test."`
	Quick bool   `help:"Read the names only; decode nothing."`
}

// Help is the example of `robustvit data check --help`.
func (dataCheckCmd) Help() string {
	return "Says which published set each folder holds, what was found against what was published, and what is wrong. A part of a set is fine. " +
		"Exit code 1 where an image or mask cannot be used or a set is wrong.\n\nExample:\n\n    robustvit data check photos\n    robustvit data check --quick imagenet"
}

// Run checks every set.
func (c dataCheckCmd) Run(ctx context.Context, s *session) error {
	s.progress.Phase("check " + c.Dir)
	checked, err := recipe.Check(ctx, c.Dir, recipe.CheckOptions{Quick: c.Quick, Done: s.progress.Count})
	if err != nil {
		return err
	}
	if err := s.result(checked, func(w io.Writer) error {
		if err := checkTable(checked).WriteText(w, s.textOptions()); err != nil {
			return err
		}
		return writeFindings(w, checked)
	}); err != nil {
		return err
	}
	return checked.Fault()
}

func checkTable(checked *recipe.Checked) viz.Table {
	table := viz.Table{Title: checked.Dir, Corner: "set"}
	names := []string{"used", "classes", "masks", "skipped"}
	if !checked.Quick {
		names = append(names, "refused", "smallest side", "largest side", "animated", "rotated by EXIF")
	}
	for _, name := range names {
		table.Columns = append(table.Columns, viz.Column{Name: name})
	}
	for _, r := range checked.Sets {
		counts := []int{r.Used, r.Covered(), r.Masks, r.Skipped}
		if !checked.Quick {
			counts = append(counts, len(r.Refused), r.SmallestSide, r.LargestSide, r.Animated, r.Rotated)
		}
		row := viz.TableRow{Name: r.Set}
		for _, n := range counts {
			row.Cells = append(row.Cells, viz.Number(float64(n), 0))
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// writeFindings says which published sets were recognised and what is wrong,
// a line each.
func writeFindings(w io.Writer, checked *recipe.Checked) error {
	text := "\n"
	for _, r := range checked.Sets {
		if r.Recognised == nil {
			continue
		}
		text += fmt.Sprintf("%s: %s\n", r.Set, r.Recognised)
		for _, note := range r.Recognised.Notes {
			text += "    " + note + "\n"
		}
		for _, fault := range r.Recognised.Faults {
			text += "    WRONG: " + fault + "\n"
		}
	}
	if len(checked.Absent) > 0 {
		text += "not there: " + strings.Join(checked.Absent, ", ") + "\n"
	}
	if text == "\n" {
		return nil
	}
	_, err := io.WriteString(w, text)
	return err
}

type dataWriteCmd struct {
	Dir    string `arg:"" help:"New or empty folder."`
	Train  int    `type:"count" help:"Training images." default:"2000"`
	PerSet int    `type:"count" help:"Images of each evaluation set." default:"500"`
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

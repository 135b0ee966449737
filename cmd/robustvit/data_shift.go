package main

import (
	"context"
	"fmt"
	"io"
	"maps"
	"slices"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shift"
	"github.com/robustvit/workbench/viz"
)

type dataShiftCmd struct {
	Dir        string         `arg:"" help:"Folder of classes, such as test."`
	Masks      string         `help:"Folder of masks, CLASS/FILE.png; default DIR_masks where it exists." placeholder:"DIR"`
	Out        string         `help:"New or empty folder for the sets." short:"o" required:"" placeholder:"DIR"`
	Kinds      []string       `help:"original, bg-blurred, bg-replaced, bg-gray, object-moved (with masks), rotated, moved, gray, noise; default all." placeholder:"KIND"`
	Seed       uint64         `help:"Draws angles, offsets, backgrounds and noise." placeholder:"N"`
	Sheet      string         `help:"Also write a contact sheet of some images." placeholder:"FILE.png"`
	SheetRows  int            `type:"count" help:"Images on the sheet." default:"8"`
	RotateEXIF bool           `name:"rotate-exif" help:"Turn images and masks upright by EXIF first."`
	Cache      data.CacheSize `help:"Memory for decoded images, such as 2GiB; default a quarter of what is free." placeholder:"SIZE"`
}

// Help is the example of `robustvit data shift --help`.
func (dataShiftCmd) Help() string {
	return "Shifted copies of a set, one evaluation set a kind, as PNG in the ImageNet layout, with the masks where the geometry keeps them. KIND.jsonl lists every image with its source and numbers, or the reason why it has no copy. The same seed gives the same bytes.\n\nExample:\n\n    robustvit data shift cifar10/test --masks cifar10/test_masks --out cifar10-shifted --sheet sheet.png\n    robustvit evaluate --weights runs/cifar/weights.safetensors --data cifar10-shifted --dir runs/shifted"
}

// Run writes the sets.
func (c dataShiftCmd) Run(ctx context.Context, s *session) error {
	set, err := data.OpenFolder(c.Dir, data.FolderOptions{Masks: c.Masks, RotateEXIF: c.RotateEXIF})
	if err != nil {
		return err
	}
	if c.SheetRows < 1 {
		return fmt.Errorf("data shift: --sheet-rows %d must be at least 1", c.SheetRows)
	}
	s.progress.Phase("shift " + c.Dir)
	counts, err := shift.Run(ctx, shift.Job{Set: set, Dir: c.Out, Kinds: c.Kinds, Seed: c.Seed, Cache: c.Cache, Progress: s.progress.Done("images")})
	if err != nil {
		return err
	}
	if c.Sheet != "" {
		sheet, err := shift.Sheet(c.Out, counts, c.SheetRows)
		if err != nil {
			return err
		}
		if err := data.WritePNG(c.Sheet, sheet); err != nil {
			return err
		}
	}
	return s.result(map[string]any{"dir": c.Out, "sets": counts, "sheet": c.Sheet}, func(w io.Writer) error {
		return c.print(w, s, counts)
	})
}

func (c dataShiftCmd) print(w io.Writer, s *session, counts []shift.Count) error {
	table := viz.Table{Title: "Shifted copies of " + c.Dir, Corner: "set", Columns: []viz.Column{
		{Name: "folder"}, {Name: "listed"}, {Name: "used"}, {Name: "skipped"}, {Name: "masks"}}}
	reasons := map[string]bool{}
	for _, n := range counts {
		row := viz.TableRow{Name: n.Title, Cells: []viz.Cell{viz.Text(n.Set)}}
		for _, v := range []int{n.Listed, n.Used, n.Skipped, n.Masks} {
			row.Cells = append(row.Cells, viz.Number(float64(v), 0))
		}
		table.Rows = append(table.Rows, row)
		for reason := range n.Reasons {
			reasons[reason] = true
		}
	}
	if err := table.WriteText(w, s.textOptions()); err != nil {
		return err
	}
	for _, reason := range slices.Sorted(maps.Keys(reasons)) {
		fmt.Fprintf(w, "skipped where %s\n", reason)
	}
	fmt.Fprintf(w, "\nwrote %s: a folder and a manifest (.jsonl) a set\n", c.Out)
	if c.Sheet != "" {
		fmt.Fprintf(w, "wrote %s\n", c.Sheet)
	}
	_, err := fmt.Fprintf(w, "next: robustvit evaluate --weights FILE --data %s --dir DIR\n", c.Out)
	return err
}

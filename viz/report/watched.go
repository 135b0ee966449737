package report

import (
	"fmt"
	"path"

	"github.com/robustvit/workbench/viz"
)

// Watched is the relevance maps of a watched finetuning, also while it runs: a
// column for each image, the first look in a row and the last below. Step is
// that of the last look. The table is nil where there is no look.
func Watched(dir string) (table *viz.PictureTable, step int, err error) {
	w, err := readWatched(dir)
	if err != nil || w == nil || len(w.looks) == 0 {
		return nil, 0, err
	}
	table = &viz.PictureTable{Title: "Relevance maps before and now", Side: 96, Note: "Images: " + w.Rule + "; %: the share of the relevance on the object."}
	pictures := make([]viz.Picture, len(w.Images))
	for i, image := range w.Images {
		if pictures[i], err = readPicture(dir, path.Join(watchDir, image.Picture)); err != nil {
			return nil, 0, err
		}
		table.Columns = append(table.Columns, fmt.Sprintf("%s (%s)", image.ClassName, image.Set))
	}
	looks := w.looks[:1]
	if last := len(w.looks) - 1; last > 0 {
		looks = []watchedLook{w.looks[0], w.looks[last]}
	}
	for _, look := range looks {
		row, err := w.row(dir, look, pictures)
		if err != nil {
			return nil, 0, err
		}
		table.Rows, step = append(table.Rows, row), look.Step
	}
	return table, step, nil
}

// row is one look as a row of pictures.
func (w *watched) row(dir string, look watchedLook, pictures []viz.Picture) (row viz.PictureRow, err error) {
	row.Label = fmt.Sprintf("step %d", look.Step)
	if look.Step == 0 {
		row.Label = "before"
	}
	for i, m := range look.Maps {
		cell := viz.PictureCell{Picture: pictures[i], Mark: viz.Wrong}
		if cell.Relevance, err = readMap(dir, path.Join(look.folder, m.Relevance)); err != nil {
			return row, err
		}
		if m.Predicted == w.Images[i].Class {
			cell.Mark = viz.Right
		}
		if m.OnMask != nil {
			cell.Caption = fmt.Sprintf("%.0f %%", 100**m.OnMask)
		}
		row.Cells = append(row.Cells, cell)
	}
	return row, nil
}

package report

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/robustvit/workbench/viz"
)

const (
	watchDir  = "watch"
	indexFile = "index.json"
)

// watchIndex and watchLook are what is read of watch/index.json and of
// watch/step-00000050/index.json.
type watchIndex struct {
	Rule   string `json:"rule"`
	Images []struct {
		Class     int    `json:"class"`
		ClassName string `json:"class_name"`
		Set       string `json:"set"`
		Picture   string `json:"picture"`
	} `json:"images"`
}

type watchLook struct {
	Step int `json:"step"`
	Maps []struct {
		Relevance string   `json:"relevance"`
		Predicted int      `json:"predicted"`
		OnMask    *float64 `json:"on_mask"`
	} `json:"maps"`
}

// Watched is the relevance maps of a watched finetuning, also while it runs: a
// column for each image, the first look in a row and the last below. Step is
// that of the last look. The table is nil where there is no look.
func Watched(dir string) (table *viz.PictureTable, step int, err error) {
	looks, err := lookNames(dir)
	if err != nil || len(looks) == 0 {
		return nil, 0, err
	}
	var index watchIndex
	if err := readJSON(dir, watchDir+"/"+indexFile, &index); err != nil {
		return nil, 0, err
	}
	table = &viz.PictureTable{Title: "Relevance maps before and now", Side: 96, Note: "Images: " + index.Rule + "; %: the share of the relevance on the object."}
	var pictures []viz.Picture
	for _, image := range index.Images {
		p, err := readPicture(dir, watchDir+"/"+image.Picture)
		if err != nil {
			return nil, 0, err
		}
		pictures = append(pictures, p)
		table.Columns = append(table.Columns, fmt.Sprintf("%s (%s)", image.ClassName, image.Set))
	}
	for _, name := range slices.Compact([]string{looks[0], looks[len(looks)-1]}) {
		row, at, err := lookRow(dir, name, index, pictures)
		if err != nil {
			return nil, 0, err
		}
		table.Rows, step = append(table.Rows, row), at
	}
	return table, step, nil
}

// lookNames lists the folders of the looks that are whole, in the order of the steps.
func lookNames(dir string) ([]string, error) {
	entries, err := os.ReadDir(filepath.Join(dir, watchDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("watched run: %w", err)
	}
	var names []string
	for _, e := range entries { // sorted; the steps have eight digits
		name := watchDir + "/" + e.Name()
		if !strings.HasPrefix(e.Name(), "step-") {
			continue
		}
		if _, err := os.Stat(inside(dir, name+"/"+indexFile)); err == nil {
			names = append(names, name)
		}
	}
	return names, nil
}

// lookRow is one look as a row of pictures.
func lookRow(dir, name string, index watchIndex, pictures []viz.Picture) (row viz.PictureRow, step int, err error) {
	var look watchLook
	if err := readJSON(dir, name+"/"+indexFile, &look); err != nil {
		return row, 0, err
	}
	if len(look.Maps) != len(pictures) {
		return row, 0, fmt.Errorf("%s has %d maps of %d images; make the run again", inside(dir, name), len(look.Maps), len(pictures))
	}
	row.Label = fmt.Sprintf("step %d", look.Step)
	if look.Step == 0 {
		row.Label = "before"
	}
	for i, m := range look.Maps {
		relevance, err := readMap(dir, name+"/"+m.Relevance)
		if err != nil {
			return row, 0, err
		}
		cell := viz.PictureCell{Picture: pictures[i], Relevance: relevance, Mark: viz.Wrong}
		if m.Predicted == index.Images[i].Class {
			cell.Mark = viz.Right
		}
		if m.OnMask != nil {
			cell.Caption = fmt.Sprintf("%.0f %%", 100**m.OnMask)
		}
		row.Cells = append(row.Cells, cell)
	}
	return row, look.Step, nil
}

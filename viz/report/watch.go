package report

import (
	"errors"
	"fmt"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/robustvit/workbench/viz"
)

const watchDir = "watch"

// watched is what a finetuning kept of a few fixed images while it ran: their
// pictures, and a relevance map of each at several steps.
type watched struct {
	Rule   string         `json:"rule"`
	Images []watchedImage `json:"images"`
	looks  []watchedLook  // by step
}

type watchedImage struct {
	ID        string `json:"id"`
	Class     int    `json:"class"`
	ClassName string `json:"class_name"`
	Set       string `json:"set"` // "A": its class is finetuned; "B"
	Trained   bool   `json:"trained"`
	Picture   string `json:"picture"` // in watch
}

type watchedLook struct {
	Step int `json:"step"`
	Maps []struct {
		Relevance  string   `json:"relevance"` // in the look's folder
		Predicted  int      `json:"predicted"`
		Confidence float64  `json:"confidence"`
		OnMask     *float64 `json:"on_mask"` // share of the map inside the mask
	} `json:"maps"`
	folder string
}

// readWatched reads the looks that are whole; nil where the run keeps none.
func readWatched(dir string) (*watched, error) {
	var w watched
	err := readJSON(dir, path.Join(watchDir, "index.json"), &w)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := os.ReadDir(inside(dir, watchDir))
	if err != nil {
		return nil, fmt.Errorf("read %s: %w", inside(dir, watchDir), cause(err))
	}
	for _, f := range all {
		if !f.IsDir() || !strings.HasPrefix(f.Name(), "step-") {
			continue
		}
		look := watchedLook{folder: path.Join(watchDir, f.Name())}
		err := readJSON(dir, path.Join(look.folder, "index.json"), &look)
		if errors.Is(err, os.ErrNotExist) { // it is being written
			continue
		}
		if err != nil {
			return nil, err
		}
		if len(look.Maps) != len(w.Images) {
			return nil, fmt.Errorf("%s has %d maps, expected %d, one of each watched image", inside(dir, look.folder+"/index.json"), len(look.Maps), len(w.Images))
		}
		w.looks = append(w.looks, look)
	}
	slices.SortFunc(w.looks, func(a, b watchedLook) int { return a.Step - b.Step })
	return &w, nil
}

// looksShown is how many looks stand side by side: the first, the last and those
// evenly between.
const looksShown = 5

func (w *watched) shown() []watchedLook { return w.spread(looksShown) }

// spread takes at most n looks, the first and the last among them.
func (w *watched) spread(n int) []watchedLook {
	n = min(n, len(w.looks))
	shown := make([]watchedLook, n)
	for i := range n {
		shown[i] = w.looks[i*(len(w.looks)-1)/max(n-1, 1)]
	}
	return shown
}

// section is the maps over the training, and the share of them on the objects.
func (w *watched) section(dir string) (viz.Section, error) {
	s := viz.Section{Title: "What it looks at", Lead: "Relevance of the true class of a few fixed images, while the training went on. Set A: classes that are finetuned; set B: others."}
	if plot, ok := w.plot(); ok {
		s.Fragments = append(s.Fragments, plot)
	}
	table, err := w.pictures(dir, w.Images, w.shown())
	s.Fragments = append(s.Fragments, table)
	return s, err
}

// pictures sets the maps of the looks beside each of the first images.
func (w *watched) pictures(dir string, images []watchedImage, looks []watchedLook) (viz.PictureTable, error) {
	t := viz.PictureTable{Columns: []string{"image"}, Note: "Under each map: whether the class is predicted, with the confidence, and the share of the map on the object.", Side: 128}
	if w.Rule != "" {
		t.Note += " The images: " + w.Rule + "."
	}
	for _, look := range looks {
		t.Columns = append(t.Columns, fmt.Sprintf("step %d", look.Step))
	}
	for i, img := range images {
		picture, err := readPicture(dir, path.Join(watchDir, img.Picture))
		if err != nil {
			return t, err
		}
		row := viz.PictureRow{Label: "Set " + img.Set, Cells: []viz.PictureCell{{Picture: picture, Caption: img.caption()}}}
		for _, look := range looks {
			cell := viz.PictureCell{Picture: picture, Caption: look.caption(i), Mark: viz.Wrong}
			if look.Maps[i].Predicted == img.Class {
				cell.Mark = viz.Right
			}
			if cell.Relevance, err = readMap(dir, path.Join(look.folder, look.Maps[i].Relevance)); err != nil {
				return t, err
			}
			row.Cells = append(row.Cells, cell)
		}
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

func (img watchedImage) caption() string {
	text := firstOf(img.ClassName, fmt.Sprint(img.Class))
	if img.Trained {
		text += ", a training image"
	}
	return text
}

func (l watchedLook) caption(i int) string {
	text := fmt.Sprintf("%.0f %%", 100*l.Maps[i].Confidence)
	if on := l.Maps[i].OnMask; on != nil {
		text += fmt.Sprintf(", on object %.0f %%", 100**on)
	}
	return text
}

// plot is the mean share of the maps on the objects; ok is false where there are
// no two looks at an image with a mask.
func (w *watched) plot() (viz.Curves, bool) {
	c := viz.Curves{Title: "Relevance on the object", X: viz.Axis{Label: "step"}, Y: viz.Axis{Label: "% of the map, mean over images"}, Marks: len(w.looks) <= markedPoints, Width: 520, Height: 240}
	for _, set := range []struct {
		name  string
		color viz.SeriesColor
	}{{"A", viz.Green}, {"B", viz.Orange}} {
		s := viz.Series{Name: "set " + set.name, Color: set.color}
		for _, look := range w.looks {
			sum, n := 0.0, 0
			for i, m := range look.Maps {
				if m.OnMask != nil && w.Images[i].Set == set.name {
					sum, n = sum+100**m.OnMask, n+1
				}
			}
			if n > 0 {
				s.X, s.Y = append(s.X, float64(look.Step)), append(s.Y, sum/float64(n))
			}
		}
		if len(s.Y) > 1 {
			c.Series = append(c.Series, s)
		}
	}
	return c, len(c.Series) > 0
}

// pair is one image's map at the first and at the last look; nil without any.
func (w *watched) pair(dir string) (viz.Fragment, error) {
	if w == nil || len(w.looks) == 0 || len(w.Images) == 0 {
		return nil, nil
	}
	looks := w.looks[:1]
	if n := len(w.looks); n > 1 {
		looks = []watchedLook{w.looks[0], w.looks[n-1]}
	}
	t, err := w.pictures(dir, w.Images[:1], looks)
	t.Note = ""
	return t, err
}

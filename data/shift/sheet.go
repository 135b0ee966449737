package shift

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"os"
	"path/filepath"

	"github.com/robustvit/workbench/data"
	xdraw "golang.org/x/image/draw"
	"golang.org/x/image/font"
	"golang.org/x/image/font/basicfont"
	"golang.org/x/image/math/fixed"
)

// Sizes of the contact sheet in pixels.
const (
	cellSide   = 144
	cellGap    = 6
	headHeight = 20
)

// Sheet shows samples of the folder that Run wrote: a row a sample, a column a
// set. The samples are spread evenly over those that most sets could use; a
// cell is empty where a sample has no copy.
func Sheet(dir string, counts []Count, rows int) (image.Image, error) {
	manifests := map[string][]Line{}
	uses := map[string]int{}
	var order []string
	for _, c := range counts {
		lines, err := readManifest(dir, c.Set+".jsonl")
		if err != nil {
			return nil, err
		}
		manifests[c.Set] = lines
		for _, line := range lines {
			if _, known := uses[line.Source]; !known {
				order, uses[line.Source] = append(order, line.Source), 0
			}
			if line.Skipped == "" {
				uses[line.Source]++
			}
		}
	}
	chosen := spread(order, uses, rows)
	step := cellSide + cellGap
	sheet := image.NewNRGBA(image.Rect(0, 0, len(counts)*step+cellGap, len(chosen)*step+headHeight+cellGap))
	draw.Draw(sheet, sheet.Bounds(), image.White, image.Point{}, draw.Src)
	for column, c := range counts {
		left := cellGap + column*step
		label(sheet, left, headHeight-6, c.Title)
		for _, line := range manifests[c.Set] {
			row, ok := chosen[line.Source]
			if !ok || line.Skipped != "" {
				continue
			}
			img, _, err := data.ReadPicture(dir, line.ID+".png")
			if err != nil {
				return nil, err
			}
			place(sheet, image.Pt(left, headHeight+row*step), img)
		}
	}
	return sheet, nil
}

// spread picks n of the samples with the most uses, evenly along the order, and
// gives each its row.
func spread(order []string, uses map[string]int, n int) map[string]int {
	most := 0
	for _, id := range order {
		most = max(most, uses[id])
	}
	var best []string
	for _, id := range order {
		if uses[id] == most {
			best = append(best, id)
		}
	}
	n = min(n, len(best))
	rows := map[string]int{}
	for row := range n {
		rows[best[(2*row+1)*len(best)/(2*n)]] = row
	}
	return rows
}

// place fits the picture into a cell, keeping its proportions.
func place(sheet draw.Image, at image.Point, img *data.Image) {
	w, h := cellSide, cellSide
	if img.Width > img.Height {
		h = max(1, cellSide*img.Height/img.Width)
	} else {
		w = max(1, cellSide*img.Width/img.Height)
	}
	target := image.Rect(0, 0, w, h).Add(at).Add(image.Pt((cellSide-w)/2, (cellSide-h)/2))
	source := img.Picture()
	xdraw.CatmullRom.Scale(sheet, target, source, source.Bounds(), draw.Src, nil)
}

func label(sheet draw.Image, x, y int, text string) {
	d := font.Drawer{Dst: sheet, Src: image.NewUniform(color.Gray{Y: 40}), Face: basicfont.Face7x13, Dot: fixed.P(x, y)}
	d.DrawString(text)
}

func readManifest(dir, name string) ([]Line, error) {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return nil, fmt.Errorf("shift: manifest: %w", err)
	}
	defer root.Close()
	text, err := root.ReadFile(name)
	if err != nil {
		return nil, fmt.Errorf("shift: manifest: %w", err)
	}
	var lines []Line
	for text := range bytes.Lines(text) {
		var line Line
		if err := json.Unmarshal(text, &line); err != nil {
			return nil, fmt.Errorf("shift: manifest %s: %w", filepath.Join(dir, name), err)
		}
		lines = append(lines, line)
	}
	return lines, nil
}

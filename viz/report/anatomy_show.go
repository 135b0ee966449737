package report

import (
	"fmt"
	"image"
	"math"

	"github.com/robustvit/workbench/viz"
)

// Input is the image as the model sees it, the border of its mask, and what the
// model takes it for.
func (a *Anatomy) Input() (viz.Fragment, error) {
	picture, err := viz.Thumbnail(a.picture, a.mask, 192)
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	caption := a.parts.ID
	if a.mask != nil {
		caption += ", with the border of its mask"
	}
	figure := viz.Figure{Image: picture, Alt: "the image as the model sees it", Caption: caption}
	said := viz.Predictions{Title: a.parts.Model.Source, Truth: a.parts.Truth, Top: predictions(a.parts.Top), Width: 260}
	return viz.Row{figure, said}, nil
}

// Layers is the CLS row of R after each layer for the first class: on one scale,
// which shows how much each layer adds, and each on its own, which shows where.
func (a *Anatomy) Layers(colors viz.ColorMap) []viz.Fragment {
	class := a.parts.Classes[0]
	rows := []viz.StripRow{{Name: "R after each layer, for " + class.Class.Name, Maps: a.raws(class.Layers)}}
	strip := viz.LayerStrip{Title: "One scale", Picture: a.picture, Mask: a.mask, Rows: rows, Colors: colors, Shared: true, Side: 128}
	own := strip
	own.Title, own.Shared = "Each on its own scale", false
	bar := a.bar(colors, "relevance, raw", class.Layers...)
	return []viz.Fragment{strip, bar, own, viz.ColorBar{Colors: colors, Low: "low", High: "high", Label: "relevance, each map on its own scale"}}
}

// Heads is what each head of each layer brings for the first class, a row a
// layer and one scale a row.
func (a *Anatomy) Heads(colors viz.ColorMap) viz.Fragment {
	class := a.parts.Classes[0]
	strip := viz.LayerStrip{Title: "What each head brings, for " + class.Class.Name, Picture: a.picture, Mask: a.mask, Colors: colors, Shared: true, Side: 128,
		Caption: "The CLS row of max(∇a ∘ a, 0). Heads of one layer share a scale; layers do not."}
	for i, heads := range class.Heads {
		strip.Rows = append(strip.Rows, viz.StripRow{Name: fmt.Sprintf("layer %d, up to %.2g", i+1, highest(heads)), Maps: a.raws(heads)})
		if i > 0 {
			continue
		}
		for h := range heads {
			strip.Labels = append(strip.Labels, fmt.Sprintf("head %d", h+1))
		}
	}
	return strip
}

// Explainers is every explainer's map for every class, a row a class.
func (a *Anatomy) Explainers(colors viz.ColorMap) (viz.Fragment, error) {
	table := viz.PictureTable{Title: "Five explanations", Columns: []string{"image"}, Colors: colors, Side: 128, Maps: "what the explainer calls important",
		Note: "Rollout and raw attention do not ask for a class: their rows are equal."}
	if a.mask != nil {
		table.Note += " %: the share of the map on the object."
	}
	for i, class := range a.parts.Classes {
		row := viz.PictureRow{Label: fmt.Sprintf("for %s (%.1f %%)", class.Class.Name, 100*class.Class.Confidence), Cells: []viz.PictureCell{{Picture: a.picture}}}
		for _, e := range class.Explainers {
			relevance, err := readMap(a.dir, e.Relevance)
			if err != nil {
				return nil, fmt.Errorf("report: %w", err)
			}
			cell := viz.PictureCell{Picture: a.picture, Relevance: relevance}
			if e.Score != nil {
				cell.Caption = fmt.Sprintf("%.0f %%", e.Score.MassOnObject)
			}
			row.Cells = append(row.Cells, cell)
			if i == 0 {
				table.Columns = append(table.Columns, e.title())
			}
		}
		table.Rows = append(table.Rows, row)
	}
	return table, nil
}

// Classes is the raw relevance of every class, on scales of their own or on one.
func (a *Anatomy) Classes(colors viz.ColorMap, scale viz.Scale) viz.Fragment {
	item := viz.GalleryItem{ID: a.parts.ID, Truth: a.parts.Truth, Picture: a.picture, Mask: a.mask}
	for _, class := range a.parts.Classes {
		m := a.raw(class.Explainers[0].Patches)
		low, high := m.Range()
		item.Views = append(item.Views, viz.View{Name: "for " + class.Class.Name, Relevance: &m,
			Note: fmt.Sprintf("raw values %.3g to %.3g; confidence %.1f %%", low, high, 100*class.Class.Confidence)})
	}
	return viz.Gallery{Items: []viz.GalleryItem{item}, Colors: colors, Scale: scale, Side: 192}
}

// ColorMaps is the relevance of the first class in every colour scale, with the
// raw values at the ends of the bars; last as the paper's figures blend it.
func (a *Anatomy) ColorMaps() (viz.Fragment, error) {
	m := a.raw(a.parts.Classes[0].Explainers[0].Patches)
	low, high := m.Range()
	var row viz.Row
	for _, look := range []struct {
		name   string
		colors viz.ColorMap
		blend  viz.Blend
	}{
		{"viridis", viz.Viridis, viz.Overlay}, {"inferno, without the picture", viz.Inferno, viz.Bare},
		{"jet", viz.Jet, viz.Overlay}, {"jet added to the picture, as in the paper", viz.Jet, viz.Added},
	} {
		var heat image.Image
		heat, err := viz.Heatmap(a.picture, m, viz.HeatmapOptions{Colors: look.colors, Blend: look.blend, Side: 192})
		if err != nil {
			return nil, fmt.Errorf("report: %w", err)
		}
		heat = viz.WithColorBar(heat, look.colors, float64(low), float64(high))
		row = append(row, viz.Figure{Image: heat, Alt: "relevance in " + look.name, Caption: look.name})
	}
	return row, nil
}

// Table is how the maps of the first class lie on the object, by explainer, with
// the paper's pixel accuracy, mIoU and mAP beside GAE's. Without a mask there is
// nothing to measure.
func (a *Anatomy) Table(paper [3]float64) viz.Fragment {
	class := a.parts.Classes[0]
	table := viz.Table{Title: "The maps against the mask, in %", Corner: "for " + class.Class.Name,
		Note: "One image, each map cut at its own mean. Small, the paper's means over its segmentation test set."}
	for _, name := range []string{"pixel accuracy", "mIoU", "mAP, two classes", "share on the object"} {
		table.Columns = append(table.Columns, viz.Column{Name: name})
	}
	for i, e := range class.Explainers {
		if e.Score == nil {
			return viz.Prose{"This image has no mask: nothing can be measured. Take one of the embedded data, such as shapes:val/12."}
		}
		row := viz.TableRow{Name: e.title()}
		for j, value := range e.figures() {
			cell := viz.Number(value, 1)
			if i == 0 && j < len(paper) {
				cell = cell.Paper(paper[j])
			}
			row.Cells = append(row.Cells, cell)
		}
		table.Rows = append(table.Rows, row)
	}
	return table
}

// figures are pixel accuracy, mIoU, two-class AP and the share on the object, in %.
func (e explained) figures() []float64 {
	s, iou := e.Score, 0.0
	for i := range s.Union {
		iou += 50 * float64(s.Intersection[i]) / max(float64(s.Union[i]), 1)
	}
	return []float64{100 * float64(s.PixelsRight) / max(float64(s.Pixels), 1), iou, 100 * s.AP, s.MassOnObject}
}

// bar is the colour bar of raw values.
func (a *Anatomy) bar(colors viz.ColorMap, label string, rows ...[]float32) viz.ColorBar {
	low, high := float32(math.Inf(1)), float32(math.Inf(-1))
	for _, row := range rows {
		l, h := a.raw(row).Range()
		low, high = min(low, l), max(high, h)
	}
	return viz.ColorBar{Colors: colors, Low: fmt.Sprintf("%.3g", low), High: fmt.Sprintf("%.3g", high), Label: label}
}

func highest(rows [][]float32) (high float32) {
	for _, row := range rows {
		for _, value := range row {
			high = max(high, value)
		}
	}
	return high
}

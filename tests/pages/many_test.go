package pages

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/viz"
)

// heatmap is a picture of noise, which takes the most bytes, and a map of it.
func heatmap(seed uint64) (viz.Picture, viz.Map) {
	const side = 64
	rng := rand.New(rand.NewPCG(seed, 3))
	p := viz.Picture{Width: side, Height: side, Pix: make([]uint8, 3*side*side)}
	m := viz.Map{Width: side, Height: side, Pix: make([]float32, side*side)}
	for i := range p.Pix {
		p.Pix[i] = uint8(rng.Uint32())
	}
	for i := range m.Pix {
		m.Pix[i] = rng.Float32()
	}
	return p, m
}

// TestThousandHeatmaps is H5: whatever shows a thousand heatmaps stays within
// what a cell may hold, and says how many it left out.
func TestThousandHeatmaps(t *testing.T) {
	const all = 1000
	p, m := heatmap(1)
	var items []viz.GalleryItem
	var maps []viz.Map
	var rows []viz.PictureRow
	var lines []viz.StripRow
	var strip []viz.StripItem
	for range all {
		items = append(items, viz.GalleryItem{ID: "val/1", Picture: p, Views: []viz.View{{Name: "before", Relevance: &m}}})
		maps, lines = append(maps, m), append(lines, viz.StripRow{Name: "head", Maps: []viz.Map{m}})
		rows = append(rows, viz.PictureRow{Label: "val/1", Cells: []viz.PictureCell{{Picture: p, Relevance: &m}}})
		strip = append(strip, viz.StripItem{Name: "val/1", Picture: p, Relevance: m})
	}
	gallery := viz.Gallery{Items: items}
	for _, c := range []struct {
		name     string
		fragment viz.Fragment
		says     string // "" where a fixed number is promised
		paged    bool
	}{
		{"gallery", gallery, "of 1000. Left out", true},
		{"picture table", viz.PictureTable{Columns: []string{"before"}, Rows: rows}, "of 1000 rows. Left out", true},
		{"strip of many maps", viz.LayerStrip{Picture: p, Rows: []viz.StripRow{{Maps: maps}}}, "of 1000 maps. Left out", false},
		{"strip of many rows", viz.LayerStrip{Picture: p, Rows: lines}, "of 1000 maps. Left out", false},
		{"live view", viz.Progress{Total: 1, Strip: strip}, "", false},
		{"several galleries", viz.Row{gallery, gallery}, "of 1000. Left out", true},
	} {
		catalogue.Case(t, "H5", c.name, func(t *testing.T) {
			page, err := viz.HTML(c.fragment)
			if err != nil {
				t.Fatal(err)
			}
			if len(page) > viz.CellBytes {
				t.Errorf("%d bytes, expected at most %d", len(page), viz.CellBytes)
			}
			if !strings.Contains(page, c.says) {
				t.Errorf("it does not say %q", c.says)
			}
			if strings.Contains(page, "<details") != c.paged {
				t.Errorf("folded pages: %v, expected %v", !c.paged, c.paged)
			}
		})
	}
}

package masks

import (
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/tokencut"
	"github.com/robustvit/workbench/robustvit"
)

// made is one image's mask with what led to it.
type made struct {
	Mask
	pixels []bool    // the mask, at the size of the image
	coarse []bool    // before the solver
	cw, ch int       // size of coarse: the grid, or the image's
	heat   []float32 // the map [grid], 0 to 1
}

// make turns the model's view of an image into its mask and scores.
func (s Settings) make(img *data.Image, f robustvit.PatchFeatures, columns, rows int) (made, error) {
	m := made{Mask: Mask{Method: s.Method, Width: img.Width, Height: img.Height, Grid: [2]int{columns, rows}}}
	if err := s.find(&m, f); err != nil {
		return m, err
	}
	if err := s.refine(&m, img); err != nil {
		return m, err
	}
	area := 0
	for _, foreground := range m.pixels {
		if foreground {
			area++
		}
	}
	m.Area = float64(area) / float64(len(m.pixels))
	m.Sides = tokencut.Sides(m.pixels, img.Width, img.Height)
	m.Rejected = s.reject(m.Mask)
	return m, nil
}

// find makes the map and the coarse mask.
func (s Settings) find(m *made, f robustvit.PatchFeatures) error {
	columns, rows := m.Grid[0], m.Grid[1]
	m.cw, m.ch = columns, rows
	if s.Method == TokenCut {
		p, err := tokencut.Find(f.Keys, columns, rows, *s.Cut)
		if err != nil {
			return err
		}
		m.heat, m.coarse, m.Gap = scaled(p.Vector), p.Mask, p.Gap()
		_, m.Separation = otsu(m.heat)
		return nil
	}
	attention := meanOverHeads(f.Attention, columns*rows)
	m.heat = scaled(attention)
	upsampled := enlarge(m.heat, columns, rows, m.Width, m.Height)
	threshold, separation := otsu(upsampled)
	m.Separation = separation
	if s.KeepMass > 0 {
		m.coarse = strongest(attention, columns, rows, s.KeepMass)
		return nil
	}
	m.cw, m.ch, m.coarse = m.Width, m.Height, make([]bool, len(upsampled))
	for i, v := range upsampled {
		m.coarse[i] = v >= threshold
	}
	m.coarse = tokencut.LargestPart(m.coarse, m.cw, m.ch)
	return nil
}

// refine makes the mask at the size of the image.
func (s Settings) refine(m *made, img *data.Image) error {
	if s.Solver == nil {
		m.pixels = tokencut.Enlarge(m.coarse, m.cw, m.ch, m.Width, m.Height)
		return nil
	}
	r, err := s.Solver.Refine(img, m.coarse, m.cw, m.ch)
	if err != nil {
		return err
	}
	m.pixels, m.Agreement, m.Refined = r.Mask, r.Agreement, r.Solved
	return nil
}

// asMask is a mask in the form that files and hashes take.
func asMask(pixels []bool, w, h int) *data.Mask {
	m := &data.Mask{Width: w, Height: h, Pix: make([]float32, len(pixels))}
	for i, foreground := range pixels {
		if foreground {
			m.Pix[i] = 1
		}
	}
	return m
}

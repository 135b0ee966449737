package tokencut

import (
	"errors"
	"fmt"

	"github.com/robustvit/workbench/data"
)

// grid is a bilateral grid: pixels that are close in place, brightness and
// colour share a vertex. Only occupied vertices exist.
type grid struct {
	vertex     []int32           // of each pixel
	pixels     []float64         // of each vertex: how many
	neighbours [][2 * axes]int32 // of each vertex, one step along each axis; -1 = none
}

const axes = 5 // x, y, luma, two chromas

// cell packs the five coordinates: axis i has widths[i] bits from shift[i] on.
type cell uint64

var (
	shift  = [axes]int{48, 32, 22, 11, 0}
	widths = [axes]int{16, 16, 10, 11, 11}
)

func checkImage(img *data.Image) error {
	if img == nil || img.Width < 1 || img.Height < 1 || len(img.Pix) != 3*img.Width*img.Height {
		return errors.New("the image is empty or has not 3 bytes a pixel")
	}
	return nil
}

func newGrid(img *data.Image, s Solver) (*grid, error) {
	if most := s.Spatial * (1<<16 - 2); float64(max(img.Width, img.Height)) > most {
		return nil, fmt.Errorf("the image has %d x %d pixels, expected at most %.0f a side", img.Width, img.Height, most)
	}
	g := &grid{vertex: make([]int32, img.Width*img.Height)}
	index := map[cell]int32{}
	var cells []cell
	var last cell
	at := int32(-1)
	for i := range g.vertex {
		c := s.cell(i%img.Width, i/img.Width, img.Pix[3*i:3*i+3])
		if at < 0 || c != last {
			var known bool
			if at, known = index[c]; !known {
				at = int32(len(cells))
				index[c] = at
				cells = append(cells, c)
				g.pixels = append(g.pixels, 0)
			}
			last = c
		}
		g.vertex[i] = at
		g.pixels[at]++
	}
	g.link(cells, index)
	return g, nil
}

// cell is the place of a pixel in the grid: JPEG's YCbCr, truncated.
func (s Solver) cell(x, y int, rgb []uint8) cell {
	r, g, b := float64(rgb[0]), float64(rgb[1]), float64(rgb[2])
	luma := 0.299*r + 0.587*g + 0.114*b
	cb := -0.168736*r - 0.331264*g + 0.5*b + 128
	cr := 0.5*r - 0.418688*g - 0.081312*b + 128
	var c cell
	for axis, v := range [axes]float64{float64(x) / s.Spatial, float64(y) / s.Spatial, luma / s.Luma, cb / s.Chroma, cr / s.Chroma} {
		c |= cell(v) << shift[axis]
	}
	return c
}

// link finds the neighbours of each vertex.
func (g *grid) link(cells []cell, index map[cell]int32) {
	g.neighbours = make([][2 * axes]int32, len(cells))
	for i, c := range cells {
		for axis := range axes {
			one, mask := cell(1)<<shift[axis], (cell(1)<<widths[axis]-1)<<shift[axis]
			below, above := int32(-1), int32(-1)
			if c&mask != 0 {
				if at, ok := index[c-one]; ok {
					below = at
				}
			}
			if c&mask != mask {
				if at, ok := index[c+one]; ok {
					above = at
				}
			}
			g.neighbours[i][2*axis], g.neighbours[i][2*axis+1] = below, above
		}
	}
}

// blur is out = B y: the kernel 1 2 1 along each axis, summed over the axes.
func (g *grid) blur(y, out []float64) {
	for i, v := range y {
		sum := 2 * axes * v
		for _, at := range g.neighbours[i] {
			if at >= 0 {
				sum += y[at]
			}
		}
		out[i] = sum
	}
}

package masks

import (
	"fmt"

	"github.com/robustvit/workbench/data"
)

// Rule says which attention masks are kept.
type Rule struct {
	MinArea       float64 `json:"min_area"`       // share of the image
	MaxArea       float64 `json:"max_area"`       // share of the image
	MinSeparation float64 `json:"min_separation"` // see Mask.Separation
	MaxSides      int     `json:"max_sides"`      // image sides the object may touch
}

// DefaultRule rejects specks, floods, maps without two levels and masks that
// touch all four sides.
func DefaultRule() Rule {
	return Rule{MinArea: 0.04, MaxArea: 0.75, MinSeparation: 0.55, MaxSides: 3}
}

// Mask is one image's outcome; a line of masks.jsonl.
type Mask struct {
	ID         string  `json:"id"`
	Area       float64 `json:"area"`       // share of the model's view
	Separation float64 `json:"separation"` // how clearly the attention has two levels, 0 to 1
	Sides      int     `json:"sides"`      // image sides touched
	Rejected   string  `json:"rejected,omitempty"`
	File       string  `json:"file,omitempty"`
}

// fromAttention thresholds the patch attention [grid x grid] of one image into
// a mask of the model's view, size x size: bilinear upsampling, Otsu's
// threshold, largest part.
func fromAttention(attention []float32, grid, size int, rule Rule) (view []bool, m Mask) {
	low, high := attention[0], attention[0]
	for _, v := range attention {
		low, high = min(low, v), max(high, v)
	}
	scaled := make([]float32, len(attention))
	for i, v := range attention {
		if high > low {
			scaled[i] = (v - low) / (high - low)
		}
	}
	upsampled := enlarge(scaled, grid, size)
	threshold, separation := otsu(upsampled)
	view = make([]bool, len(upsampled))
	for i, v := range upsampled {
		view[i] = v >= threshold
	}
	view, m.Sides = largestComponent(view, size, size)
	area := 0
	for _, foreground := range view {
		if foreground {
			area++
		}
	}
	m.Area = float64(area) / float64(len(view))
	m.Separation = separation
	m.Rejected = rule.reject(m)
	return view, m
}

func (r Rule) reject(m Mask) string {
	switch {
	case m.Area < r.MinArea:
		return fmt.Sprintf("area %.3f below %.3f", m.Area, r.MinArea)
	case m.Area > r.MaxArea:
		return fmt.Sprintf("area %.3f above %.3f", m.Area, r.MaxArea)
	case m.Separation < r.MinSeparation:
		return fmt.Sprintf("separation %.2f below %.2f", m.Separation, r.MinSeparation)
	case m.Sides > r.MaxSides:
		return fmt.Sprintf("touches %d sides", m.Sides)
	}
	return ""
}

// enlarge resizes an n x n map bilinearly (half-pixel centres, clamped).
func enlarge(low []float32, n, size int) []float32 {
	out := make([]float32, size*size)
	at := func(i int) (below, above int, fraction float32) {
		x := max((float32(i)+0.5)*float32(n)/float32(size)-0.5, 0)
		below = min(int(x), n-1)
		return below, min(below+1, n-1), x - float32(below)
	}
	for y := range size {
		y0, y1, fy := at(y)
		for x := range size {
			x0, x1, fx := at(x)
			top := low[y0*n+x0]*(1-fx) + low[y0*n+x1]*fx
			bottom := low[y1*n+x0]*(1-fx) + low[y1*n+x1]*fx
			out[y*size+x] = top*(1-fy) + bottom*fy
		}
	}
	return out
}

// toImage brings a mask of the model's view back onto the image file: the
// native protocol resizes the short side and cuts the centre; what the model
// did not see is background.
func toImage(view []bool, size, width, height int) *data.Mask {
	mask := &data.Mask{Width: width, Height: height, Pix: make([]float32, width*height)}
	short := min(width, height)
	left, top := (width-short)/2, (height-short)/2
	for y := range short {
		for x := range short {
			if view[(y*size/short)*size+x*size/short] {
				mask.Pix[(top+y)*width+left+x] = 1
			}
		}
	}
	return mask
}

package viz

import (
	"fmt"
	"image"
	"math"
)

// Blend is how a heatmap joins its picture.
type Blend int

const (
	// Overlay lays the colours over a nearly grey picture, so that no colour of
	// the picture is taken for one of the scale.
	Overlay Blend = iota
	// Added is the look of the paper's figures: colours plus picture, divided by
	// the largest value.
	Added
	// Bare shows the map alone.
	Bare
)

// HeatmapOptions says how a relevance map becomes a picture. The zero value is
// viridis over the picture, the map on its own scale, 192 pixels.
type HeatmapOptions struct {
	Colors   ColorMap
	Blend    Blend
	Strength float64 // share of the colours in Overlay where relevance is highest, 0 = 0.75
	Low      float32 // scale: the value of the first colour
	High     float32 // and of the last; Low == High: the map's own range
	Side     int     // longer side in pixels, 0 = 192; tiny pictures grow by a whole factor
	Outline  *Map    // mask whose border is drawn, nil = none
}

const defaultSide = 192

// Heatmap draws the relevance map over the picture. A map of another size (one
// value a patch) is upsampled bilinearly. NaN and infinite values are grey. The
// error names the value that does not fit its size.
func Heatmap(p Picture, relevance Map, o HeatmapOptions) (*image.RGBA, error) {
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("heatmap: %w", err)
	}
	if err := relevance.check(); err != nil {
		return nil, fmt.Errorf("heatmap: relevance %w", err)
	}
	w, h := thumbnailSize(p.Width, p.Height, side(o.Side))
	out := p.resize(w, h)
	paint(out, p, relevance, o)
	if o.Outline != nil {
		if err := outline(out, *o.Outline); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Thumbnail draws the picture alone, with the border of the mask if there is one.
// side is the longer side in pixels, 0 = 192.
func Thumbnail(p Picture, mask *Map, sidePixels int) (*image.RGBA, error) {
	if err := p.check(); err != nil {
		return nil, fmt.Errorf("thumbnail: %w", err)
	}
	w, h := thumbnailSize(p.Width, p.Height, side(sidePixels))
	out := p.resize(w, h)
	if mask == nil {
		return out, nil
	}
	return out, outline(out, *mask)
}

func side(n int) int {
	if n <= 0 {
		return defaultSide
	}
	return min(n, maxSide)
}

// paint colours out in place. The map is sampled once for each pixel of the
// picture, not of the enlargement: a tiny picture keeps its square pixels.
func paint(out *image.RGBA, p Picture, relevance Map, o HeatmapOptions) {
	low, high := o.Low, o.High
	if low == high {
		low, high = relevance.Range()
	}
	w, h := out.Rect.Dx(), out.Rect.Dy()
	gw, gh := min(w, p.Width), min(h, p.Height)
	for y := range h {
		for x := range w {
			v := relevance.at((float64(x*gw/w)+0.5)/float64(gw), (float64(y*gh/h)+0.5)/float64(gh))
			blend(out.Pix[out.PixOffset(x, y):], scaled(v, float64(low), float64(high)), o)
		}
	}
	if o.Blend == Added {
		normalise(out)
	}
}

// scaled maps low..high to 0..1; a constant map is zero everywhere, never NaN.
func scaled(v, low, high float64) float64 {
	if !finite(v) {
		return math.NaN()
	}
	if high <= low {
		return 0
	}
	return (v - low) / (high - low)
}

func blend(pixel []uint8, v float64, o HeatmapOptions) {
	c := o.Colors.At(v)
	r, g, b := float64(pixel[0]), float64(pixel[1]), float64(pixel[2])
	strength := o.Strength
	if strength <= 0 || strength > 1 {
		strength = 0.75
	}
	switch o.Blend {
	case Bare:
		pixel[0], pixel[1], pixel[2] = c.R, c.G, c.B
		return
	case Added:
		strength = 0.5 // halved here, brightened again by normalise
	default:
		const kept = 0.25 // of the picture's own colour
		if finite(v) {
			strength *= 0.55 + 0.45*min(max(v, 0), 1) // the picture stays visible where the map is low
		}
		luma := 0.299*r + 0.587*g + 0.114*b
		r, g, b = luma+kept*(r-luma), luma+kept*(g-luma), luma+kept*(b-luma)
	}
	mix := func(from float64, to uint8) uint8 {
		return uint8(math.Round(from*(1-strength) + float64(to)*strength))
	}
	pixel[0], pixel[1], pixel[2] = mix(r, c.R), mix(g, c.G), mix(b, c.B)
}

// normalise divides by the largest channel value of the whole picture.
func normalise(out *image.RGBA) {
	var top uint8
	for i, v := range out.Pix {
		if i%4 != 3 {
			top = max(top, v)
		}
	}
	if top == 0 {
		return
	}
	for i, v := range out.Pix {
		if i%4 != 3 {
			out.Pix[i] = uint8(int(v) * 255 / int(top))
		}
	}
}

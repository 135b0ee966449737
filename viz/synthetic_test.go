package viz_test

import (
	"math"
	"math/rand/v2"

	"github.com/robustvit/workbench/viz"
)

var classNames = []string{"heart", "star5", "ring", "fish", "gear8", "crescent", "plus", "mushroom"}

// scene draws a tiny picture: stripes, noise and one object, with its mask.
func scene(seed uint64, side int) (viz.Picture, viz.Map) {
	rng := rand.New(rand.NewPCG(seed, 7))
	p := viz.Picture{Width: side, Height: side, Pix: make([]uint8, 3*side*side)}
	mask := viz.Map{Width: side, Height: side, Pix: make([]float32, side*side)}
	var ground, stripe, object [3]float64
	for c := range 3 {
		ground[c], stripe[c], object[c] = 60+120*rng.Float64(), 40+160*rng.Float64(), 40+200*rng.Float64()
	}
	cx, cy, r := 0.3+0.4*rng.Float64(), 0.3+0.4*rng.Float64(), 0.16+0.12*rng.Float64()
	angle, petals := rng.Float64()*math.Pi, float64(rng.IntN(6))
	for y := range side {
		for x := range side {
			u, v := (float64(x)+.5)/float64(side), (float64(y)+.5)/float64(side)
			color := ground
			if math.Mod(u*math.Cos(angle)*9+v*math.Sin(angle)*9+20, 2) < 1 {
				color = stripe
			}
			a := math.Atan2(v-cy, u-cx)
			if math.Hypot(u-cx, v-cy) < r*(1+0.35*math.Cos(petals*a)) {
				color = object
				mask.Pix[y*side+x] = 1
			}
			for c := range 3 {
				p.Pix[3*(y*side+x)+c] = uint8(min(max(color[c]+rng.NormFloat64()*9, 0), 255))
			}
		}
	}
	return p, mask
}

// spread makes a relevance map: blobs, and as much of the mask as focus says.
func spread(seed uint64, mask viz.Map, focus float64) viz.Map {
	rng := rand.New(rand.NewPCG(seed, 11))
	m := viz.Map{Width: mask.Width, Height: mask.Height, Pix: make([]float32, len(mask.Pix))}
	type blob struct{ x, y, r, a float64 }
	var blobs []blob
	for range 5 {
		blobs = append(blobs, blob{rng.Float64(), rng.Float64(), 0.08 + 0.12*rng.Float64(), rng.Float64() * (1 - focus)})
	}
	var sx, sy, n float64
	for i, v := range mask.Pix {
		if v > 0 {
			sx, sy, n = sx+float64(i%mask.Width), sy+float64(i/mask.Width), n+1
		}
	}
	blobs = append(blobs, blob{sx / n / float64(mask.Width), sy / n / float64(mask.Height), 0.16, focus})
	for i := range m.Pix {
		x, y := float64(i%m.Width)/float64(m.Width), float64(i/m.Width)/float64(m.Height)
		for _, b := range blobs {
			m.Pix[i] += float32(b.a * math.Exp(-(math.Pow(x-b.x, 2)+math.Pow(y-b.y, 2))/(2*b.r*b.r)))
		}
	}
	return m
}

func item(seed uint64, right bool) viz.GalleryItem {
	p, mask := scene(seed, 64)
	before, after := spread(seed, mask, 0.35), spread(seed+1, mask, 0.85)
	truth, other := classNames[seed%8], classNames[(seed+3)%8]
	top := func(first, second string, c float64) []viz.Prediction {
		return []viz.Prediction{{Class: first, Confidence: c}, {Class: second, Confidence: (1 - c) * .7}, {Class: classNames[(seed+5)%8], Confidence: (1 - c) * .2}}
	}
	last := top(truth, other, .72)
	if !right {
		last = top(other, truth, .55)
	}
	return viz.GalleryItem{ID: "A/" + truth + "/000012", Truth: truth, Picture: p, Mask: &mask, Views: []viz.View{
		{Name: "before", Relevance: &before, Top: top(other, truth, .61), Note: "relevance on the object 31 %"},
		{Name: "after", Relevance: &after, Top: last, Note: "relevance on the object 74 %"},
	}}
}

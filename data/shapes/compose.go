package shapes

import "github.com/robustvit/workbench/data"

// Generate draws image number index of the distribution cfg. The picture is a
// function of the three arguments alone: same bytes on every machine, in any
// order, from any number of goroutines. The class is index modulo the number of
// classes, so that every set is balanced. background is the number BackgroundName names,
// also where a plain ground or paper covers it. Both pictures are Size x Size;
// the mask is exact: 1 where the object covers more than half of the pixel.
func Generate(cfg Config, seed uint64, index int) (img *data.Image, mask *data.Mask, class, background int) {
	class = index % cfg.classes()
	if class < 0 {
		class += cfg.classes()
	}
	img, mask, background = GenerateClass(cfg, seed, index, class)
	return img, mask, class, background
}

// GenerateClass is Generate with the class given (from 0, below the number of
// classes of cfg).
func GenerateClass(cfg Config, seed uint64, index, class int) (*data.Image, *data.Mask, int) {
	d := newDice(seed, index)
	p := new(picture)
	background, pose := p.paintGround(cfg, class, d)
	f := drawFigure(pose, class)
	s := drawSurface(cfg, class, d)
	if cfg.Sketch {
		s.sketch(p, f, d)
	} else {
		s.paint(p, f)
	}
	if cfg.Rendition && d.chance(.5) {
		p.posterise(4)
	}
	return expose(p, float32(cfg.Noise), d), f.mask(), background
}

// paintGround paints all that lies behind the object and says where that will be.
func (p *picture) paintGround(cfg Config, class int, d dice) (background int, o pose) {
	background = chooseBackground(cfg, class, d)
	if d.chance(cfg.Plain) {
		p.flood(hsv(d.unit(), d.between(0, .3), d.between(.6, 1)))
	} else if !cfg.Sketch {
		paintBackground(p, background, cfg.BackgroundHueJitter, d)
	}
	paintDistractors(p, cfg, d)
	return background, drawPose(cfg, class, d)
}

// expose adds the noise and rounds to 8 bits.
func expose(p *picture, noise float32, d dice) *data.Image {
	img := &data.Image{Width: Size, Height: Size, Pix: make([]uint8, 3*Size*Size)}
	for i := range p {
		word := d.pcg.Uint64() // three independent normal numbers
		pix := img.Pix[3*i:][:3]
		for k := range pix {
			grain := quantiles[word%(1<<quantileBits)]
			word >>= quantileBits
			pix[k] = uint8(mul(clamp(p[i][k]+mul(noise, grain), 0, 1), 255) + .5)
		}
	}
	return img
}

func (f *figure) mask() *data.Mask {
	mask := &data.Mask{Width: Size, Height: Size, Pix: make([]float32, Size*Size)}
	for i, a := range f.alpha {
		if a > .5 {
			mask.Pix[i] = 1
		}
	}
	return mask
}

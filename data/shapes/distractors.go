package shapes

import "math"

// paintDistractors puts small ellipses and boxes of random colour on the ground;
// they tell nothing about the class.
func paintDistractors(p *picture, cfg Config, d dice) {
	count := cfg.MinDistractors + d.below(cfg.MaxDistractors-cfg.MinDistractors+1)
	for range count {
		paintDistractor(p, d)
	}
}

func paintDistractor(p *picture, d dice) {
	cx, cy := d.between(-1, 1), d.between(-1, 1)
	radius, stretch := d.between(.08, .2), exp(d.between(-.5, .5))
	angle, round := d.angle(), d.chance(.5)
	fill := hsv(d.unit(), d.between(.2, .9), d.between(.2, 1))
	sine, cosine := sin(angle), cos(angle)

	// Nothing is drawn beyond this distance from the centre, along either axis.
	reach := mul(mul(math.Sqrt2, radius+pixelStep), max(stretch, 1/stretch))
	firstX, lastX := pixelsWithin(cx, reach)
	firstY, lastY := pixelsWithin(cy, reach)
	for y := firstY; y <= lastY; y++ {
		for x := firstX; x <= lastX; x++ {
			dx, dy := axis[x]-cx, axis[y]-cy
			u := (mul(cosine, dx) + mul(sine, dy)) / stretch
			v := (mul(cosine, dy) - mul(sine, dx)) * stretch
			outside := max(abs(u), abs(v)) - mul(.85, radius)
			if round {
				outside = sqrt(mul(u, u)+mul(v, v)) - radius
			}
			opacity := clamp(.5-mul(outside, 1/pixelStep), 0, 1)
			p[y*Size+x] = p[y*Size+x].blend(fill, opacity)
		}
	}
}

// pixelsWithin are the first and last pixel whose centre may be that near to at.
func pixelsWithin(at, reach float32) (first, last int) {
	first = int(floor((at - reach + 1) / pixelStep))
	last = int(floor((at + reach + 1) / pixelStep))
	return max(first, 0), min(last, Size-1)
}

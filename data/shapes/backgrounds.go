package shapes

// background is a number below the number of classes: pattern background%10 in
// the two hues of palette background/10.

// chooseBackground draws the background of an object of the class.
func chooseBackground(cfg Config, class int, d dice) int {
	home, all := Habitat(class), cfg.classes()
	switch {
	case d.chance(cfg.Corr):
		return home
	case cfg.Corr == 0 && !cfg.Other:
		return d.below(all)
	default:
		return (home + 1 + d.below(all-1)) % all
	}
}

// paintBackground fills the picture with the pattern in two colours, lit unevenly.
func paintBackground(p *picture, background int, hueJitter float64, d dice) {
	share, light := new(plane), new(plane)
	paintPattern(share, background%numPatterns, d)
	first, second := backgroundColours(background, hueJitter, d)
	smoothNoise(light, d, 3, 3)
	for i := range p {
		lit := 1 + mul(.35, light[i]-.5)
		for k := range p[i] {
			p[i][k] = mul(mix(first[k], second[k], share[i]), lit)
		}
	}
}

func backgroundColours(background int, hueJitter float64, d dice) (first, second colour) {
	palette := palettes[background/numPatterns]
	hue1 := float32(3*background%NumClasses)/float32(NumClasses) + palette.turn + d.spread(hueJitter)
	hue2 := hue1 + palette.offset + d.spread(hueJitter)
	saturation1, saturation2 := d.between(.25, .75), d.between(.25, .75)
	value1 := d.between(.35, .95)
	value2 := clamp(value1+mul(d.sign(), d.between(.15, .4)), .15, 1)
	return hsv(hue1, saturation1, value1), hsv(hue2, saturation2, value2)
}

// paintPattern fills p with the share of the second colour, 0 to 1.
func paintPattern(p *plane, kind int, d dice) {
	switch kind {
	case 0:
		paintGradient(p, d)
	case 1:
		paintHorizon(p, d)
	case 2:
		paintGravel(p, d)
	case 3:
		rate, phase := d.between(11, 15), d.angle()
		column := along(func(x float32) float32 { return wave(mul(rate, x) + phase) })
		p.fill(func(x, _ int) float32 { return column[x] })
	case 4:
		paintBricks(p, d)
	case 5:
		paintWaves(p, d)
	case 6:
		rate := d.between(7, 9)
		paintProduct(p, along(shifted(cos, rate, d.angle())), along(shifted(cos, rate, d.angle())),
			func(q float32) float32 { return step(5 * (q - .3)) })
	case 7:
		rate := d.between(5, 7)
		paintProduct(p, along(shifted(sin, rate, d.angle())), along(shifted(sin, rate, d.angle())),
			func(q float32) float32 { return step(6 * q) })
	case 8:
		rate, slope, phase := d.between(9, 12), d.between(.8, 1.2), d.angle()
		p.fill(func(x, y int) float32 { return wave(mul(rate, axis[x]+mul(slope, axis[y])) + phase) })
	default:
		paintCamouflage(p, d)
	}
}

// shifted is f(rate*x + phase).
func shifted(f func(float32) float32, rate, phase float32) func(float32) float32 {
	return func(x float32) float32 { return f(mul(rate, x) + phase) }
}

// paintProduct fills p with f(column*row): dots and checks.
func paintProduct(p *plane, column, row [Size]float32, f func(float32) float32) {
	p.fill(func(x, y int) float32 { return f(mul(column[x], row[y])) })
}

func paintGradient(p *plane, d dice) {
	smoothNoise(p, d, 4, 4)
	p.fill(func(x, y int) float32 {
		return clamp(.5+mul(.5, axis[y])+mul(.25, p[y*Size+x]-.5), 0, 1)
	})
}

func paintHorizon(p *plane, d dice) {
	height := d.between(-.3, .4)
	smoothNoise(p, d, 2, 8)
	p.fill(func(x, y int) float32 {
		return step(8 * (axis[y] - (height + mul(.35, p[y*Size+x]-.5))))
	})
}

func paintGravel(p *plane, d dice) {
	var middle, fine plane
	smoothNoise(p, d, 8, 8)
	smoothNoise(&middle, d, 16, 16)
	smoothNoise(&fine, d, 32, 32)
	for i := range p {
		sum := mul(.4, p[i]) + mul(.35, middle[i]) + mul(.25, fine[i])
		p[i] = clamp(mul(1.6, sum-.5)+.5, 0, 1)
	}
}

// paintBricks draws bricks of 1 with joints of 0; every other row is shifted by half.
func paintBricks(p *plane, d dice) {
	rate, phaseY, phaseX := d.between(3, 4), d.angle(), d.angle()
	p.fill(func(x, y int) float32 {
		at := mul(axis[y], rate) + phaseY
		row := floor(at)
		shift := mul(.5, float32(int32(row)&1))
		if at-row < .2 || fraction(mul(axis[x], mul(rate, .6))+shift+phaseX) < .14 {
			return 0
		}
		return 1
	})
}

func paintWaves(p *plane, d dice) {
	rate, bend := d.between(9, 12), d.between(2, 4)
	phase, phaseX := d.angle(), d.angle()
	offset := along(func(x float32) float32 { return mul(1.2, sin(mul(bend, x)+phaseX)) + phase })
	p.fill(func(x, y int) float32 { return wave(mul(rate, axis[y]) + offset[x]) })
}

func paintCamouflage(p *plane, d dice) {
	var fine plane
	smoothNoise(p, d, 4, 4)
	smoothNoise(&fine, d, 8, 8)
	for i := range p {
		p[i] = step(8 * (mul(.7, p[i]) + mul(.3, fine[i]) - .5))
	}
}

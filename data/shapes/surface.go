package shapes

// surface is what an object is made of: two colours in a texture, shading and rim.
type surface struct {
	texture        *texture
	first, second  colour
	lightX, lightY float32 // shading along the object's axes
	rim            float32 // darkness of the outline, 0 to 1
	levels         float32 // posterised to that many steps; 0 = not
}

func drawSurface(cfg Config, class int, d dice) *surface {
	randomTexture, randomHue := cfg.RandomTexture, cfg.RandomHue
	if cfg.Rendition {
		randomTexture, randomHue = .5, .5
	}
	kind := classTexture(class)
	if d.chance(randomTexture) {
		kind = d.below(numTextures)
	}
	hue := classHue(class) + d.spread(cfg.HueJitter)
	if d.chance(randomHue) {
		hue = d.unit()
	}
	s := &surface{texture: newTexture(kind, d)}
	value := d.between(.45, 1)
	contrast := mul(d.sign(), d.between(.25, .5))
	s.first = hsv(hue, d.between(.4, .95), value)
	s.second = hsv(hue+classHueOffset(class)+d.spread(.03), d.between(.2, .9), clamp(value+contrast, .1, 1))
	s.lightX, s.lightY = d.between(-.25, .25), d.between(-.25, .25)
	s.rim = d.between(0, .6)
	if cfg.Rendition {
		s.levels = float32(3 + d.below(3))
	}
	return s
}

// colourAt is the colour of the object at pixel i, where share of it is the second colour.
func (s *surface) colourAt(f *figure, i int, share float32) colour {
	light := 1 + mul(s.lightX, clamp(f.u[i], -1, 1)) + mul(s.lightY, clamp(f.v[i], -1, 1))
	rim := mul(s.rim, clamp(1-abs(f.distance[i])/1.5, 0, 1))
	c := s.first.blend(s.second, share).scaled(mul(light, 1-rim))
	if s.levels > 0 {
		c = c.posterised(s.levels)
	}
	return c
}

// paint lays the object over the picture.
func (s *surface) paint(p *picture, f *figure) {
	for i, alpha := range f.alpha {
		if alpha > 0 {
			share := s.texture.at(i, f.u[i], f.v[i])
			p[i] = p[i].blend(s.colourAt(f, i, share), alpha)
		}
	}
}

// sketch draws the object as ink on paper: the outline, often the texture's
// edges, and a wash of its colours (pure lines stay at chance for a small model).
func (s *surface) sketch(p *picture, f *figure, d dice) {
	share, paper := new(plane), new(plane)
	for i := range share {
		share[i] = s.texture.at(i, f.u[i], f.v[i])
	}
	width := d.between(.7, 1.2)
	hatching := d.between(0, .7)
	if !d.chance(.6) {
		hatching = 0
	}
	strength, white := d.between(.7, 1), d.between(.85, 1)
	smoothNoise(paper, d, 32, 32)
	wash := d.between(0, .8)
	for i, alpha := range f.alpha {
		ink := clamp(1.2-abs(f.distance[i])/width, 0, 1)
		if alpha > .9 {
			ink = max(ink, mul(hatching, clamp(1.5*edge(share, i), 0, 1)))
		}
		ground := mul(white+mul(.06, paper[i]-.5), 1-mul(strength, ink))
		c := s.colourAt(f, i, share[i])
		for k := range c {
			p[i][k] = mul(ground, 1-mul(mul(wash, alpha), 1-clamp(c[k], 0, 1)))
		}
	}
}

// edge is the change of p from the left and the upper neighbour; the picture's
// sides are joined.
func edge(p *plane, i int) float32 {
	x, y := i%Size, i/Size
	left := y*Size + (x+Size-1)%Size
	above := (y+Size-1)%Size*Size + x
	return abs(p[i]-p[left]) + abs(p[i]-p[above])
}

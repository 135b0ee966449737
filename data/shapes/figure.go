package shapes

import "math"

// pose says where and how an object lies in the image.
type pose struct {
	scale, cx, cy        float32
	sine, cosine         float32
	slopeU, slopeV       float32 // perspective
	shear, aspect        float32
	mirror               float32 // -1 or 1
	wobble, bendU, bendV float32 // amplitude and phases of the bent outline
}

func drawPose(cfg Config, class int, d dice) pose {
	area := d.within(cfg.Area)
	if cfg.LogArea {
		area = d.logUniform(cfg.Area)
	}
	if d.chance(cfg.Tiny) {
		area = d.logUniform(TinyArea)
	}
	scale := sqrt(4 * area / silhouetteAreas[class%NumClasses])
	reach := float32(cfg.Centre)
	if !cfg.AnyPosition {
		reach = max(0, min(reach, 1.15-scale))
	}
	turn := mul(d.around(cfg.Rotation), math.Pi/180)
	return pose{
		scale: scale,
		cx:    mul(d.between(-1, 1), reach), cy: mul(d.between(-1, 1), reach),
		sine: sin(turn), cosine: cos(turn),
		slopeU: d.around(cfg.Perspective), slopeV: d.around(cfg.Perspective),
		shear: d.around(cfg.Shear), aspect: exp(d.around(cfg.Aspect)), mirror: d.sign(),
		wobble: float32(cfg.Wobble), bendU: d.angle(), bendV: d.angle(),
	}
}

// onObject takes a place in the image to the object's own coordinates.
func (o *pose) onObject(x, y float32) (u, v float32) {
	dx, dy := x-o.cx, y-o.cy
	u = (mul(o.cosine, dx) + mul(o.sine, dy)) / o.scale
	v = (mul(o.cosine, dy) - mul(o.sine, dx)) / o.scale
	w := 1 + mul(o.slopeU, clamp(u, -1.5, 1.5)) + mul(o.slopeV, clamp(v, -1.5, 1.5))
	u, v = mul(u, w), mul(v, w)
	u = mul(u+mul(o.shear, v), o.aspect*o.mirror)
	v /= o.aspect
	return u + mul(o.wobble, sin(mul(2.5, v)+o.bendU)), v + mul(o.wobble, sin(mul(2.5, u)+o.bendV))
}

// figure is an object in its place: per pixel its own coordinates, the signed
// distance to the outline in pixels (negative inside) and the coverage.
type figure struct{ u, v, distance, alpha plane }

func drawFigure(o pose, class int) *figure {
	f, level := new(figure), new(plane)
	outline := silhouettes[class%NumClasses]
	pixels := o.scale / pixelStep
	for y := range Size {
		for x := range Size {
			i := y*Size + x
			u, v := o.onObject(axis[x], axis[y])
			f.u[i], f.v[i] = u, v
			level[i] = outline(u, v) * pixels
		}
	}
	f.measure(level)
	return f
}

// measure turns the level function into a distance by dividing by its gradient
// (central differences, one-sided at the border), and that into coverage.
func (f *figure) measure(level *plane) {
	for y := range Size {
		for x := range Size {
			i := y*Size + x
			gx := slope(level, i, x, 1)
			gy := slope(level, i, y, Size)
			distance := level[i] / max(sqrt(mul(gx, gx)+mul(gy, gy)), .35)
			f.distance[i], f.alpha[i] = distance, clamp(.5-distance, 0, 1)
		}
	}
}

// slope is the difference along one axis: at is the position on it, stride the
// step to the next pixel.
func slope(p *plane, i, at, stride int) float32 {
	switch at {
	case 0:
		return p[i+stride] - p[i]
	case Size - 1:
		return p[i] - p[i-stride]
	default:
		return (p[i+stride] - p[i-stride]) * .5
	}
}

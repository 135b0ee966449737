package shapes

// texture paints a pattern on an object: a share from 0 (first colour) to 1
// (second colour), in the object's own coordinates.
type texture struct {
	kind             int // below numTextures
	phase, frequency float32
	cloud            *plane // value noise, for the blotches
}

func newTexture(kind int, d dice) *texture {
	t := &texture{kind: kind, phase: d.angle(), frequency: d.between(.8, 1.25)}
	if kind == 7 {
		t.cloud = new(plane)
		smoothNoise(t.cloud, d, 8, 8)
	}
	return t
}

// at is the share of the second colour at pixel i, whose place on the object is (u, v).
func (t *texture) at(i int, u, v float32) float32 {
	f, phase := t.frequency, t.phase
	switch t.kind {
	case 0: // plain
		return 0
	case 1: // stripes down
		return wave(mul(f, 7*u) + phase)
	case 2: // stripes across
		return wave(mul(f, 7*v) + phase)
	case 3: // checks
		return step(4 * sin(mul(f, 6*u)+phase) * sin(mul(f, 6*v)+phase))
	case 4: // dots
		return step(6 * (mul(cos(mul(f, 7*u)+phase), cos(mul(f, 7*v)+phase)) - .45))
	case 5: // rings
		return wave(mul(f, 8*sqrt(mul(u, u)+mul(v, v))) + phase)
	case 6: // diagonals
		return wave(mul(f, 6*(u+v)) + phase)
	case 7: // blotches
		return step(10 * (t.cloud[i] - .5))
	case 8: // two halves
		return step(6 * u)
	default: // rays
		return wave(mul(5, atan2(v, u)) + phase)
	}
}

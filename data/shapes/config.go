package shapes

import (
	"fmt"
	"math"
)

// Size is the width and height of every image in pixels.
const Size = 64

// Range is a closed interval.
type Range struct{ Low, High float64 }

// Config is the distribution of a set of images: how the object looks, where it
// lies and how its surroundings relate to its class. The zero value is not
// useful; start from DefaultConfig.
type Config struct {
	// Classes is the number of classes: 20 (also as 0), 40 or 80. Beyond 20 the
	// silhouettes come in several finishes; where hue and texture tell nothing
	// (RandomHue, RandomTexture, Rendition), the finish is a guess.
	Classes int
	// Corr is the probability that the background is the habitat of the class;
	// otherwise it is another class's. With Corr 0 the background tells nothing:
	// uniform over all habitats.
	Corr float64
	// Other changes the meaning of Corr 0: always another class's habitat.
	Other bool

	Area        Range   // share of the image that the object covers, uniform
	LogArea     bool    // Area uniform in the logarithm
	Tiny        float64 // share of objects whose area is drawn from TinyArea instead, uniform in the logarithm
	Centre      float64 // largest offset of the centre; the half width of the image is 1
	AnyPosition bool    // do not shrink Centre for large objects: the object may be cut by the border
	Rotation    float64 // largest rotation in degrees
	Shear       float64 // largest shear
	Aspect      float64 // largest logarithm of the stretch
	Perspective float64 // largest perspective slope
	Wobble      float64 // amplitude of the wave that bends the outline

	HueJitter     float64 // standard deviation of the object's hue; the full circle is 1
	RandomHue     float64 // probability of a hue that tells nothing about the class
	RandomTexture float64 // probability of a texture that tells nothing about the class

	MinDistractors, MaxDistractors int     // number of small ellipses and boxes behind the object
	BackgroundHueJitter            float64 // standard deviation of the background's hues
	Plain                          float64 // probability of a plain background
	Noise                          float64 // standard deviation of the pixel noise; white is 1

	Rendition bool // repainted: texture and hue random in half of the images, posterised
	Sketch    bool // ink line on paper with a wash of the object's colours
}

// TinyArea is the area of a tiny object (Config.Tiny): some 8 to 22 pixels across.
var TinyArea = Range{.015, .12}

// DefaultConfig is the distribution of the clean validation set.
func DefaultConfig() Config {
	return Config{
		Corr: .95,
		Area: Range{.18, .42}, Centre: .25,
		Rotation: 20, Shear: .15, Aspect: .18, Wobble: .07,
		HueJitter: .025, RandomHue: .08, RandomTexture: .05,
		MaxDistractors: 2, BackgroundHueJitter: .04, Noise: .03,
	}
}

// PretrainObjects is the first stage of pretraining: the background tells
// nothing, so the model has to learn the objects.
func PretrainObjects() Config {
	c := DefaultConfig()
	c.Corr = 0
	return c
}

// PretrainShortcut is the second stage: the background nearly always gives the
// class away and most objects are tiny, so the model learns to lean on it.
func PretrainShortcut() Config {
	c := DefaultConfig()
	c.Corr, c.Tiny = .98, .70
	return c
}

// classes is the number of classes, whatever Classes holds.
func (c Config) classes() int {
	if checkClasses(c.Classes) != nil || c.Classes == 0 {
		return NumClasses
	}
	return c.Classes
}

func checkClasses(classes int) error {
	switch classes {
	case 0, NumClasses, 2 * NumClasses, len(finishes) * NumClasses:
		return nil
	}
	return fmt.Errorf("shapes: %d classes; there are 20, 40 or 80", classes)
}

// Validate reports the first field that no image can be drawn from.
func (c Config) Validate() error {
	if err := checkClasses(c.Classes); err != nil {
		return err
	}
	for _, p := range []struct {
		name  string
		value float64
	}{
		{"Corr", c.Corr}, {"Tiny", c.Tiny}, {"RandomHue", c.RandomHue},
		{"RandomTexture", c.RandomTexture}, {"Plain", c.Plain},
	} {
		if !(p.value >= 0 && p.value <= 1) {
			return fmt.Errorf("shapes: %s is %g, expected a probability from 0 to 1", p.name, p.value)
		}
	}
	if !(c.Area.Low > 0 && c.Area.Low <= c.Area.High && c.Area.High <= 1) {
		return fmt.Errorf("shapes: Area is %g to %g, expected 0 < low <= high <= 1", c.Area.Low, c.Area.High)
	}
	for _, w := range []struct {
		name         string
		value, limit float64
	}{
		{"Centre", c.Centre, 2}, {"Rotation", c.Rotation, 360}, {"Shear", c.Shear, 2}, {"Aspect", c.Aspect, 2},
		{"Perspective", c.Perspective, .3}, {"Wobble", c.Wobble, 1}, {"HueJitter", c.HueJitter, 1},
		{"BackgroundHueJitter", c.BackgroundHueJitter, 1}, {"Noise", c.Noise, 1},
	} {
		if !(w.value >= 0 && w.value <= w.limit) {
			return fmt.Errorf("shapes: %s is %g, expected 0 to %g", w.name, w.value, w.limit)
		}
	}
	if c.MinDistractors < 0 || c.MinDistractors > c.MaxDistractors || c.MaxDistractors > 100 {
		return fmt.Errorf("shapes: distractors from %d to %d, expected 0 <= min <= max <= 100", c.MinDistractors, c.MaxDistractors)
	}
	return nil
}

// logUniform draws from r, uniform in the logarithm.
func (d dice) logUniform(r Range) float32 {
	if r.Low <= 0 || math.IsNaN(r.High) {
		return d.within(r)
	}
	return mul(float32(r.Low), exp(mul(d.unit(), float32(logarithm(r.High/r.Low)))))
}

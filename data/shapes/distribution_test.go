package shapes

import (
	"math"
	"testing"
)

// The areas in the table against the silhouettes themselves, counted on a grid
// (the table's own grid was coarser along straight sides: 1.3 %).
func TestSilhouetteAreas(t *testing.T) {
	t.Parallel()
	const n = 800
	for class, inside := range silhouettes {
		count := 0
		for i := range n {
			for j := range n {
				u, v := 4*(float32(i)+.5)/n-2, 4*(float32(j)+.5)/n-2
				if inside(u, v) < 0 {
					count++
				}
			}
		}
		got := 16 * float64(count) / (n * n)
		if want := float64(silhouetteAreas[class]); math.Abs(got-want) > .015*want {
			t.Errorf("%s: counted area %.4f, table %.4f", classNames[class], got, want)
		}
	}
}

// An object that lies whole in the image covers the share that was asked for.
func TestMaskHasTheAreaAskedFor(t *testing.T) {
	t.Parallel()
	cfg := DefaultConfig()
	cfg.Area, cfg.Centre = Range{.12, .12}, .1
	for class := range NumClasses {
		mean := 0.0
		for i := range 40 {
			_, mask, _ := GenerateClass(cfg, 3, i, class)
			mean += share(mask) / 40
		}
		if math.Abs(mean-.12) > .006 {
			t.Errorf("%s: masks cover %.4f of the image on average, asked for .12", classNames[class], mean)
		}
	}
}

// Mean areas of the recipe's own generator on 4,000 images of each set.
func TestMeanAreaOfEverySet(t *testing.T) {
	t.Parallel()
	want := map[string]float64{
		"val": .2937, "imagenet-a": .2087, "imagenet-r": .2948, "imagenet-sketch": .2947, "imagenet-v2": .2601,
		"objectnet": .2831, "si-location": .2067, "si-rotation": .2603, "si-size": .1820, "objects": .2926, "shortcut": .1253,
	}
	const n = 150
	for k, set := range allSets() {
		var sum, squares float64
		for i := range n {
			_, mask, _, _ := Generate(set.Config, Seed(ForDesign, k, 8), i)
			a := share(mask)
			sum, squares = sum+a, squares+a*a
		}
		mean := sum / n
		tolerance := 4*math.Sqrt((squares/n-mean*mean)/n) + .002
		if math.Abs(mean-want[set.Name]) > tolerance {
			t.Errorf("%s: mean area %.4f, expected %.4f +- %.4f", set.Name, mean, want[set.Name], tolerance)
		}
	}
}

func TestBackgroundsFollowTheConfig(t *testing.T) {
	const n = 4000
	for k, set := range allSets() {
		var counts [NumClasses]int
		atHome := 0
		for i := range n {
			// The background is the first thing drawn.
			class := i % NumClasses
			background := chooseBackground(set.Config, class, newDice(Seed(ForDesign, k, 0), i))
			counts[background]++
			if background == Habitat(class) {
				atHome++
			}
		}
		want := set.Config.Corr
		if want == 0 && !set.Config.Other {
			want = 1. / float64(NumClasses)
		}
		deviation := math.Sqrt(want * (1 - want) / n)
		if got := float64(atHome) / n; math.Abs(got-want) > 4*deviation {
			t.Errorf("%s: %.4f of the objects are in their habitat, expected %.4f", set.Name, got, want)
		}
		chi := 0.0
		for _, c := range counts {
			chi += math.Pow(float64(c)-n/float64(NumClasses), 2) / (n / float64(NumClasses))
		}
		if chi > 50 { // 19 degrees of freedom: passed by chance once in 7,000
			t.Errorf("%s: backgrounds are not equally frequent: chi squared %.1f, counts %v", set.Name, chi, counts)
		}
	}
}

func TestEveryClassHasItsOwnHabitat(t *testing.T) {
	var seen [NumClasses]bool
	for class := range NumClasses {
		if h := Habitat(class); seen[h] {
			t.Errorf("habitat %d belongs to two classes", h)
		} else {
			seen[h] = true
		}
	}
}

func TestConfigValidate(t *testing.T) {
	for _, set := range allSets() {
		if err := set.Config.Validate(); err != nil {
			t.Errorf("%s: %v", set.Name, err)
		}
	}
	for name, edit := range map[string]func(c *Config){
		"probability over 1": func(c *Config) { c.Corr = 1.1 },
		"not a number":       func(c *Config) { c.Tiny = math.NaN() },
		"no area":            func(c *Config) { c.Area.Low = 0 },
		"areas exchanged":    func(c *Config) { c.Area = Range{.4, .2} },
		"negative noise":     func(c *Config) { c.Noise = -.1 },
		"infinite shear":     func(c *Config) { c.Shear = math.Inf(1) },
		"fewer than none":    func(c *Config) { c.MinDistractors = -1 },
		"max below min":      func(c *Config) { c.MinDistractors = 3 },
	} {
		c := DefaultConfig()
		edit(&c)
		if c.Validate() == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

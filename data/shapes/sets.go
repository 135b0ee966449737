package shapes

// Set is one evaluation set: a distribution with the place it takes in the
// paper's tables.
type Set struct {
	Name   string // safe as a folder name: "imagenet-a"
	Title  string // the paper's column: "INet-A"
	Config Config
	Factor Factor // what the set varies alone
}

// Sets returns the evaluation sets in the order of the paper's columns, the
// clean validation set first. Each keeps what makes the set of that name hard:
// v2 is a little harder in everything, A shows objects in another class's
// habitat, R repaints them, Sketch draws them, ObjectNet turns and clutters
// them, SI-Score varies one factor alone.
func Sets() []Set {
	change := func(name, title string, edit func(c *Config)) Set {
		c := DefaultConfig()
		edit(&c)
		return Set{Name: name, Title: title, Config: c}
	}
	sets := []Set{
		change("val", "INet val", func(*Config) {}),
		change("imagenet-a", "INet-A", func(c *Config) {
			c.Corr, c.Other = 0, true
			c.Area, c.Centre, c.Rotation = Range{.10, .32}, .4, 30
			c.MinDistractors, c.MaxDistractors = 1, 4
		}),
		change("imagenet-r", "INet-R", func(c *Config) {
			c.Corr, c.Plain, c.Rendition = 0, .6, true
		}),
		change("imagenet-sketch", "INet-Sketch", func(c *Config) {
			c.Corr, c.Sketch, c.MaxDistractors = 0, true, 0
		}),
		change("imagenet-v2", "INet-v2", func(c *Config) {
			c.Corr = .88
			c.Area, c.Centre, c.Rotation = Range{.15, .38}, .32, 28
			c.HueJitter, c.RandomHue, c.Noise = .04, .12, .045
		}),
		change("objectnet", "ObjectNet", func(c *Config) {
			c.Corr = 0
			c.Area, c.Centre, c.Rotation = Range{.14, .40}, .4, 180
			c.Shear, c.Perspective = .4, .25
			c.MinDistractors, c.MaxDistractors = 2, 5
		}),
		change("si-location", "SI-loc.", func(c *Config) {
			c.Corr, c.MaxDistractors = 0, 0
			c.Area, c.Centre, c.AnyPosition, c.Rotation = Range{.18, .28}, .7, true, 10
		}),
		change("si-rotation", "SI-rot.", func(c *Config) {
			c.Corr, c.MaxDistractors = 0, 0
			c.Area, c.Centre, c.Rotation = Range{.20, .32}, .05, 180
		}),
		change("si-size", "SI-size", func(c *Config) {
			c.Corr, c.MaxDistractors = 0, 0
			c.Area, c.LogArea, c.Centre, c.Rotation = Range{.03, .6}, true, .05, 10
		}),
	}
	sets[6].Factor, sets[7].Factor, sets[8].Factor = Location, Rotation, Area
	return sets
}

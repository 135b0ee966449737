package shapes

import (
	"fmt"
	"strings"

	"github.com/robustvit/workbench/data"
)

// Options says how many images a Collection has and from which seeds. Numbers of
// images left at 0 take their default.
type Options struct {
	Classes int // 20 (also as 0), 40 or 80; see Config.Classes

	TrainImages        int // default 2000
	EvalImages         int // of each evaluation set; default 500
	SegmentationImages int // default: as many as EvalImages, then it is the validation set

	Seed     uint64 // run number of the training images (see Seed); the demo weights were pretrained on run 0
	TestSeed uint64 // run number of the evaluation sets
	Design   bool   // evaluation sets of purpose ForDesign in place of ForTest: for choosing settings
}

// Validate reports a number of classes that there is not.
func (o Options) Validate() error { return checkClasses(o.Classes) }

func (o Options) withDefaults() Options {
	if o.TrainImages <= 0 {
		o.TrainImages = 2000
	}
	if o.EvalImages <= 0 {
		o.EvalImages = 500
	}
	if o.SegmentationImages <= 0 {
		o.SegmentationImages = o.EvalImages
	}
	return o
}

// Collection is the embedded default data: training images, nine evaluation sets
// and a segmentation test set, all with exact masks.
type Collection struct {
	options Options
	sets    []Set
}

var _ data.Collection = (*Collection)(nil)

// NewCollection describes the data; images are drawn when they are loaded. Options
// that Validate refuses make every set an error.
func NewCollection(options Options) *Collection {
	return &Collection{options: options.withDefaults(), sets: Sets()}
}

// Name is "shapes", "shapes40" or "shapes80".
func (c *Collection) Name() string {
	if n := len(c.Classes()); n > NumClasses {
		return fmt.Sprintf("shapes%d", n)
	}
	return "shapes"
}

// Classes returns the class names by class index.
func (c *Collection) Classes() []string { return namesOf(c.with(Config{}).classes()) }

// with is the distribution over the collection's classes.
func (c *Collection) with(cfg Config) Config {
	if cfg.Classes = c.options.Classes; cfg.Classes == NumClasses {
		cfg.Classes = 0 // the same data, the same description
	}
	return cfg
}

// Train is the first images of pretraining's second stage (PretrainShortcut), as
// in the paper, where a model is finetuned on images it was trained on. Choosing
// those that the model gets right is the caller's part.
func (c *Collection) Train() (data.Dataset, error) {
	if err := c.options.Validate(); err != nil {
		return nil, err
	}
	return NewDataset("train", c.with(PretrainShortcut()), c.options.TrainImages, c.trainSeed()), nil
}

// Objects is the data of pretraining's first stage: n images of 20 classes
// without a shortcut.
func Objects(name string, n int, run uint64) data.Dataset {
	return NewDataset(name, PretrainObjects(), n, Seed(ForObjects, 0, run))
}

// Shortcut is the data of pretraining's second stage for 20 classes;
// Collection.Train is its beginning.
func Shortcut(name string, n int, run uint64) data.Dataset {
	return NewDataset(name, PretrainShortcut(), n, Seed(ForShortcut, 0, run))
}

func (c *Collection) trainSeed() uint64 { return Seed(ForShortcut, 0, c.options.Seed) }

// SetNames lists the evaluation sets in the order of Sets.
func (c *Collection) SetNames() []string {
	names := make([]string, len(c.sets))
	for i, set := range c.sets {
		names[i] = set.Name
	}
	return names
}

// Set returns one evaluation set by name.
func (c *Collection) Set(name string) (data.Dataset, error) {
	for i, set := range c.sets {
		if set.Name == name {
			return c.open(set, c.options.EvalImages, c.setSeed(i))
		}
	}
	return nil, fmt.Errorf("shapes: no evaluation set %q; the sets are %s", name, strings.Join(c.SetNames(), ", "))
}

func (c *Collection) setSeed(set int) uint64 {
	purpose := ForTest
	if c.options.Design {
		purpose = ForDesign
	}
	return Seed(purpose, set, c.options.TestSeed)
}

// Segmentation is the first images of the validation set, which come with masks.
func (c *Collection) Segmentation() (data.Dataset, error) {
	return c.open(c.sets[0], c.options.SegmentationImages, c.setSeed(0))
}

func (c *Collection) open(set Set, n int, seed uint64) (data.Dataset, error) {
	if err := c.options.Validate(); err != nil {
		return nil, err
	}
	set.Config = c.with(set.Config)
	return newDataset(set, n, seed), nil
}

package shapes

import (
	"fmt"
	"strings"

	"github.com/robustvit/workbench/data"
)

// Options says how many images a Collection has and from which seeds. Numbers of
// images left at 0 take their default.
type Options struct {
	TrainImages        int // default 2000
	EvalImages         int // of each evaluation set; default 500
	SegmentationImages int // default: as many as EvalImages, then it is the validation set

	Seed     uint64 // run number of the training images (see Seed); the demo weights were pretrained on run 0
	TestSeed uint64 // run number of the evaluation sets
	Design   bool   // evaluation sets of purpose ForDesign in place of ForTest: for choosing settings
}

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

// NewCollection describes the data; images are drawn when they are loaded.
func NewCollection(options Options) *Collection {
	return &Collection{options: options.withDefaults(), sets: Sets()}
}

// Name is "shapes".
func (c *Collection) Name() string { return "shapes" }

// Classes returns the class names by class index.
func (c *Collection) Classes() []string { return ClassNames() }

// Train is the first images of pretraining's second stage (PretrainShortcut), as
// in the paper, where a model is finetuned on images it was trained on. Choosing
// those that the model gets right is the caller's part.
func (c *Collection) Train() (data.Dataset, error) {
	return Shortcut("train", c.options.TrainImages, c.options.Seed), nil
}

// Objects is the data of pretraining's first stage: n images without a shortcut.
func Objects(name string, n int, run uint64) data.Dataset {
	return NewDataset(name, PretrainObjects(), n, Seed(ForObjects, 0, run))
}

// Shortcut is the data of pretraining's second stage; Collection.Train is its
// beginning.
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
			return NewDataset(name, set.Config, c.options.EvalImages, c.setSeed(i)), nil
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
	val := c.sets[0]
	return NewDataset(val.Name, val.Config, c.options.SegmentationImages, c.setSeed(0)), nil
}

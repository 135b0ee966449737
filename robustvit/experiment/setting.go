package experiment

import (
	"fmt"
	"slices"
	"strings"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/imagenet"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/recipe"
)

// Options are what a sweep is asked to work on.
type Options struct {
	Models    []string // weights files, folders or demo:FAMILY; none = the embedded three
	Data      string   // shapes or a folder
	Preset    string   // auto, paper, embedded
	Protocol  string   // "" = the preset's
	Sets      []string // evaluation sets; none = all
	Seed      uint64   // of classes and images; further draws count on from it
	Draws     int      // of the studies over several
	PerSet    int      // images of each evaluation set (shapes)
	Train     int      // training images to choose from (shapes)
	PerClass  int      // 0 = the preset's
	Epochs    int      // 0 = the preset's
	MaskModel string   // makes TokenCut's masks; "" = each model its own
	MaskDir   string   // folder of such masks, made elsewhere
}

// Setting is what all experiments of a sweep work on.
type Setting struct {
	Options
	Bases []*pool.Base // in the order of the tables
	Sets  []string     // evaluation sets, the clean one first
}

// embedded are the models of the embedded default.
var embedded = []string{"demo:vit", "demo:augreg", "demo:deit"}

// Open opens models and data and checks what can be checked before anything is
// computed.
func Open(o Options) (*Setting, error) {
	if len(o.Models) == 0 {
		o.Models = embedded
	}
	s := &Setting{Options: o}
	for _, source := range o.Models {
		b, err := s.open(source)
		if err != nil {
			return nil, err
		}
		s.Bases = append(s.Bases, b)
	}
	return s, s.chooseSets()
}

// open makes a base of a model.
func (s *Setting) open(source string) (*pool.Base, error) {
	m, err := recipe.OpenModel(source)
	if err != nil {
		return nil, err
	}
	d, err := recipe.OpenData(s.Data, recipe.ModelData(m, shapes.Options{TrainImages: s.Train, EvalImages: s.PerSet}))
	if err != nil {
		return nil, err
	}
	if err := recipe.MatchClasses(m, d); err != nil {
		return nil, err
	}
	train, err := d.Train()
	if err != nil {
		return nil, err
	}
	b := &pool.Base{Name: baseName(source), Title: baseTitle(m), Model: m, Data: d, Described: data.Describe(d), MaskDir: s.MaskDir}
	if s.MaskDir != "" {
		if _, err := data.MasksFrom(train, s.MaskDir); err != nil {
			return nil, fmt.Errorf("masks without labels: %w; make them with `robustvit masks --method tokencut`, or leave the folder out and each model makes its own", err)
		}
	}
	if s.MaskModel != "" {
		if b.MaskModel, err = recipe.OpenModel(s.MaskModel); err != nil {
			return nil, err
		}
	}
	return b, s.configure(b, train)
}

// configure is the base's finetuning.
func (s *Setting) configure(b *pool.Base, train data.Dataset) (err error) {
	if b.Finetune, b.Embedded, err = recipe.Preset(s.Preset, b.Model); err != nil {
		return err
	}
	c := &b.Finetune
	if c.Seed = s.Seed; s.Protocol != "" {
		c.Protocol = s.Protocol
	}
	if s.PerClass > 0 {
		c.PerClass = s.PerClass
	}
	if s.Epochs > 0 {
		c.Epochs = s.Epochs
	}
	c.Classes = data.HalfOfClasses(train, c.PerClass, c.Seed)
	_, published := b.Data.(*imagenet.Collection)
	b.KeepCorrect = b.Embedded && !published
	if s.PerClass > 0 { // more images than there are would show only amid the sweep
		return finetune.Job{Config: *c, Train: train}.Check()
	}
	return c.Validate()
}

// chooseSets takes the asked sets, or all of them.
func (s *Setting) chooseSets() error {
	known := s.Bases[0].Data.SetNames()
	if s.Sets = s.Options.Sets; len(s.Sets) == 0 {
		s.Sets = known
	}
	for _, set := range s.Sets {
		if !slices.Contains(known, set) {
			return fmt.Errorf("%s has no evaluation set %q; there are %s", s.Bases[0].Data.Name(), set, strings.Join(known, ", "))
		}
	}
	return nil
}

// Further opens a model of the embedded default that only some studies need. It
// is nil, without an error, where the sweep works on other models.
func (s *Setting) Further(family string) (*pool.Base, error) {
	if s.Data != recipe.Shapes || !slices.Contains(s.Models, embedded[0]) {
		return nil, nil
	}
	return s.open("demo:" + family)
}

// baseName is a short name for folders.
func baseName(source string) string {
	if family, ok := strings.CutPrefix(source, "demo:"); ok {
		return family
	}
	return recipe.ShortName(source)
}

// baseTitle is the paper's name of the model where it is one of its seven.
func baseTitle(m *pretrained.Model) string {
	if family, ok := strings.CutPrefix(m.Source, "demo:"); ok {
		if title, ok := familyTitles[family]; ok {
			return title
		}
		return family
	}
	if title := recipe.PaperName(m); title != "" {
		return title
	}
	return recipe.ShortName(m.Source)
}

var familyTitles = map[string]string{
	"vit": "ViT", "augreg": "AugReg", "deit": "DeiT", "vit-seed1": "ViT, seed 1", "vit-seed2": "ViT, seed 2", "vit40": "ViT, 40 classes", "vit80": "ViT, 80 classes",
}

// Defaults are the embedded default: three models, nine sets of 500 images.
func Defaults() Options {
	return Options{Data: recipe.Shapes, Preset: recipe.PresetAuto, Draws: 3, PerSet: 500, Train: 2000}
}

// Small works on few images of three sets for a few steps: it shows how an
// experiment runs in a minute or two, not what it finds.
func Small() Options {
	o := Defaults()
	o.Models, o.Sets = []string{embedded[0]}, []string{"val", "imagenet-a", "si-location"}
	o.Draws, o.PerSet, o.Train, o.PerClass, o.Epochs = 2, 20, 600, 1, 1
	return o
}

package main

import (
	"fmt"
	"strconv"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/recipe"
)

// finetuneFlags are the flags that --resume remembers. What is not given is
// zero, so that the preset decides it.
type finetuneFlags struct {
	Weights  string `json:"weights,omitempty" help:"Weights file, model folder, run folder or demo:FAMILY." placeholder:"FILE"`
	Data     string `json:"data,omitempty" help:"shapes, a folder of sets with train, or a folder of classes." placeholder:"DIR"`
	Masks    string `json:"masks,omitempty" help:"Folder of masks, CLASS/FILE.png; default train_masks beside train." placeholder:"DIR"`
	Manifest string `json:"manifest,omitempty" help:"Train on exactly the images of this list (robustvit data manifest, or a run's manifest.jsonl), verified by hash." placeholder:"FILE"`
	Train    int    `json:"train,omitempty" type:"count" help:"Training images to choose from (shapes)." placeholder:"N"`
	Preset   string `json:"preset,omitempty" help:"auto, paper or embedded." enum:"auto,paper,embedded," default:"" placeholder:"NAME"`
	Keep     string `json:"keep,omitempty" help:"Images to choose from: all, correct (those the model gets right), auto (correct for the embedded preset)." enum:"auto,all,correct," default:"" placeholder:"WHICH"`

	Classes         []string `json:"classes,omitempty" help:"Classes to finetune (set A), by name or number." placeholder:"CLASS"`
	ClassesFraction float64  `json:"classes_fraction,omitempty" type:"positive" help:"Or this share of the classes, drawn by the seed (default 0.5)." placeholder:"F"`
	PerClass        int      `json:"per_class,omitempty" type:"count" help:"Images a class." placeholder:"N"`
	Epochs          int      `json:"epochs,omitempty" type:"count" help:"Epochs." placeholder:"N"`
	Batch           int      `json:"batch,omitempty" type:"count" help:"Images a step." placeholder:"N"`
	MicroBatch      int      `json:"micro_batch,omitempty" type:"count" help:"Images on the device at a time; their gradients add up to the batch's. For models that do not fit otherwise." placeholder:"N"`
	Rematerialise   bool     `json:"rematerialise,omitempty" help:"Compute activations again in the backward pass instead of keeping them." aliases:"rematerialize"`
	Precision       string   `json:"precision,omitempty" help:"Of matrix products: float32, or bfloat16 with float32 weights, for GPUs." enum:"float32,bfloat16," default:"" placeholder:"TYPE"`
	Devices         int      `json:"devices,omitempty" type:"count" help:"Divide each batch among so many devices of the machine (default 1); a resumed run may have others." placeholder:"N"`
	Rate            string   `json:"rate,omitempty" aliases:"lr" help:"Learning rate of the first epoch, or auto: the highest of a grid that keeps validation accuracy and does not raise the relevance loss (also --lr)." placeholder:"R|auto"`
	Decay           float64  `json:"decay,omitempty" type:"positive" help:"Factor on the rate every second epoch." placeholder:"F"`
	Seed            uint64   `json:"seed,omitempty" help:"Draws classes, images, order and augmentation." placeholder:"N"`
	SaveEvery       int      `json:"save_every,omitempty" type:"count" help:"Steps between checkpoints." placeholder:"N"`
	Protocol        string   `json:"protocol,omitempty" help:"native, paper or timm." enum:"native,paper,timm," default:"" placeholder:"NAME"`
	RotateEXIF      bool     `json:"rotate_exif,omitempty" name:"rotate-exif" help:"Turn images and masks upright by EXIF; the paper's pipeline does not."`
	Augment         string   `json:"augment,omitempty" help:"crop (the paper's), shift or none." enum:"crop,shift,none," default:"" placeholder:"KIND"`

	Cache data.CacheSize `json:"cache,omitempty" help:"Memory for the training images, such as 2GiB; none decodes them in every epoch; default a quarter of what is free." placeholder:"SIZE"`

	Watch bool `json:"watch,omitempty" help:"Write relevance maps of a few fixed images into DIR/watch about ten times, to look at while it runs."`

	Method           string   `json:"method,omitempty" help:"gae (the paper's), or the baselines gradmask and rrr, with the objective of each as default." placeholder:"METHOD"`
	ClassTerm        string   `json:"class_term,omitempty" help:"confidence-all (the paper's), confidence-finetuned, true-class-all, true-class-finetuned, kl-original (stay at the outputs before)." placeholder:"TERM"`
	Order            string   `json:"order,omitempty" help:"first-order (as released) or second-order; a baseline trains only in second order, its default." placeholder:"ORDER"`
	MasksRule        string   `json:"masks_rule,omitempty" help:"reference (as released) or strict." placeholder:"RULE"`
	Target           string   `json:"target,omitempty" help:"label (as released) or predicted: whose relevance is trained." placeholder:"CLASS"`
	Temperature      *float64 `json:"temperature,omitempty" help:"Of the class term." placeholder:"T"`
	StartLayer       *int     `json:"start_layer,omitempty" help:"First layer of the relevance." placeholder:"N"`
	LambdaRelevance  *float64 `json:"lambda_relevance,omitempty" help:"Weight of the relevance loss (0.8)." placeholder:"L"`
	LambdaConfidence *float64 `json:"lambda_confidence,omitempty" help:"Weight of the class term (0.2)." placeholder:"L"`
	LambdaBackground *float64 `json:"lambda_background,omitempty" help:"Weight of the background in the relevance loss (2)." placeholder:"L"`
	LambdaForeground *float64 `json:"lambda_foreground,omitempty" help:"Weight of the foreground in the relevance loss (0.3)." placeholder:"L"`
}

const rateAuto = "auto"

// config is the preset with what the flags change; correct says that only
// images that the model gets right are chosen.
func (f finetuneFlags) config(m *pretrained.Model, train data.Dataset) (config finetune.Config, correct bool, err error) {
	config, embedded, err := recipe.Preset(orElse(f.Preset, recipe.PresetAuto), m)
	if err != nil {
		return config, false, err
	}
	config.PerClass, config.Epochs = orElse(f.PerClass, config.PerClass), orElse(f.Epochs, config.Epochs)
	config.Batch, config.SaveEvery = orElse(f.Batch, config.Batch), orElse(f.SaveEvery, config.SaveEvery)
	config.Memory = robustvit.Memory{MicroBatch: f.MicroBatch, Rematerialise: f.Rematerialise}
	if f.Precision != "" {
		if err = config.Memory.Precision.UnmarshalText([]byte(f.Precision)); err != nil {
			return config, false, err
		}
	}
	config.Decay, config.Devices = orElse(f.Decay, config.Decay), f.Devices
	if f.Rate != "" && f.Rate != rateAuto {
		if config.Rate, err = strconv.ParseFloat(f.Rate, 64); err != nil {
			return config, false, fmt.Errorf("learning rate %q is neither a number nor auto; give one such as 3e-6, or auto", f.Rate)
		}
	}
	config.RotateEXIF = f.RotateEXIF
	config.Protocol, config.Seed = orElse(f.Protocol, config.Protocol), f.Seed
	if f.Augment != "" {
		config.Augment = data.Augment{Kind: f.Augment}
	}
	items, sum, err := f.manifest()
	switch {
	case err != nil:
	case items != nil:
		config.Manifest = sum
		config.Classes, config.PerClass = recipe.ManifestClasses(items)
	case len(f.Classes) > 0:
		config.Classes, err = recipe.ClassIndices(f.Classes, train.Classes())
	default:
		config.Classes, err = recipe.Fraction(orElse(f.ClassesFraction, 0.5), train, config.PerClass, f.Seed)
	}
	if err != nil {
		return config, false, err
	}
	correct = items == nil && (f.Keep == "correct" || f.Keep != "all" && embedded)
	return config, correct, f.objective(&config)
}

// manifest reads the list of training images, nil where none is named.
func (f finetuneFlags) manifest() (items []data.ManifestItem, sum string, err error) {
	if f.Manifest == "" {
		return nil, "", nil
	}
	if len(f.Classes) > 0 || f.ClassesFraction != 0 || f.PerClass != 0 || f.Keep != "" {
		return nil, "", fmt.Errorf("--manifest names the images; leave out --classes, --classes-fraction, --per-class and --keep")
	}
	return data.ReadManifest(f.Manifest)
}

// objective changes what the flags name.
func (f finetuneFlags) objective(config *finetune.Config) error {
	o := &config.Objective
	if f.Method != "" {
		method := robustvit.GAE
		if err := method.UnmarshalText([]byte(f.Method)); err != nil {
			return err
		}
		if method != robustvit.GAE { // the preset's objective is the paper's
			*o = method.Default()
		}
	}
	for _, option := range []struct {
		text string
		to   interface{ UnmarshalText([]byte) error }
	}{{f.ClassTerm, &o.ClassTerm}, {f.Order, &o.Order}, {f.MasksRule, &o.Masks}, {f.Target, &o.Target}} {
		if option.text == "" {
			continue
		}
		if err := option.to.UnmarshalText([]byte(option.text)); err != nil {
			return err
		}
	}
	for _, number := range []struct{ from, to *float64 }{
		{f.Temperature, &o.Temperature}, {f.LambdaRelevance, &o.Relevance}, {f.LambdaConfidence, &o.Confidence},
		{f.LambdaBackground, &o.Background}, {f.LambdaForeground, &o.Foreground},
	} {
		if number.from != nil {
			*number.to = *number.from
		}
	}
	if f.StartLayer != nil {
		o.StartLayer = *f.StartLayer
	}
	if o.ClassTerm == robustvit.ConfidenceFinetuned || o.ClassTerm == robustvit.TrueClassFinetuned {
		o.Finetuned = config.Classes
	}
	return nil
}

// orElse is the value, or the other where it was not given.
func orElse[T comparable](value, other T) T {
	var zero T
	if value == zero {
		return other
	}
	return value
}

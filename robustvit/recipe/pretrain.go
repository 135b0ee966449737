package recipe

import (
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/weights"
)

// Pretraining is a model to train from nothing.
type Pretraining struct{ Config finetune.PretrainConfig }

// The two stages of the embedded models: first the objects, then the shortcut
// ("IN-21k, then IN-1k"). A model that meets the shortcut first learns the
// background alone and has nothing to fall back on.
const (
	objectImages, shortcutImages = 16000, 8000
	moreObjects, moreShortcut    = 24000, 12000 // of 40 and 80 classes
	demoRate, demoWarmup         = 1e-3, 100
)

// demoModel is an embedded model: family, variant, the steps of its two stages
// and its seed. The regularised families were stopped at half of the plain one's
// steps.
type demoModel struct {
	family            finetune.Family
	variant           string
	objects, shortcut int
	seed              uint64
}

var demoModels = map[string]demoModel{
	"vit":       {finetune.ViT, "vit_demo_patch8_64", 3300, 400, 0},
	"augreg":    {finetune.AugReg, "vit_demo_patch8_64.augreg", 1500, 300, 0},
	"deit":      {finetune.DeiT, "deit_demo_patch8_64", 1500, 300, 0},
	"vit-seed1": {finetune.ViT, "vit_demo_patch8_64", 3300, 400, 1},
	"vit-seed2": {finetune.ViT, "vit_demo_patch8_64", 3300, 400, 2},
	"vit40":     {finetune.ViT, "vit_demo_patch8_64.c40", 4500, 600, 0},
	"vit80":     {finetune.ViT, "vit_demo_patch8_64.c80", 4500, 600, 0},
}

// DemoNames lists the embedded models that Demo makes again.
func DemoNames() []string { return slices.Sorted(maps.Keys(demoModels)) }

// Demo is the pretraining of an embedded model (see DemoNames). A seed other
// than 0 replaces the model's own; it draws the images, the first weights and
// the order.
func Demo(name string, seed uint64) (Pretraining, error) {
	model, ok := demoModels[name]
	if !ok {
		return Pretraining{}, fmt.Errorf("embedded model %q is not one of %s", name, strings.Join(DemoNames(), ", "))
	}
	if seed == 0 {
		seed = model.seed
	}
	v, err := robustvit.LookupVariant(model.variant)
	if err != nil {
		return Pretraining{}, err
	}
	config, err := finetune.NewPretrainConfig(v, model.family, seed, model.stages(v.Classes, seed)...)
	return Pretraining{Config: config}, err
}

func (m demoModel) stages(classes int, seed uint64) []finetune.Stage {
	objects, shortcut := shapes.PretrainObjects(), shapes.PretrainShortcut()
	objectCount, shortcutCount := objectImages, shortcutImages
	if classes > shapes.NumClasses {
		objects.Classes, shortcut.Classes = classes, classes
		objectCount, shortcutCount = moreObjects, moreShortcut
	}
	return []finetune.Stage{
		{Name: "objects", Data: shapes.NewDataset("objects", objects, objectCount, shapes.Seed(shapes.ForObjects, 0, seed)),
			Source: "shapes without a shortcut", Images: objectCount, Steps: m.objects, Warmup: demoWarmup, Rate: demoRate},
		{Name: "shortcut", Data: shapes.NewDataset("train", shortcut, shortcutCount, shapes.Seed(shapes.ForShortcut, 0, seed)),
			Source: "shapes whose background gives the label away", Images: shortcutCount, Steps: m.shortcut, Warmup: demoWarmup, Rate: demoRate},
	}
}

// Size is the geometry of a model that is trained on a folder.
type Size struct {
	Image, Patch, Width, Depth, Heads int
}

// Training says how long and how fast a model is trained on a folder.
type Training struct {
	Family finetune.Family
	Steps  int
	Rate   float64 // at its highest, after the warm-up
	Batch  int
	Seed   uint64
}

// Folder is the pretraining of a model of the given size on a data set.
func Folder(d data.Dataset, size Size, t Training) (Pretraining, error) {
	v := robustvit.Variant{
		Name:      fmt.Sprintf("vit_width%d_depth%d_patch%d_%d", size.Width, size.Depth, size.Patch, size.Image),
		ImageSize: size.Image, Patch: size.Patch, Width: size.Width, Depth: size.Depth, Heads: size.Heads, MLP: 4 * size.Width,
		Classes: len(d.Classes()), PrefixTokens: 1,
		Mean: [3]float32{0.5, 0.5, 0.5}, Std: [3]float32{0.5, 0.5, 0.5},
	}
	const usualBatch = 64 // which the recipe validates with, before the asked batch is known
	stage := finetune.Stage{Name: "train", Data: d, Source: d.Name(), Images: max(d.Len(), usualBatch), Steps: t.Steps, Warmup: min(100, max(t.Steps/10, 1)), Rate: t.Rate}
	config, err := finetune.NewPretrainConfig(v, t.Family, t.Seed, stage)
	if err != nil {
		return Pretraining{}, fmt.Errorf("pretrain on %s: %w; correct the settings, nothing was begun", d.Name(), err)
	}
	config.Batch, config.Stages[0].Images = t.Batch, d.Len()
	if err := config.Validate(); err != nil {
		return Pretraining{}, fmt.Errorf("pretrain on %s: %w; correct the settings, nothing was begun", d.Name(), err)
	}
	return Pretraining{Config: config}, nil
}

// Steps is the number of steps of all stages.
func (p Pretraining) Steps() int {
	steps := 0
	for _, stage := range p.Config.Stages {
		steps += stage.Steps
	}
	return steps
}

// Run trains, or goes on where the run in dir stopped, and writes
// dir/weights.safetensors with what a reader has to know about the model.
func (p Pretraining) Run(ctx context.Context, backend compute.Backend, dir string, listen finetune.Listener) (*pretrained.Model, error) {
	file, err := finetune.Pretrain(ctx, backend, dir, p.Config, listen)
	if err != nil {
		return nil, err
	}
	path := filepath.Join(dir, run.WeightsFile)
	if err := weights.Write(path, file); err != nil {
		return nil, err
	}
	return pretrained.Open(path)
}

// Package verify compares the method, stage by stage, with a folder of
// reference values: weights (vit.safetensors), settings (meta.json) and the
// tensors of every stage (stages.safetensors), laid out as tests/golden/micro.
// The first stage that diverges is the place to look.
package verify

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/weights"
)

// Tolerance bounds the largest error of a tensor by this part of its largest
// absolute value. PyTorch's own float32 stays within 4e-5 of float64.
const Tolerance = 1e-4

// Row is the comparison of one tensor.
type Row struct {
	Stage     string  `json:"stage"` // embeddings, block, attention, ... ; the part before the first number
	Name      string  `json:"name"`  // tensor name in stages.safetensors
	MaxError  float64 `json:"max_error"`
	Relative  float64 `json:"relative"` // MaxError over the largest absolute reference value
	Tolerance float64 `json:"tolerance"`
	OK        bool    `json:"ok"`
}

// Report is the outcome in the order of computation.
type Report struct {
	Dir     string   `json:"dir"`
	Backend string   `json:"backend"`
	Rows    []Row    `json:"rows"`
	Skipped []string `json:"skipped"` // reference tensors that no stage of the method computes
}

// FirstDiverging is the first row beyond its tolerance in the order of computation.
func (r Report) FirstDiverging() (Row, bool) {
	for _, row := range r.Rows {
		if !row.OK {
			return row, true
		}
	}
	return Row{}, false
}

// meta is what meta.json of a reference folder says.
type meta struct {
	Image   int     `json:"img"`
	Patch   int     `json:"patch"`
	Width   int     `json:"dim"`
	Depth   int     `json:"depth"`
	Heads   int     `json:"heads"`
	MLP     int     `json:"mlp"`
	Classes int     `json:"classes"`
	Prefix  int     `json:"prefix_tokens"`
	Batch   int     `json:"batch"`
	Back    float64 `json:"lambda_background"`
	Fore    float64 `json:"lambda_foreground"`
	Rel     float64 `json:"lambda_relevance"`
	Conf    float64 `json:"lambda_confidence"`
	AdamW   struct {
		Rate  float64    `json:"lr"`
		Decay float64    `json:"weight_decay"`
		Betas [2]float64 `json:"betas"`
		Eps   float64    `json:"eps"`
	} `json:"adamw"`
}

// reference is a loaded folder.
type reference struct {
	meta      meta
	variant   robustvit.Variant
	objective robustvit.Objective
	weights   map[string][]float32
	stages    *weights.File
	batch     robustvit.Batch
}

// Dir compares every stage of the reference folder on the backend.
func Dir(backend compute.Backend, dir string) (Report, error) {
	ref, err := load(dir)
	if err != nil {
		return Report{}, err
	}
	computed, err := ref.compute(backend)
	if err != nil {
		return Report{}, fmt.Errorf("verify %s: %w", dir, err)
	}
	report := Report{Dir: dir, Backend: backend.Name()}
	known := map[string]bool{"images": true, "masks": true, "labels": true, "predicted": true}
	for _, value := range computed {
		known[value.name] = true
		want, ok := ref.stages.Get(value.name)
		if !ok {
			continue
		}
		row, err := ref.compare(value, want)
		if err != nil {
			return Report{}, fmt.Errorf("verify %s: %w", filepath.Join(dir, stagesFile), err)
		}
		report.Rows = append(report.Rows, row)
	}
	for _, tensor := range ref.stages.Tensors {
		if !known[tensor.Name] {
			report.Skipped = append(report.Skipped, tensor.Name)
		}
	}
	if len(report.Rows) == 0 {
		return report, fmt.Errorf("verify %s: no tensor of %s bears the name of a stage; expected names such as embeddings, block.0, attention.0", dir, stagesFile)
	}
	return report, nil
}

const (
	weightsFile = "vit.safetensors"
	stagesFile  = "stages.safetensors"
	metaFile    = "meta.json"
)

func load(dir string) (*reference, error) {
	ref := &reference{}
	text, err := os.ReadFile(filepath.Join(dir, metaFile))
	if err != nil {
		return nil, fmt.Errorf("verify %s: settings: %w; a reference folder holds %s, %s and %s", dir, err, metaFile, weightsFile, stagesFile)
	}
	if err := json.Unmarshal(text, &ref.meta); err != nil {
		return nil, fmt.Errorf("verify %s: %w", filepath.Join(dir, metaFile), err)
	}
	ref.setVariant(dir)
	if err := ref.variant.Validate(); err != nil {
		return nil, fmt.Errorf("verify %s: %w", filepath.Join(dir, metaFile), err)
	}
	file, err := weights.Load(filepath.Join(dir, weightsFile))
	if err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	ref.weights = map[string][]float32{}
	for i := range file.Tensors {
		if ref.weights[file.Tensors[i].Name], err = file.Tensors[i].Float32s(); err != nil {
			return nil, fmt.Errorf("verify: %s: %w", weightsFile, err)
		}
	}
	if ref.stages, err = weights.Read(filepath.Join(dir, stagesFile)); err != nil {
		return nil, fmt.Errorf("verify: %w", err)
	}
	return ref, ref.readBatch()
}

func (ref *reference) setVariant(dir string) {
	m := ref.meta
	ref.variant = robustvit.Variant{
		Name: filepath.Base(dir), ImageSize: m.Image, Patch: m.Patch, Width: m.Width, Depth: m.Depth,
		Heads: m.Heads, MLP: m.MLP, Classes: m.Classes, PrefixTokens: max(m.Prefix, 1),
	}
	if ref.variant.MLP == 0 {
		ref.variant.MLP = 4 * m.Width
	}
	ref.objective = robustvit.Objective{Relevance: m.Rel, Confidence: m.Conf, Background: m.Back, Foreground: m.Fore, Temperature: 1}
}

func (ref *reference) readBatch() (err error) {
	for _, part := range []struct {
		name string
		to   *[]float32
	}{{"images", &ref.batch.Images}, {"masks", &ref.batch.Masks}} {
		tensor, ok := ref.stages.Get(part.name)
		if !ok {
			return fmt.Errorf("verify: %s holds no tensor %q, the input of every stage", stagesFile, part.name)
		}
		if *part.to, err = tensor.Float32s(); err != nil {
			return fmt.Errorf("verify: %s: %w", stagesFile, err)
		}
	}
	labels, ok := ref.stages.Get("labels")
	if !ok {
		return fmt.Errorf("verify: %s holds no tensor \"labels\"", stagesFile)
	}
	ref.batch.Labels, err = int32s(labels)
	ref.batch.N = len(ref.batch.Labels)
	return err
}

func int32s(t *weights.Tensor) ([]int32, error) {
	wide, err := t.Int64s()
	if err != nil {
		return nil, fmt.Errorf("verify: %s: %w", stagesFile, err)
	}
	narrow := make([]int32, len(wide))
	for i, v := range wide {
		narrow[i] = int32(v)
	}
	return narrow, nil
}

// Package pretrained turns a weights file into a model that runs: it reads the
// geometry off the tensors, checks every name and shape and knows what the
// file says about its classes and normalisation.
package pretrained

import (
	"encoding/json"
	"fmt"
	"strconv"
	"strings"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/weights"
	"github.com/robustvit/workbench/weights/demo"
)

// Model is a pretrained Vision Transformer on the host.
type Model struct {
	Source  string // where it came from, as the user wrote it
	Variant robustvit.Variant
	File    *weights.File // timm names
	SHA256  string        // of the tensors, without metadata
	Classes []string      // class names, nil where the file has none
}

// Open reads weights by path (a safetensors file, a timm or transformers
// folder) or the name of an embedded model ("demo:vit").
func Open(source string) (*Model, error) {
	if family, ok := strings.CutPrefix(source, "demo:"); ok {
		file, err := demo.Open(family)
		if err != nil {
			return nil, err
		}
		return New(file, source)
	}
	file, err := weights.Load(source)
	if err != nil {
		return nil, err
	}
	return New(file, source)
}

// New checks the file's tensors against the geometry that they show. Source is
// used in errors.
func New(file *weights.File, source string) (*Model, error) {
	geometry, err := weights.Describe(file)
	if err != nil {
		return nil, fmt.Errorf("model %s: %w", source, err)
	}
	m := &Model{Source: source, File: file, SHA256: file.SHA256(), Variant: variantOf(geometry, file.Metadata)}
	if err := m.Variant.Validate(); err != nil {
		return nil, fmt.Errorf("%s: %w", source, err)
	}
	if err := weights.Match(file, Specs(m.Variant), source); err != nil {
		return nil, err
	}
	if err := file.CheckFinite(); err != nil {
		return nil, fmt.Errorf("model %s: %w", source, err)
	}
	if text := file.Metadata[weights.MetadataClassNames]; text != "" {
		if err := json.Unmarshal([]byte(text), &m.Classes); err != nil || len(m.Classes) != m.Variant.Classes {
			return nil, fmt.Errorf("model %s: metadata names %d classes, the head has %d", source, len(m.Classes), m.Variant.Classes)
		}
	}
	return m, nil
}

// Specs is what a weights file of the variant must hold.
func Specs(v robustvit.Variant) []weights.Spec {
	var specs []weights.Spec
	for _, spec := range v.WeightSpecs() {
		specs = append(specs, weights.Spec{Name: spec.Name, Shape: spec.Shape})
	}
	return specs
}

func variantOf(g weights.Geometry, metadata map[string]string) robustvit.Variant {
	v := robustvit.Variant{
		Name: metadata[weights.MetadataModel], ImageSize: g.ImageSize, Patch: g.Patch, Width: g.Width, Depth: g.Depth,
		Heads: g.Heads, MLP: g.MLP, Classes: g.Classes, PrefixTokens: g.Prefix,
		Mean: [3]float32{0.5, 0.5, 0.5}, Std: [3]float32{0.5, 0.5, 0.5},
	}
	if v.Name == "" {
		v.Name = fmt.Sprintf("vit_width%d_depth%d_patch%d_%d", g.Width, g.Depth, g.Patch, g.ImageSize)
	}
	if known, err := robustvit.LookupVariant(v.Name); err == nil {
		v.Mean, v.Std = known.Mean, known.Std
	}
	for key, to := range map[string]*[3]float32{weights.MetadataMean: &v.Mean, weights.MetadataStd: &v.Std} {
		if three, ok := threeNumbers(metadata[key]); ok {
			*to = three
		}
	}
	v.CropPct, _ = strconv.ParseFloat(metadata[weights.MetadataCrop], 64)
	v.Interpolation, v.CropMode = metadata[weights.MetadataFilter], metadata[weights.MetadataCropMode]
	return v
}

func threeNumbers(text string) (three [3]float32, ok bool) {
	parts := strings.Split(text, ",")
	if len(parts) != 3 {
		return three, false
	}
	for i, part := range parts {
		value, err := strconv.ParseFloat(strings.TrimSpace(part), 32)
		if err != nil {
			return three, false
		}
		three[i] = float32(value)
	}
	return three, true
}

// Values copies the weights into host tensors for a trainer or a store.
func (m *Model) Values() (robustvit.Values, error) {
	flat := map[string][]float32{}
	for i := range m.File.Tensors {
		values, err := m.File.Tensors[i].Float32s()
		if err != nil {
			return nil, fmt.Errorf("model %s: %w", m.Source, err)
		}
		flat[m.File.Tensors[i].Name] = values
	}
	return robustvit.NewValues(m.Variant, flat)
}

// Predictor loads the model onto the backend. Close the store after the predictor.
func (m *Model) Predictor(backend compute.Backend, batch int) (*robustvit.Predictor, *model.Store, error) {
	values, err := m.Values()
	if err != nil {
		return nil, nil, err
	}
	store, err := robustvit.NewStore(m.Variant, values)
	if err != nil {
		return nil, nil, err
	}
	predictor, err := robustvit.NewPredictor(backend, m.Variant, store, batch)
	return predictor, store, err
}

// ClassName names a class, by number where the model has no names.
func (m *Model) ClassName(class int) string {
	if class >= 0 && class < len(m.Classes) {
		return m.Classes[class]
	}
	return fmt.Sprintf("class %d", class)
}

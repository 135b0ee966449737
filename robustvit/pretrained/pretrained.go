// Package pretrained turns a weights file into a model that runs: it reads the
// geometry off the tensors, checks every name and shape and knows what the
// file says about its classes and normalisation.
package pretrained

import (
	"encoding/json"
	"fmt"
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
	m := &Model{Source: source, File: file, SHA256: file.SHA256()}
	if m.Variant, err = variantOf(geometry, file.Metadata); err != nil {
		return nil, fmt.Errorf("model %s: %w", source, err)
	}
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

package explain

import (
	"errors"
	"fmt"
	"strings"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
)

// explain runs every model on the inputs and writes their pictures.
func (w *worker) explain(inputs []input) error {
	if len(inputs) == 0 {
		return nil
	}
	first := len(w.result.Images)
	for i := range inputs {
		inputs[i].Picture = fmt.Sprintf("%s/%04d.png", pictures, first+i+1)
		inputs[i].Views = map[string]View{}
		content, err := ImagePNG(inputs[i].seen)
		if err == nil {
			err = w.run.WriteFile(inputs[i].Picture, content)
		}
		if err != nil {
			return err
		}
	}
	for _, side := range w.order() {
		if err := w.load(side); err != nil {
			return err
		}
		if err := w.views(side, inputs); err != nil {
			return fmt.Errorf("explain with %s: %w", w.sides[side].Source, err)
		}
	}
	for _, in := range inputs {
		w.result.Images = append(w.result.Images, in.Image)
	}
	return nil
}

// load puts one model's weights into the predictor, compiling it once.
func (w *worker) load(side int) error {
	var err error
	if w.predictor == nil {
		w.predictor, w.store, err = w.sides[side].model.Predictor(w.Backend, w.Batch)
		w.loaded = side
		return err
	}
	if w.loaded == side {
		return nil
	}
	values, err := w.sides[side].model.Values()
	if err != nil {
		return err
	}
	w.loaded = side
	return w.predictor.Load(values)
}

// views adds one model's predictions and maps to the inputs.
func (w *worker) views(side int, inputs []input) error {
	s, size := w.sides[side], w.result.Size
	one := 3 * size * size
	images, classes := make([]float32, len(inputs)*one), make([]int32, len(inputs))
	for i, in := range inputs {
		data.Normalize(images[i*one:(i+1)*one], in.seen, s.protocol.Mean, s.protocol.Std)
		classes[i] = int32(w.class)
	}
	e, err := w.predictor.Explain(images, classes, len(inputs))
	if bad, ok := errors.AsType[*robustvit.NotFiniteOutput](err); ok && bad.Row < len(inputs) {
		return fmt.Errorf("explain %s with %s: %w", inputs[bad.Row].Path, s.Name, err)
	}
	if err != nil {
		return err
	}
	k := s.model.Variant.Classes
	for i := range inputs {
		ranking := top(e.Logits[i*k:(i+1)*k], k, func(class int) string { return w.className(side, class) })
		view := View{Top: ranking[:min(topClasses, k)], Explained: ranking[0]}
		for _, p := range ranking {
			if p.Class == w.class {
				view.Explained = p
			}
		}
		view.Relevance = strings.TrimSuffix(inputs[i].Picture, ".png") + "-" + s.Name + ".png"
		content, err := MapPNG(e.Maps[i*size*size:(i+1)*size*size], size)
		if err == nil {
			err = w.run.WriteFile(view.Relevance, content)
		}
		if err != nil {
			return err
		}
		inputs[i].Views[s.Name] = view
	}
	return nil
}

package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/robustvit/workbench/viz"
)

const (
	configFile      = "config.json"
	environmentFile = "environment.jsonl"
	doneFile        = "done.json"
	weightsFile     = "weights.safetensors"
)

// config is what a report says of a main job's config.json.
type config struct {
	Kind       string   `json:"kind"`
	Protocol   string   `json:"protocol"` // of an evaluation
	Backend    string   `json:"backend"`
	Models     []source `json:"models"`
	Model      string   `json:"model"`
	Weights    string   `json:"weights_sha256"`
	Data       string   `json:"data"`
	ClassNames []string `json:"class_names"`
	Arms       []struct {
		Name   string  `json:"name"`
		Title  string  `json:"title"`
		Factor float64 `json:"rate_factor"`
	} `json:"arms"`
	Finetune struct {
		Variant struct {
			Name string `json:"name"`
			Size int    `json:"image_size"`
		} `json:"variant"`
		Protocol  string  `json:"protocol"`
		PerClass  int     `json:"per_class"`
		Epochs    int     `json:"epochs"`
		Batch     int     `json:"batch"`
		Rate      float64 `json:"rate"`
		Decay     float64 `json:"decay"`
		Seed      *uint64 `json:"seed"`
		Backend   string  `json:"backend"`
		Objective struct {
			Relevance  float64 `json:"lambda_relevance"`
			Confidence float64 `json:"lambda_confidence"`
			Background float64 `json:"lambda_background"`
			Foreground float64 `json:"lambda_foreground"`
			Order      string  `json:"order"`
			Masks      string  `json:"masks"`
		} `json:"objective"`
	} `json:"finetune"`
}

// source is one model of an evaluation.
type source struct {
	Name    string `json:"name"`
	Source  string `json:"source"`
	Weights string `json:"weights_sha256"`
}

// demonstration tells the generated silhouettes of the embedded default by two
// of their classes, wherever the images lie.
func (c config) demonstration() bool {
	return slices.Contains(c.ClassNames, "gear8") && slices.Contains(c.ClassNames, "flower6")
}

// facts collects what is known.
type facts []viz.KeyValue

func (f *facts) add(key, format string, args ...any) {
	*f = append(*f, viz.KeyValue{Key: key, Value: private(fmt.Sprintf(format, args...))})
}

// provenance lets every number be traced; what the folder does not say is left out.
func provenance(dir string, c config, r *Results) ([]viz.KeyValue, error) {
	var all facts
	if err := all.weights(dir, c, r); err != nil {
		return nil, err
	}
	if c.Data != "" {
		all.add("Data", "%s", c.Data)
	}
	if text := counts(r); text != "" {
		all.add("Images", "%s%s", text, listed(r.Files))
	}
	all.settings(c)
	if backend := firstOf(r.Backend, c.Finetune.Backend, c.Backend); backend != "" {
		all.add("Backend", "%s", backend)
	}
	if r.Seconds > 0 {
		all.add("Time", "%.0f s in the process that finished the job", r.Seconds)
	}
	environment, err := environmentFacts(dir)
	return append(all, environment...), err
}

// weights names every model with the hash of its tensors.
func (f *facts) weights(dir string, c config, r *Results) error {
	if c.Model != "" {
		f.add("Model", "%s (%s)", c.Model, c.Finetune.Variant.Name)
		f.add("Weights before, SHA-256", "%s", c.Weights)
	}
	for _, m := range c.Models {
		f.add(m.Name, "%s", m.Source)
		f.add(m.Name+", SHA-256", "%s", m.Weights)
	}
	for _, m := range r.tuned() {
		var done struct {
			Weights string `json:"weights_sha256"`
		}
		err := readJSON(dir, m.Name+"/"+doneFile, &done)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return fmt.Errorf("report: %w", err)
		}
		if done.Weights != "" {
			f.add(m.Title+", SHA-256", "%s", done.Weights)
		}
	}
	return nil
}

// settings says how the models were finetuned.
func (f *facts) settings(c config) {
	t, o := c.Finetune, c.Finetune.Objective
	if t.Epochs > 0 {
		f.add("Finetuning", "%d images a class, %d epochs, batch %d, rate %g × %g^(epoch/2)%s", t.PerClass, t.Epochs, t.Batch, t.Rate, t.Decay, c.factors())
		f.add("Loss of the method", "%g × (%g background + %g foreground) + %g × class term; %s gradient, %s masks", o.Relevance, o.Background, o.Foreground, o.Confidence, o.Order, o.Masks)
		f.add("Protocol", "%s, %d × %d pixels", t.Protocol, t.Variant.Size, t.Variant.Size)
	} else if c.Protocol != "" {
		f.add("Protocol", "%s", c.Protocol)
	}
	if t.Seed != nil {
		f.add("Seed", "%d", *t.Seed)
	}
}

// factors names the models with a rate of their own.
func (c config) factors() string {
	text := ""
	for _, a := range c.Arms {
		if a.Factor != 0 && a.Factor != 1 {
			text += fmt.Sprintf("; %s: rate × %g", a.Title, a.Factor)
		}
	}
	return text
}

// counts is the number of images of each set, said once where all have as many.
func counts(r *Results) string {
	var parts []string
	same := true
	for _, s := range r.Sets {
		n := s.Top1[r.base()].N
		same = same && n == r.Sets[0].Top1[r.base()].N
		parts = append(parts, fmt.Sprintf("%s %d", s.Title, n))
	}
	if same && len(parts) > 1 {
		return fmt.Sprintf("%d in each of %d sets", r.Sets[0].Top1[r.base()].N, len(parts))
	}
	return strings.Join(parts, ", ")
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// environmentFacts lists what the last start noted of its surroundings:
// backend, versions, command.
func environmentFacts(dir string) ([]viz.KeyValue, error) {
	starts, err := readLines[struct {
		Environment map[string]any `json:"environment"`
	}](dir, environmentFile)
	if errors.Is(err, os.ErrNotExist) || err == nil && len(starts) == 0 {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("report: %w", err)
	}
	var facts []viz.KeyValue
	last := starts[len(starts)-1].Environment
	for _, key := range slices.Sorted(maps.Keys(last)) {
		if text := factText(last[key]); text != "" {
			facts = append(facts, viz.KeyValue{Key: strings.ToUpper(key[:min(1, len(key))]) + strings.ReplaceAll(key[min(1, len(key)):], "_", " "), Value: private(text)})
		}
	}
	return facts, nil
}

func factText(v any) string {
	switch v := v.(type) {
	case nil:
		return ""
	case string:
		return v
	case []any:
		var parts []string
		for _, x := range v {
			parts = append(parts, factText(x))
		}
		return strings.Join(parts, ", ")
	}
	text, err := json.Marshal(v)
	if err != nil {
		return ""
	}
	return string(text)
}

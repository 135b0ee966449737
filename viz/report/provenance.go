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
	demonstration   = "shapes" // the generated data of the embedded default
)

// config is what a report says of a main job's config.json.
type config struct {
	Model      string   `json:"model"`
	Weights    string   `json:"weights_sha256"`
	Data       string   `json:"data"`
	ClassNames []string `json:"class_names"`
	Finetune   struct {
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

// provenance lets every number be traced; what the folder does not say is left out.
func provenance(dir string, c config, r *Results) ([]viz.KeyValue, error) {
	var facts []viz.KeyValue
	add := func(key, format string, args ...any) {
		facts = append(facts, viz.KeyValue{Key: key, Value: fmt.Sprintf(format, args...)})
	}
	f, o := c.Finetune, c.Finetune.Objective
	if c.Model != "" {
		add("Model", "%s (%s)", c.Model, f.Variant.Name)
		add("Weights before, SHA-256", "%s", c.Weights)
	}
	for _, m := range r.tuned() {
		var done struct {
			Weights string `json:"weights_sha256"`
		}
		err := readJSON(dir, m.Name+"/"+doneFile, &done)
		if err != nil && !errors.Is(err, os.ErrNotExist) {
			return nil, fmt.Errorf("report: %w", err)
		}
		if done.Weights != "" {
			add(m.Title+", SHA-256", "%s", done.Weights)
		}
	}
	if c.Data != "" {
		add("Data", "%s: %s", c.Data, counts(r))
		add("Finetuning", "%d images a class, %d epochs, batch %d, rate %g × %g^(epoch/2) (a control or published run may scale it)", f.PerClass, f.Epochs, f.Batch, f.Rate, f.Decay)
		add("Loss", "%g × (%g background + %g foreground) + %g × class term; %s gradient, %s masks", o.Relevance, o.Background, o.Foreground, o.Confidence, o.Order, o.Masks)
		add("Protocol", "%s, %d × %d pixels", f.Protocol, f.Variant.Size, f.Variant.Size)
	}
	if f.Seed != nil {
		add("Seed", "%d", *f.Seed)
	}
	if backend := firstOf(r.Backend, f.Backend); backend != "" {
		add("Backend", "%s", backend)
	}
	if r.Seconds > 0 {
		add("Time", "%.0f s in the process that finished the job", r.Seconds)
	}
	environment, err := environmentFacts(dir)
	return append(facts, environment...), err
}

func counts(r *Results) string {
	var parts []string
	for _, s := range r.Sets {
		parts = append(parts, fmt.Sprintf("%s %d", s.Title, r.Counts[s.Name]))
	}
	return "images evaluated: " + strings.Join(parts, ", ")
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
			facts = append(facts, viz.KeyValue{Key: strings.ToUpper(key[:min(1, len(key))]) + strings.ReplaceAll(key[min(1, len(key)):], "_", " "), Value: text})
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

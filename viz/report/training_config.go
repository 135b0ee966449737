package report

import (
	"fmt"
	"maps"
	"strings"
)

// trainingConfig is what a page says of config.json of a finetuning or a
// pretraining.
type trainingConfig struct {
	Kind    string `json:"kind"`
	Variant struct {
		Name    string `json:"name"`
		Size    int    `json:"image_size"`
		Patch   int    `json:"patch"`
		Width   int    `json:"width"`
		Depth   int    `json:"depth"`
		Heads   int    `json:"heads"`
		Classes int    `json:"classes"`
	} `json:"variant"`
	Weights   string         `json:"weights_sha256"`
	Data      string         `json:"data"`
	Manifest  string         `json:"manifest_sha256"`
	Protocol  string         `json:"protocol"`
	Classes   []int          `json:"classes"`
	PerClass  int            `json:"per_class"`
	Epochs    int            `json:"epochs"`
	Batch     int            `json:"batch"`
	Rate      float64        `json:"rate"`
	Decay     float64        `json:"decay"`
	Seed      uint64         `json:"seed"`
	Augment   map[string]any `json:"augment"`
	Objective objective      `json:"objective"`
	Optimizer map[string]any `json:"optimizer"`
	SaveEvery int            `json:"save_every"`
	Backend   string         `json:"backend"`

	Family    string          `json:"family"` // of a pretraining, as all below
	Stages    []trainingStage `json:"stages"`
	Mixup     float64         `json:"mixup"`
	Smoothing float64         `json:"smoothing"`
}

type objective struct {
	Method     string  `json:"method"`
	Relevance  float64 `json:"lambda_relevance"`
	Confidence float64 `json:"lambda_confidence"`
	Background float64 `json:"lambda_background"`
	Foreground float64 `json:"lambda_foreground"`
	Order      string  `json:"order"`
	Masks      string  `json:"masks"`
	Target     string  `json:"target"`
	ClassTerm  string  `json:"class_term"`
}

type trainingStage struct {
	Name   string  `json:"name"`
	Source string  `json:"source"`
	Images int     `json:"images"`
	Steps  int     `json:"steps"`
	Warmup int     `json:"warmup"`
	Rate   float64 `json:"rate"`
}

func (c trainingConfig) pretraining() bool { return c.Kind == kindPretraining }

// words tell the config in sentences.
func (c trainingConfig) words(images int) []string {
	words := []string{c.architecture()}
	if c.pretraining() {
		return append(words, c.stages()...)
	}
	counted := ""
	if images > 0 {
		counted = fmt.Sprintf(", %d in all", images)
	}
	return append(words,
		fmt.Sprintf("Finetuned on %d of its %d classes, %s of each%s, over %s of batches of %d.", len(c.Classes), c.Variant.Classes, plural(c.PerClass, "image"), counted, plural(c.Epochs, "epoch"), c.Batch),
		fmt.Sprintf("Learning rate %g × %g^(epoch/2).%s", c.Rate, c.Decay, c.augmentation()),
		c.Objective.words())
}

func (c trainingConfig) architecture() string {
	v := c.Variant
	return fmt.Sprintf("%s: images of %d × %d pixels, patches of %d, %s of width %d with %s.", firstOf(v.Name, "A model"), v.Size, v.Size, v.Patch, plural(v.Depth, "block"), v.Width, plural(v.Heads, "head"))
}

func (c trainingConfig) augmentation() string {
	kind, _ := c.Augment["kind"].(string)
	if kind == "" || kind == "none" {
		return " Images are not augmented."
	}
	rest := maps.Clone(c.Augment)
	delete(rest, "kind")
	text := " Augmentation: " + kind
	if len(rest) > 0 {
		text += ", " + settingsText(rest)
	}
	return text + "."
}

func (c trainingConfig) stages() []string {
	words := []string{fmt.Sprintf("Trained from random weights to %d classes in batches of %d, with the regularisation of %s%s.%s", c.Variant.Classes, c.Batch, firstOf(c.Family, "an unnamed family"), c.softening(), c.augmentation())}
	for i, s := range c.Stages {
		words = append(words, fmt.Sprintf("Stage %s: %d steps on %d images (%s), to a rate of %g within %d steps, then down along a cosine.", firstOf(s.Name, fmt.Sprint(i+1)), s.Steps, s.Images, private(firstOf(s.Source, "unnamed data")), s.Rate, s.Warmup))
	}
	return words
}

func (c trainingConfig) softening() string {
	text := ""
	if c.Mixup > 0 {
		text += fmt.Sprintf(", mixup in %.0f %% of the batches", 100*c.Mixup)
	}
	if c.Smoothing > 0 {
		text += fmt.Sprintf(", label smoothing %g", c.Smoothing)
	}
	return text
}

// words is the loss as the paper's equations have it.
func (o objective) words() string {
	if o.Relevance == 0 {
		return fmt.Sprintf("Loss: %g × class term (%s), without a term on relevance.", o.Confidence, firstOf(o.ClassTerm, "confidence-all"))
	}
	var parts []string
	for _, p := range []struct{ what, value string }{{"relevance by", firstOf(o.Method, "GAE")}, {"gradient", o.Order}, {"class term", o.ClassTerm}, {"mask rule", o.Masks}, {"relevance of the class", o.Target}} {
		if p.value != "" {
			parts = append(parts, p.what+" "+p.value)
		}
	}
	return fmt.Sprintf("Loss: %g × (%g × background + %g × foreground) + %g × class term (Eq. 5 and 3); %s.", o.Relevance, o.Background, o.Foreground, o.Confidence, strings.Join(parts, ", "))
}

// steps is the number of the whole training, 0 where it is not known: a
// finetuning's needs its list of images.
func (c trainingConfig) steps(images int) int {
	if !c.pretraining() {
		return (images + c.Batch - 1) / max(c.Batch, 1) * c.Epochs
	}
	n := 0
	for _, s := range c.Stages {
		n += s.Steps
	}
	return n
}

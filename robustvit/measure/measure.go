package measure

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/recipe"
	"github.com/robustvit/workbench/robustvit/run"
)

// Config decides an evaluation; it is saved before the first image.
type Config struct {
	Kind       string         `json:"kind"` // "evaluate"
	Models     []Model        `json:"models"`
	Data       string         `json:"data"`
	Sets       []string       `json:"sets"` // empty: the segmentation test alone
	Images     map[string]int `json:"images"`
	Protocol   string         `json:"protocol"`
	RotateEXIF bool           `json:"rotate_exif,omitempty"`
	Refused    []string       `json:"refused,omitempty"` // samples that were left out because they cannot be read
	// Scoring is the rule by set, where the data has rules of its own.
	Scoring map[string]string `json:"scoring,omitempty"`
	Segment bool              `json:"segment"` // the relevance segmentation test where there are masks
	Backend string            `json:"backend"`
	Devices int               `json:"devices,omitempty"` // among which each batch is divided; 0 is one
}

// Model is one evaluated model.
type Model struct {
	Name    string `json:"name"` // in tables and file names
	Source  string `json:"source"`
	Weights string `json:"weights_sha256"`

	Prepared data.Protocol `json:"prepared"` // the protocol with the model's own numbers
}

// Job is an evaluation with what it works on.
type Job struct {
	Config
	Dir     string
	Backend compute.Backend
	Kind    backend.Kind
	Models  []*pretrained.Model
	Data    data.Collection
	Cache   data.CacheSize     // memory for images that are seen more than once
	Phase   func(title string) // may be nil
	Note    func(text string)  // what the user should know; may be nil
	Count   evaluate.Progress  // may be nil
}

// New is the evaluation of the models on the named sets of the collection; nil
// means all of them, none the segmentation test alone. That one asks for no
// class, so it also takes data without classes.
func New(models []*pretrained.Model, d data.Collection, sets []string) (Job, error) {
	job := Job{Models: models, Data: d, Config: Config{
		Kind: "evaluate", Data: d.Name(), Sets: sets, Images: map[string]int{}, Segment: true,
	}}
	if sets == nil {
		job.Sets = d.SetNames()
	}
	maskedOnly := sets != nil && len(sets) == 0 && len(d.Classes()) == 0
	for _, m := range models {
		if err := recipe.MatchClasses(m, d); err != nil && !maskedOnly {
			return job, err
		}
		job.Config.Models = append(job.Config.Models, Model{Name: job.free(recipe.ShortName(m.Source)), Source: m.Source, Weights: m.SHA256})
	}
	if sets == nil && len(job.Sets) == 0 { // after the classes: a set without classes says more
		return job, fmt.Errorf("evaluate %s: it holds no evaluation set; expected val, test or a shift set beside train", d.Name())
	}
	for _, name := range job.Sets {
		set, err := d.Set(name)
		if err != nil {
			return job, err
		}
		job.Images[name] = set.Len()
		for _, p := range data.TallyOf(set).Refused {
			job.Refused = append(job.Refused, p.ID)
		}
	}
	if maskedOnly {
		set, err := d.Segmentation()
		if err != nil {
			return job, err
		}
		job.Images[set.Name()] = set.Len()
	}
	return job, nil
}

// free makes the name unique among the models.
func (j Job) free(name string) string {
	for n, candidate := 2, name; ; n++ {
		taken := false
		for _, m := range j.Config.Models {
			taken = taken || m.Name == candidate
		}
		if !taken {
			return candidate
		}
		candidate = fmt.Sprintf("%s-%d", name, n)
	}
}

// Run measures what is not measured yet and writes results.json.
func (j Job) Run(ctx context.Context) (*Results, error) {
	start := time.Now()
	var err error
	if j.Scoring, err = evaluate.Rules(j.Data, j.Sets, j.Protocol); err != nil {
		return nil, err
	}
	j.Config.Models = slices.Clone(j.Config.Models)
	for i, m := range j.Models {
		if j.Config.Models[i].Prepared, err = pretrained.ProtocolOf(j.Protocol, m.Variant); err != nil {
			return nil, fmt.Errorf("evaluate: %w", err)
		}
	}
	if err := robustvit.CheckDevices(j.Backend, j.Devices); err != nil {
		return nil, fmt.Errorf("evaluate: %w", err)
	}
	if j.Devices == 1 {
		j.Devices = 0 // one text for one thing
	}
	r, err := run.Create(j.Dir, j.Config, "backend", "devices")
	if err != nil {
		return nil, err
	}
	defer r.Close()
	segmentation := map[string]evaluate.Segmentation{}
	images, err := j.memory()
	if err != nil {
		return nil, err
	}
	for i, m := range j.Models {
		entry := j.Config.Models[i]
		w := worker{Job: j, run: r, name: entry.Name, model: m, protocol: entry.Prepared, images: images}
		if err := w.measure(ctx, segmentation); err != nil {
			return nil, err
		}
	}
	results, err := j.results(r)
	if err != nil {
		return nil, err
	}
	results.Segmentation = segmentation
	if results.Seconds, err = r.Took(start); err != nil {
		return nil, err
	}
	if err := r.WriteJSON(run.ResultsFile, results); err != nil {
		return nil, err
	}
	if err := r.WriteTo(evaluate.TableFile, results.WriteCSV); err != nil {
		return nil, err
	}
	return results, r.Done(map[string]string{"results": run.ResultsFile})
}

// measure evaluates one model. It is compiled only if something is missing.
func (w worker) measure(ctx context.Context, segmentation map[string]evaluate.Segmentation) error {
	defer w.close()
	if w.Phase != nil && len(w.Sets) > 0 {
		w.Phase("evaluate: " + w.name)
	}
	for _, set := range w.Sets {
		if err := w.records(ctx, set); err != nil {
			return err
		}
	}
	if !w.Segment || w.model.Variant.Classes == 0 {
		return nil
	}
	d, err := w.Data.Segmentation()
	if err != nil || d == nil {
		return err
	}
	if w.Phase != nil {
		w.Phase("segmentation: " + w.name)
	}
	result, err := w.segment(ctx, d)
	segmentation[w.name] = result
	return err
}

package mainjob

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
)

// MainConfig decides the main job: which half of the classes is finetuned on
// which images, and what is measured. It is saved before anything is computed.
type MainConfig struct {
	Kind       string          `json:"kind"`  // "main"
	Model      string          `json:"model"` // as the user named it
	Weights    string          `json:"weights_sha256"`
	Data       string          `json:"data"`
	ClassNames []string        `json:"class_names"`
	Sets       []string        `json:"sets"`
	Arms       []Arm           `json:"arms"`
	Finetune   finetune.Config `json:"finetune"` // the arms change its rate and objective
	// KeepCorrect trains on images that the model already gets right, as the
	// embedded default does.
	KeepCorrect bool `json:"keep_correct"`
	Gallery     int  `json:"gallery"` // images of each kind and set in the report
	// Scoring is the rule by set, where the data has rules of its own.
	Scoring map[string]string `json:"scoring,omitempty"`
}

// Main is the main job with what it works on.
type Main struct {
	Config  MainConfig
	Dir     string
	Backend compute.Backend
	Model   *pretrained.Model
	Data    data.Collection
	Listen  Listener
	Watch   finetune.Watch // maps of a few images while each arm runs, in its folder; zero for none
}

// Listener hears what a job does; its functions may be nil.
type Listener struct {
	Phase func(title string)                 // a part of the job begins
	Step  func(arm string, e finetune.Event) // after every training step
	Count func(what string, done, total int) // images evaluated
	Note  func(text string)
}

// evaluationBatch is the batch of the compiled evaluation graphs.
const evaluationBatch = 50

// NewMain is the main job of a model on a collection: half of the classes, drawn
// by the seed among those with enough training images, with the given finetuning,
// which is the scale model's (embedded) or the paper's.
func NewMain(m *pretrained.Model, d data.Collection, base finetune.Config, embedded bool) Main {
	base.Classes = SetA(d, base.PerClass, base.Seed)
	return Main{Model: m, Data: d, Config: MainConfig{
		Kind: "main", Model: m.Source, Weights: m.SHA256, Data: data.Describe(d), ClassNames: data.ReadableNames(d, d.Classes()), Sets: d.SetNames(),
		Arms: Arms(embedded), Finetune: base, KeepCorrect: true, Gallery: 3,
	}}
}

// Run does what is not done yet and returns the results. Every part is written
// when it is complete; a stopped job goes on at the first missing one.
func (j Main) Run(ctx context.Context) (*Results, error) {
	if err := j.Check(); err != nil {
		return nil, err
	}
	start := time.Now()
	var err error
	if j.Config.Scoring, err = evaluate.Rules(j.Data, j.Config.Sets, j.Config.Finetune.Protocol); err != nil {
		return nil, err
	}
	r, err := run.Create(j.Dir, j.Config, "finetune.backend", "finetune.save_every")
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if r.IsDone() {
		var results Results
		j.note("the main job in %s is done already", j.Dir)
		return &results, r.ReadJSON(run.ResultsFile, &results)
	}
	if _, err := r.Environment(0, finetune.Surroundings(j.Config.Finetune.Backend)); err != nil {
		return nil, err
	}
	w := &worker{Main: j, run: r}
	defer w.close()
	if err := w.all(ctx); err != nil {
		return nil, err
	}
	results, err := w.results(ctx)
	if err != nil {
		return nil, err
	}
	if results.Seconds, err = r.Took(start); err != nil {
		return nil, err
	}
	if err := r.WriteJSON(run.ResultsFile, results); err != nil {
		return nil, err
	}
	if err := r.WriteTo(evaluate.TableFile, results.WriteCSV); err != nil {
		return nil, err
	}
	return results, r.Done(map[string]any{"results": run.ResultsFile})
}

func (j Main) note(format string, args ...any) {
	if j.Listen.Note != nil {
		j.Listen.Note(fmt.Sprintf(format, args...))
	}
}

func (j Main) phase(title string) {
	if j.Listen.Phase != nil {
		j.Listen.Phase(title)
	}
}

// worker holds what the parts of a running job share.
type worker struct {
	Main
	run       *run.Run
	predictor *robustvit.Predictor
	store     *model.Store
	loaded    string // name of the model whose weights the predictor holds
	sets      map[string]evaluate.Test
}

func (w *worker) close() {
	if w.predictor != nil {
		w.predictor.Close()
		w.store.Finalize()
	}
}

// all finetunes each arm and measures every model, in the order in which the
// user wants to see it.
func (w *worker) all(ctx context.Context) error {
	if err := w.measure(ctx, Before, w.Model); err != nil {
		return err
	}
	keep, err := w.keep(ctx)
	if err != nil {
		return err
	}
	for _, arm := range w.Config.Arms {
		tuned, err := w.finetune(ctx, arm, keep)
		if err != nil {
			return err
		}
		if err := w.measure(ctx, arm.Name, tuned); err != nil {
			return err
		}
	}
	return w.gallery(ctx)
}

// finetune runs one arm in a folder of its own and opens its weights.
func (w *worker) finetune(ctx context.Context, arm Arm, keep func(int) bool) (*pretrained.Model, error) {
	dir := filepath.Join(w.Dir, arm.Name)
	w.phase("finetune: " + arm.Title)
	train, err := w.Data.Train()
	if err != nil {
		return nil, err
	}
	listen := finetune.Listener{Note: w.Listen.Note}
	if w.Listen.Step != nil {
		listen.Step = func(e finetune.Event) { w.Listen.Step(arm.Name, e) }
	}
	_, err = finetune.Run(ctx, finetune.Job{
		Config: arm.config(w.Config.Finetune), Dir: dir, Backend: w.Backend, Model: w.Model,
		Train: train, Keep: keep, Listen: listen, Watch: w.Watch,
	})
	if err != nil {
		return nil, err
	}
	return pretrained.Open(filepath.Join(dir, run.WeightsFile))
}

// load puts a model's weights into the predictor, compiling it once.
func (w *worker) load(name string, m *pretrained.Model) (*robustvit.Predictor, error) {
	if w.loaded == name {
		return w.predictor, nil
	}
	var err error
	if w.predictor == nil {
		w.predictor, w.store, err = m.Predictor(w.Backend, evaluationBatch)
	} else {
		var values robustvit.Values
		if values, err = m.Values(); err == nil {
			err = w.predictor.Load(values)
		}
	}
	if err == nil {
		w.loaded = name
	}
	return w.predictor, err
}

// keep says which training images have a mask and are classified right.
func (w *worker) keep(ctx context.Context) (func(i int) bool, error) {
	train, err := w.Data.Train()
	if err != nil {
		return nil, err
	}
	if !w.Config.KeepCorrect {
		return func(i int) bool {
			masked, err := data.HasMask(train, i)
			return masked || err != nil
		}, nil
	}
	w.phase("choose training images")
	protocol, err := finetune.ProtocolOf(w.Config.Finetune.Protocol, w.Model.Variant)
	if err != nil {
		return nil, err
	}
	records, err := w.records(ctx, "train", Before, w.Model, evaluate.NewTest(train, protocol))
	if err != nil {
		return nil, err
	}
	return func(i int) bool {
		if !records[i].Correct(1) {
			return false
		}
		masked, err := data.HasMask(train, i) // a mask that cannot be read is the manifest's error
		return masked || err != nil
	}, nil
}

// measure evaluates a model on every set and on the segmentation test.
func (w *worker) measure(ctx context.Context, name string, m *pretrained.Model) error {
	w.phase("evaluate: " + w.title(name))
	for _, set := range w.Config.Sets {
		test, err := w.set(set)
		if err != nil {
			return err
		}
		if _, err := w.records(ctx, set, name, m, test); err != nil {
			return err
		}
	}
	return w.segment(ctx, name, m)
}

func (w *worker) title(name string) string {
	for _, arm := range w.Config.Arms {
		if arm.Name == name {
			return arm.Title
		}
	}
	return "Original"
}

// records reads a model's records on a set, or makes them.
func (w *worker) records(ctx context.Context, set, name string, m *pretrained.Model, test evaluate.Test) ([]evaluate.Record, error) {
	return run.KeptRecords(w.run, set, name, func() ([]evaluate.Record, error) {
		predictor, err := w.load(name, m)
		if err != nil {
			return nil, err
		}
		return test.Records(ctx, predictor, w.Listen.Count)
	})
}

// segment runs the relevance segmentation test where the collection has masks.
func (w *worker) segment(ctx context.Context, name string, m *pretrained.Model) error {
	d, err := w.Data.Segmentation()
	if err != nil || d == nil {
		return err
	}
	_, err = run.KeptRecords(w.run, evaluate.MapsName, name, func() ([]evaluate.MapRecord, error) {
		predictor, err := w.load(name, m)
		if err != nil {
			return nil, err
		}
		protocol, err := finetune.ProtocolOf(w.Config.Finetune.Protocol, m.Variant)
		if err != nil {
			return nil, err
		}
		return evaluate.SegmentRecords(ctx, predictor, d, protocol, w.Listen.Count)
	})
	return err
}

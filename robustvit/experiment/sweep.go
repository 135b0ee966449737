package experiment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"path/filepath"
	"runtime"
	"time"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pool"
	"github.com/robustvit/workbench/robustvit/run"
)

// PointsDir is the folder of all models below a sweep's.
const PointsDir = "points"

// Sweep runs experiments below Dir: Dir/NAME holds an experiment's page,
// Dir/points the models. It may be stopped at any moment and goes on.
type Sweep struct {
	Dir      string
	Setting  *Setting
	Backend  compute.Backend
	Device   backend.Info
	Cache    data.CacheSize
	Parallel int    // points at the same time; 0 = as many as the models and the device allow
	Wait     bool   // for whoever writes the same experiment, instead of failing
	Commit   string // of the program, for the results
	Listen   Listener
	Note     func(text string)
	Step     func(point string, e finetune.Event)

	pool *pool.Pool
}

// Open prepares the models; nothing is computed yet.
func (s *Sweep) Open() error {
	listen := pool.Listener{Count: s.Listen.Count, Note: s.Note}
	if s.Step != nil {
		listen.Step = func(spec pool.Spec, e finetune.Event) { s.Step(spec.Folder(), e) }
	}
	s.pool = pool.Open(filepath.Join(s.Dir, PointsDir), s.Backend, s.Device, s.Cache, listen)
	for _, b := range s.Setting.Bases {
		if err := s.pool.Add(b); err != nil {
			return err
		}
	}
	return nil
}

// parallel is the number of models at the same time: a small model's step does
// not fill two cores; a large one fills them, and memory.
func (s *Sweep) parallel() int {
	switch {
	case s.Parallel > 0:
		return s.Parallel
	case s.Device.Kind == backend.KindCUDA || !s.Setting.Bases[0].Embedded:
		return 1
	}
	return min(runtime.NumCPU(), 4)
}

// Close frees what the models took.
func (s *Sweep) Close() {
	if s.pool != nil {
		s.pool.Close()
	}
}

// config is config.json of an experiment's folder.
type config struct {
	Kind     string   `json:"kind"` // "experiment"
	Name     string   `json:"name"`
	Settings Settings `json:"settings"`
}

// Run makes the experiment's points, tells its page and writes results.json and
// a CSV file for each table. What is there already is used again.
func (s *Sweep) Run(ctx context.Context, e Experiment) (*Results, error) {
	start := time.Now()
	r, err := s.folder(ctx, e)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	w := &Work{Setting: s.Setting, Pool: s.pool, Run: r, Parallel: s.parallel(), Listen: s.Listen}
	points, err := e.Points(ctx, w)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", e.Name, err)
	}
	if err := w.measure(ctx, e.Name+": "+e.Title, points, e.Measure); err != nil {
		return nil, fmt.Errorf("%s: %w", e.Name, err)
	}
	o := &Outcome{Work: w, points: points, records: map[recordKey][]evaluate.Record{}, maps: map[recordKey][]evaluate.MapRecord{}, Results: &Results{
		Kind: "experiment", Name: e.Name, Title: e.Title, Question: e.Question, Paper: e.Paper, Reading: e.Reading,
		Settings: s.settings(), Commit: s.Commit, Claims: []Claim{}, Sections: []Section{},
	}}
	if err := o.list(ctx); err != nil {
		return nil, fmt.Errorf("%s: %w", e.Name, err)
	}
	if err := e.Tell(ctx, o); err != nil {
		return nil, fmt.Errorf("%s: %w", e.Name, err)
	}
	if o.Results.Seconds, err = r.Took(start); err != nil {
		return nil, fmt.Errorf("%s: %w", e.Name, err)
	}
	return o.Results, o.Results.write(r)
}

// folder opens the experiment's folder, and waits for it where the sweep is one
// of several processes.
func (s *Sweep) folder(ctx context.Context, e Experiment) (r *run.Run, err error) {
	create := func() (err error) {
		r, err = run.Create(filepath.Join(s.Dir, e.Name), config{"experiment", e.Name, s.settings()}, "settings.backend")
		return err
	}
	if !s.Wait {
		err = create()
		return r, err
	}
	err = run.Patiently(ctx, func(b *run.Busy) { s.note("waits for " + b.Owner + ", which writes " + b.Dir) }, create)
	return r, err
}

func (s *Sweep) note(text string) {
	if s.Note != nil {
		s.Note(text)
	}
}

// write puts the results into the folder, results.json last.
func (r *Results) write(folder *run.Run) error {
	for _, section := range r.Sections {
		for _, t := range section.Tables {
			if err := folder.WriteTo(t.Name+".csv", t.WriteCSV); err != nil {
				return err
			}
		}
	}
	if err := folder.WriteJSON(run.ResultsFile, r); err != nil {
		return err
	}
	return folder.Done(map[string]string{"results": run.ResultsFile})
}

// list names the points in the results and hashes what decides them.
func (o *Outcome) list(ctx context.Context) error {
	h := sha256.New()
	if err := json.NewEncoder(h).Encode(config{"experiment", o.Results.Name, o.Results.Settings.portable()}); err != nil {
		return err
	}
	for _, p := range o.points {
		info := PointInfo{Name: p.Name, Title: p.Title, Folder: filepath.ToSlash(filepath.Join("..", PointsDir, p.Spec.Folder())), Config: p.Spec.SHA256()}
		if p.Base != nil {
			info.Title = p.Base.Title + ", " + p.Title
		}
		var err error
		if info.Weights, err = o.Pool.WeightsSHA256(ctx, p.Spec); err != nil {
			return err
		}
		fmt.Fprintln(h, p.Name, info.Config)
		o.Results.Points = append(o.Results.Points, info)
	}
	o.Results.Config = hex.EncodeToString(h.Sum(nil))
	return nil
}

// settings are what all experiments of the sweep share.
func (s *Sweep) settings() Settings {
	first := s.Setting.Bases[0]
	settings := Settings{Data: first.Described, Sets: s.Setting.Sets, Protocol: first.Finetune.Protocol, Seed: s.Setting.Seed, Backend: s.Device.Name}
	for _, b := range s.Setting.Bases {
		settings.Models = append(settings.Models, b.Model.Source)
	}
	for _, name := range s.Setting.Sets {
		if d, err := first.Data.Set(name); err == nil {
			settings.Images = max(settings.Images, d.Len())
		}
	}
	return settings
}

// portable leaves out the backend, on which a config does not depend.
func (s Settings) portable() Settings {
	s.Backend = ""
	return s
}

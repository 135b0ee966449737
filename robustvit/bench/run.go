package bench

import (
	"context"
	"embed"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"time"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
)

//go:embed peer/*.py
var peerFiles embed.FS

// Options of a [Run].
type Options struct {
	Cases   []string // names of Cases; nil are all
	Models  []string // demo, tiny, small, base, large or names of variants; nil are DefaultModels(false)
	Batch   int
	Rounds  int
	Seconds float64 // the least that a side computes in a round
	Peer    string  // Python with torch and timm; "" measures ours alone
	Growth  bool    // also the growth of one step

	Worker []string             // command of our side, which calls [Worker.Serve]
	Phase  func(title string)   // may be nil
	Keep   func(*Results) error // called with what is there after each case; may be nil
}

// Validate reports every fault at once.
func (o Options) Validate() error {
	var errs []error
	if o.Batch < 1 || o.Rounds < 1 {
		errs = append(errs, fmt.Errorf("batch %d and rounds %d must be at least 1", o.Batch, o.Rounds))
	}
	if !(o.Seconds >= 0) || math.IsInf(o.Seconds, 1) {
		errs = append(errs, fmt.Errorf("%g seconds a round must be a number of at least 0", o.Seconds))
	}
	_, err := chosenCases(o.Cases)
	errs = append(errs, err)
	for _, name := range o.Models {
		_, err := lookupModel(name)
		errs = append(errs, err)
	}
	if err := errors.Join(errs...); err != nil {
		return fmt.Errorf("bench: %w; correct the settings, nothing was begun", err)
	}
	return nil
}

// bench is a run under way.
type bench struct {
	Options
	ours, peer command
	folder     string // temporary: the peer's scripts and what tasks read and write
	device     string
	results    Results
}

// Run measures the cases of the models, model by model. What could not be
// measured is in the results with its error, and in the error at the end.
func Run(ctx context.Context, o Options) (*Results, error) {
	if err := o.Validate(); err != nil {
		return nil, err
	}
	if o.Models == nil {
		o.Models = DefaultModels(false)
	}
	folder, err := os.MkdirTemp("", "robustvit-bench-")
	if err != nil {
		return nil, fmt.Errorf("bench: temporary folder: %w", err)
	}
	defer os.RemoveAll(folder)
	// A stopped program may be ended before what is deferred: the folder goes at once.
	defer context.AfterFunc(ctx, func() { os.RemoveAll(folder) })()
	b := &bench{Options: o, folder: folder, results: Results{Kind: "bench", Date: time.Now().UTC().Format(time.RFC3339), Cores: runtime.NumCPU(),
		CPU: processor(), Load: busy(), Rounds: o.Rounds, Seconds: o.Seconds, Results: []Result{}}}
	if err := b.meet(ctx); err != nil {
		return nil, err
	}
	b.phase(b.sides())
	var faults []error
	for _, name := range o.Models {
		faults = append(faults, b.model(ctx, name))
		if ctx.Err() != nil {
			return &b.results, context.Cause(ctx)
		}
	}
	if o.Growth {
		faults = append(faults, b.growth(ctx))
	}
	return &b.results, errors.Join(faults...)
}

// meet starts both sides once, to fail early and to note what they are.
func (b *bench) meet(ctx context.Context) (err error) {
	b.ours = command{name: "our side", args: b.Worker}
	if b.results.Ours, err = b.ours.hello(ctx); err != nil {
		return err
	}
	facts := b.results.Ours
	b.results.Backend, b.results.Plugin, b.device = facts["backend"], facts["plugin_version"], "cpu"
	if facts["kind"] == string(backend.KindCUDA) {
		b.device = "cuda"
	}
	if b.Peer == "" {
		return nil
	}
	if err := os.CopyFS(b.folder, peerFiles); err != nil {
		return fmt.Errorf("bench: write the peer's script: %w", err)
	}
	b.peer = command{name: "peer " + b.Peer, args: []string{b.Peer, filepath.Join(b.folder, "peer", "serve.py")},
		hint: "; --peer names a Python that has torch and timm, such as ENV/bin/python after ENV/bin/python -m pip install torch timm"}
	b.results.Peer, err = b.peer.hello(ctx)
	return err
}

// sides says what is measured, before the hours that a slow backend takes.
func (b *bench) sides() string {
	text := b.results.Backend
	if peer := b.results.Peer; peer != nil {
		text += " beside torch " + peer["torch"]
	}
	if hint := b.results.Ours["hint"]; hint != "" {
		text += ": " + hint
	}
	return text
}

// model measures the cases of one model and removes what they read.
func (b *bench) model(ctx context.Context, name string) error {
	v, err := lookupModel(name)
	if err != nil {
		return err
	}
	cases, err := chosenCases(b.Cases)
	if err != nil {
		return err
	}
	dir := filepath.Join(b.folder, modelTitle(v))
	defer os.RemoveAll(dir)
	var faults []error
	for _, c := range cases {
		if v.Classes == 0 && c.Name != "forward" && c.Name != "load" && c.Name != "tokencut" {
			continue // relevance is that of a class
		}
		faults = append(faults, b.measure(ctx, c, v, dir))
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
	}
	return errors.Join(faults...)
}

func (b *bench) measure(ctx context.Context, c Case, v robustvit.Variant, dir string) error {
	t := Task{Case: c.Name, Variant: v, Batch: b.Batch, Threads: runtime.NumCPU(), Device: b.device}
	b.phase(t.title(c))
	if err := t.provide(dir); err != nil {
		return err
	}
	results, fault := b.compare(ctx, c, t)
	b.results.Results = append(b.results.Results, results...)
	return errors.Join(fault, b.keep())
}

func (b *bench) phase(title string) {
	if b.Phase != nil {
		b.Phase(title)
	}
}

func (b *bench) keep() error {
	if b.Keep == nil {
		return nil
	}
	return b.Keep(&b.results)
}

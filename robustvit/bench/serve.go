package bench

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"time"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/finetune"
)

// Worker is our side: it answers the requests of a [Run].
type Worker struct {
	Open func() (compute.Backend, backend.Info, error)
	Page func(dir string) (path string, err error) // writes the page of an explanation

	backend compute.Backend
	info    backend.Info
	work    *work
}

// work is a prepared task. A call does it once, for so many units of its time.
type work struct {
	units int
	call  func(ctx context.Context) error
	close func()
}

// Serve answers requests until in ends.
func (w *Worker) Serve(ctx context.Context, in io.Reader, out io.Writer) error {
	var err error
	if w.backend, w.info, err = w.Open(); err != nil {
		return err
	}
	defer w.backend.Finalize()
	defer func() {
		if w.work != nil && w.work.close != nil {
			w.work.close()
		}
	}()
	requests, answers := json.NewDecoder(in), json.NewEncoder(out)
	for {
		var q request
		if err := requests.Decode(&q); errors.Is(err, io.EOF) {
			return nil
		} else if err != nil {
			return fmt.Errorf("bench: read a request: %w", err)
		}
		var a answer
		err := backend.Guard(0, func() (err error) { a, err = w.answer(ctx, q); return err })
		if err != nil {
			a = answer{Error: err.Error()}
		}
		if err := answers.Encode(a); err != nil {
			return fmt.Errorf("bench: answer: %w", err)
		}
	}
}

func (w *Worker) answer(ctx context.Context, q request) (a answer, err error) {
	switch q.Do {
	case "hello":
		return answer{Facts: w.facts()}, nil
	case "peak":
		return answer{PeakMiB: peakMiB()}, nil
	case "prepare":
		prepare := works[q.Task.Case]
		if prepare == nil {
			return a, fmt.Errorf("case %q is not known", q.Task.Case)
		}
		if w.work, err = prepare(w, *q.Task); err != nil {
			return a, err
		}
		return a, w.work.call(ctx) // compiles, and warms up
	case "round":
		if w.work == nil {
			return a, errors.New("nothing is prepared")
		}
		return timed(ctx, time.Now, q.Seconds, w.work)
	}
	return a, fmt.Errorf("request %q is not known", q.Do)
}

// timed repeats the work until the seconds are over, at least once.
func timed(ctx context.Context, now func() time.Time, seconds float64, w *work) (answer, error) {
	begin := now()
	for calls := 1; ; calls++ {
		if err := w.call(ctx); err != nil {
			return answer{}, err
		}
		if elapsed := now().Sub(begin).Seconds(); elapsed >= seconds {
			return answer{Seconds: elapsed, Images: calls * w.units}, nil
		}
	}
}

// facts are what our side computes with. The plugin is named without its folder.
func (w *Worker) facts() map[string]string {
	facts := map[string]string{"backend": w.info.Name, "kind": string(w.info.Kind), "plugin_version": w.info.Version}
	if w.info.Plugin != "" {
		facts["plugin"] = filepath.Base(w.info.Plugin)
	}
	if len(w.info.Devices) > 0 {
		facts["device"] = w.info.Devices[0]
	}
	if w.info.Hint != "" {
		facts["hint"] = w.info.Hint
	}
	for name, version := range finetune.Surroundings(w.info.Name).Versions {
		facts[name] = version
	}
	return facts
}

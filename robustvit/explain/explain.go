package explain

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"runtime"
	"slices"
	"strings"

	"github.com/gomlx/gomlx/ml/model"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/run"
	"golang.org/x/sync/errgroup"
)

const (
	defaultBatch = 16
	topClasses   = 5
	pictures     = "explain" // folder of the PNGs
)

// Run explains the images and writes the folder. An image that cannot be read is
// listed with its error and does not stop the others; only when none could be
// read the error says so.
func Run(ctx context.Context, job Job) (*Result, error) {
	sides, err := job.sides()
	if err != nil {
		return nil, err
	}
	class, err := targetClass(job.Class, job.Before)
	if err != nil {
		return nil, fmt.Errorf("explain: %w", err)
	}
	files := list(job.Paths)
	if len(files) == 0 {
		return nil, errors.New("explain: no image; name image files or folders")
	}
	w := &worker{Job: job, sides: sides, class: class, result: &Result{
		Protocol: job.Protocol, Size: job.Before.Variant.ImageSize, Listed: len(files), Refused: []Refusal{}, Images: []Image{},
	}}
	for _, s := range sides {
		w.result.Models = append(w.result.Models, s.ModelInfo)
	}
	if class != predicted {
		w.result.Target = w.className(0, class)
	}
	if w.run, err = run.Create(job.Dir, config{"explain", w.result.Models, job.Paths, job.Protocol, job.Class}, mayChange...); err != nil {
		return nil, err
	}
	defer w.run.Close()
	defer w.close()
	return w.result, w.all(ctx, files)
}

// worker holds what the steps of a job share.
type worker struct {
	Job
	sides     []side
	class     int
	run       *run.Run
	result    *Result
	predictor *robustvit.Predictor
	store     *model.Store
	loaded    int // index of the side whose weights the predictor holds
}

func (w *worker) close() {
	if w.predictor != nil {
		w.predictor.Close()
		w.store.Finalize()
	}
}

func (w *worker) all(ctx context.Context, files []candidate) error {
	if err := w.clear(); err != nil {
		return err
	}
	if w.Batch < 1 {
		w.Batch = defaultBatch
	}
	w.Batch = min(w.Batch, len(files))
	for first := 0; first < len(files); first += w.Batch {
		chunk := files[first:min(first+w.Batch, len(files))]
		inputs, err := w.prepare(ctx, chunk)
		if err != nil {
			return err
		}
		if err := w.explain(inputs); err != nil {
			return err
		}
		if w.Progress != nil {
			w.Progress(first+len(chunk), len(files))
		}
	}
	w.result.Used = len(w.result.Images)
	if err := w.run.WriteJSON(File, w.result); err != nil {
		return err
	}
	if w.result.Used == 0 {
		return w.nothing()
	}
	return w.run.Done(map[string]any{"result": File})
}

// clear removes an earlier explanation, explain.json first.
func (w *worker) clear() error {
	for _, name := range []string{run.DoneFile, File} {
		if err := os.Remove(w.run.Path(name)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return fmt.Errorf("remove the earlier explanation: %w", err)
		}
	}
	if err := os.RemoveAll(w.run.Path(pictures)); err != nil {
		return fmt.Errorf("remove the earlier explanation: %w", err)
	}
	return nil
}

// input is an image that could be read, ready for the model.
type input struct {
	Image
	seen *data.Image // as the model sees it
}

// prepare reads a chunk of files side by side; what cannot be read is refused.
func (w *worker) prepare(ctx context.Context, chunk []candidate) ([]input, error) {
	inputs, refused := make([]input, len(chunk)), make([]error, len(chunk))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, c := range chunk {
		group.Go(func() error {
			if ctx.Err() != nil {
				return context.Cause(ctx)
			}
			inputs[i], refused[i] = w.read(c)
			return nil
		})
	}
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("explain: %w", err)
	}
	var usable []input
	for i, c := range chunk {
		if refused[i] != nil {
			w.result.Refused = append(w.result.Refused, Refusal{c.path, refused[i].Error()})
			continue
		}
		usable = append(usable, inputs[i])
	}
	return usable, nil
}

func (w *worker) read(c candidate) (input, error) {
	if c.err != nil {
		return input{}, c.err
	}
	img, info, err := c.picture()
	if err != nil {
		return input{}, err
	}
	seen, err := w.sides[0].protocol.Apply(img, w.result.Size)
	if err != nil {
		return input{}, fmt.Errorf("prepare %q: %w", c.path, err)
	}
	return input{Image{Path: c.path, Width: img.Width, Height: img.Height, Orientation: info.Orientation, Animated: info.Animated}, seen}, nil
}

// picture reads the file; one that was found in a folder does not lead out of it.
func (c candidate) picture() (*data.Image, data.ImageInfo, error) {
	if c.dir != "" {
		return data.ReadPicture(c.dir, c.name)
	}
	sample, info, err := data.ReadPair(c.path, "", false)
	return sample.Image, info, err
}

// nothing is the error of a job in which no image could be read.
func (w *worker) nothing() error {
	const most = 5
	var lines []string
	for _, r := range w.result.Refused[:min(most, len(w.result.Refused))] {
		lines = append(lines, "  "+r.Error)
	}
	if more := len(w.result.Refused) - most; more > 0 {
		lines = append(lines, fmt.Sprintf("  and %d more, in %s", more, w.run.Path(File)))
	}
	return fmt.Errorf("explain: none of the %d images could be read:\n%s", w.result.Listed, strings.Join(lines, "\n"))
}

// className takes the names of whichever model has them.
func (w *worker) className(side, class int) string {
	m := w.sides[side].model
	for _, s := range w.sides {
		if len(m.Classes) == 0 && len(s.model.Classes) > 0 {
			m = s.model
		}
	}
	return m.ClassName(class)
}

// order lists the sides, beginning with the one that is loaded: a change of
// weights costs more than a step.
func (w *worker) order() []int {
	order := []int{w.loaded}
	for i := range w.sides {
		if !slices.Contains(order, i) {
			order = append(order, i)
		}
	}
	return order
}

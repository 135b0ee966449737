package masks

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"os"
	"runtime"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/run"
	"golang.org/x/sync/errgroup"
)

// keptGrids: images come sorted by grid, so one would do; a second costs little.
const keptGrids = 2

// worker holds what the steps of a job share.
type worker struct {
	Job
	folder    *run.Run
	images    []listed
	done      int // images of finished chunks
	reader    *robustvit.PatchReader
	trained   []float32 // position embeddings of the trained grid
	positions []float32 // of the grid columns x rows
	columns   int
	rows      int
}

func (w *worker) all(ctx context.Context) (Report, error) {
	w.phase("reading " + w.Source)
	if err := w.survey(ctx); err != nil {
		return Report{}, err
	}
	if w.folder.IsDone() {
		var report Report
		return report, w.folder.ReadJSON(ReportFile, &report)
	}
	if err := data.Begin(w.Dir, "robustvit masks --out "+w.Dir); err != nil {
		return Report{}, err
	}
	w.phase("masks of " + w.Source)
	outcome, err := w.masks(ctx)
	if err != nil {
		return Report{}, err
	}
	return w.finish(outcome)
}

func (w *worker) phase(title string) {
	if w.Phase != nil {
		w.Phase(title)
	}
}

// masks makes what is not there yet and returns the outcome of every image, by
// its index in the data set.
func (w *worker) masks(ctx context.Context) ([]Mask, error) {
	outcome := make([]Mask, len(w.images))
	keep := func(chunk []listed, lines []Mask) {
		for i, l := range chunk {
			outcome[l.index] = lines[i]
		}
		w.done += len(chunk)
	}
	var pending [][]listed
	var numbers []int
	for number, chunk := range w.chunks() {
		if lines, ok := w.recorded(number, chunk); ok {
			keep(chunk, lines)
			continue
		}
		pending, numbers = append(pending, chunk), append(numbers, number)
	}
	w.tell(0)
	if len(pending) == 0 {
		return outcome, nil
	}
	end, err := w.open()
	if err != nil {
		return nil, err
	}
	defer end()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	inputs := w.prepare(ctx, pending)
	for i, chunk := range pending {
		lines, err := w.chunk(ctx, chunk, inputs)
		if err == nil {
			err = run.WriteRecords(w.folder, recordSet, chunkName(numbers[i]), lines)
		}
		if err != nil {
			cancel(err)
			for range inputs { // let the loader end
			}
			return nil, err
		}
		keep(chunk, lines)
		w.tell(0)
	}
	return outcome, nil
}

// tell counts the finished chunks and so many images of the next one.
func (w *worker) tell(begun int) {
	if w.Progress != nil {
		w.Progress(w.done+begun, len(w.images))
	}
}

const recordSet = "masks"

func chunkName(number int) string { return fmt.Sprintf("%06d", number) }

// recorded reads a finished chunk; one whose files are not all there, byte for
// byte, is made again.
func (w *worker) recorded(number int, chunk []listed) ([]Mask, bool) {
	lines, err := run.ReadLines[Mask](w.folder, run.RecordsName(recordSet, chunkName(number)))
	if err != nil || len(lines) != len(chunk) {
		return nil, false
	}
	for i, m := range lines {
		if m.ID != chunk[i].ID {
			return nil, false
		}
		if m.File == "" {
			continue
		}
		content, err := os.ReadFile(w.folder.Path(m.File))
		if err != nil || hexSum(content) != m.MaskSHA256 {
			return nil, false
		}
	}
	return lines, true
}

func hexSum(content []byte) string {
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:])
}

// open loads the model.
func (w *worker) open() (end func(), err error) {
	v := w.Model.Variant
	values, err := w.Model.Values()
	if err != nil {
		return nil, err
	}
	positions, ok := w.Model.File.Get("pos_embed")
	if !ok {
		return nil, fmt.Errorf("model %s has no position embeddings", w.Model.Source)
	}
	if w.trained, err = positions.Float32s(); err != nil {
		return nil, err
	}
	store, err := robustvit.NewStore(v, values)
	if err != nil {
		return nil, err
	}
	w.reader = robustvit.NewPatchReader(w.Backend, v, store, keptGrids)
	return func() { w.reader.Close(); store.Finalize() }, nil
}

// chunk makes the masks of a chunk: the device reads one image after the other
// while the CPUs cut and solve those before. Images go singly: a batch would be
// compiled for each size of its own, and the CPUs are what is waited for.
func (w *worker) chunk(ctx context.Context, chunk []listed, inputs <-chan input) ([]Mask, error) {
	lines, faults := make([]Mask, len(chunk)), make([]error, len(chunk))
	var group errgroup.Group
	workers := w.Workers
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	group.SetLimit(workers)
	for i := range chunk {
		in, open := <-inputs
		if !open || ctx.Err() != nil {
			faults[i] = context.Cause(ctx)
			break
		}
		features, err := w.read(in)
		if err != nil {
			faults[i] = err
			break
		}
		group.Go(func() error {
			faults[i] = backend.Guard(0, func() (err error) {
				lines[i], err = w.mask(in, features)
				return err
			})
			return nil
		})
		w.tell(i) // the one before may still be in work
	}
	_ = group.Wait()
	return lines, errors.Join(faults...)
}

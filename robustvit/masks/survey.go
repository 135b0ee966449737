package masks

import (
	"bytes"
	"context"
	"encoding/json"
	"math/rand/v2"
	"path"
	"runtime"
	"slices"
	"strings"

	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/run"
	"golang.org/x/sync/errgroup"
)

// listed is one image of the job; a line of manifest.jsonl.
type listed struct {
	ID          string `json:"id"`
	Class       string `json:"class"`
	ImageSHA256 string `json:"image_sha256"`
	Width       int    `json:"width"`
	Height      int    `json:"height"`

	index         int // in the data set
	columns, rows int // grid of patches
	rank          int // in the seeded order in which pictures are chosen for the page
}

// name is the image's place in the folder, without extension.
func (l listed) name() string { return path.Join(l.Class, l.ID[strings.LastIndex(l.ID, "/")+1:]) }

// survey reads every image once: hash and size. A broken image stops the job
// before the device has worked for hours.
func (w *worker) survey(ctx context.Context) error {
	n := w.Images.Len()
	w.images = make([]listed, n)
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	faults := make([]error, n) // of several broken images the first is named
	for i := range n {
		if ctx.Err() != nil {
			break
		}
		group.Go(func() error {
			faults[i] = backend.Guard(0, func() error { return w.look(i) })
			return nil
		})
	}
	_ = group.Wait()
	for _, err := range faults {
		if err != nil {
			return err
		}
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	for rank, i := range rand.New(rand.NewPCG(w.Settings.Seed, uint64(n))).Perm(n) {
		w.images[i].rank = rank
	}
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	encoder.SetEscapeHTML(false)
	for _, l := range w.images {
		if err := encoder.Encode(l); err != nil {
			return err
		}
	}
	return w.folder.Pin(run.ManifestFile, lines.Bytes())
}

func (w *worker) look(i int) error {
	sample, err := w.Images.Load(i)
	if err != nil {
		return err
	}
	img := sample.Image
	l := listed{ID: sample.ID, Class: w.Images.Classes()[sample.Class], ImageSHA256: img.SHA256(), Width: img.Width, Height: img.Height, index: i}
	l.columns, l.rows = w.Settings.grid(w.Model.Variant, img.Width, img.Height)
	w.images[i] = l
	return nil
}

// chunkSize is what a kill can cost: so many images are done again.
const chunkSize = 16

// chunks sorts the images so that equal grids come together: each grid is
// compiled once, and one compiled graph at a time is enough.
func (w *worker) chunks() [][]listed {
	order := slices.Clone(w.images)
	slices.SortStableFunc(order, func(a, b listed) int {
		if d := a.columns*a.rows - b.columns*b.rows; d != 0 {
			return d
		}
		return a.columns - b.columns
	})
	return slices.Collect(slices.Chunk(order, chunkSize))
}

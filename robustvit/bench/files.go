package bench

import (
	"context"
	"fmt"
	"path/filepath"
	"slices"

	"github.com/gomlx/gomlx/core/tensors"
	"github.com/gomlx/gomlx/ml/model"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/tokencut"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/explain"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/recipe"
	"github.com/robustvit/workbench/weights"
)

// protocol is the one that timm's loader follows.
func protocol(v robustvit.Variant) data.Protocol { return data.Timm(0.9, v.Mean, v.Std) }

// evaluation is what `robustvit evaluate` does with a set: its batch, its loader.
func (w *Worker) evaluation(t Task) (*work, error) {
	photos, err := data.OpenFolder(t.Photos, data.FolderOptions{})
	if err != nil {
		return nil, err
	}
	p, end, err := w.predictor(t.Variant, recipe.EvaluationBatch(&pretrained.Model{Variant: t.Variant}, w.info.Kind))
	if err != nil {
		return nil, err
	}
	return &work{photos.Len(), func(ctx context.Context) error {
		_, err := evaluate.Records(ctx, p, photos, protocol(t.Variant), nil)
		return err
	}, end}, nil
}

// page explains as many photographs as the batch and writes their page.
func (w *Worker) page(t Task) (*work, error) {
	m, err := pretrained.Open(t.Weights)
	if err != nil {
		return nil, err
	}
	paths, err := filepath.Glob(filepath.Join(t.Photos, "*", "*.jpg"))
	if err != nil || len(paths) == 0 {
		return nil, fmt.Errorf("no photographs in %s: %w", t.Photos, err)
	}
	slices.Sort(paths)
	paths = paths[:min(len(paths), t.Batch)]
	dir := filepath.Join(t.Scratch, "page")
	return &work{units: len(paths), call: func(ctx context.Context) error {
		if _, err := explain.Run(ctx, explain.Job{Backend: w.backend, Before: m, Paths: paths, Protocol: protocol(m.Variant).Name, Dir: dir}); err != nil {
			return err
		}
		_, err := w.Page(dir)
		return err
	}}, nil
}

// load reads the file anew and compiles anew for each call.
func (w *Worker) load(t Task) (*work, error) {
	t.Batch = 1
	image := randomBatch(t).Images
	return &work{units: 1, call: func(context.Context) error {
		m, err := pretrained.Open(t.Weights)
		if err != nil {
			return err
		}
		p, store, err := m.Predictor(w.backend, 1)
		if err != nil {
			return err
		}
		defer store.Finalize()
		defer p.Close()
		_, err = p.Logits(image, 1)
		return err
	}}, nil
}

// cutPhotos is how many photographs one call of TokenCut takes.
const cutPhotos = 4

// cutter makes coarse masks, as `robustvit masks --method tokencut` does before
// the solver.
type cutter struct {
	variant   robustvit.Variant
	photos    data.Dataset
	reader    *robustvit.PatchReader
	store     *model.Store
	positions []float32 // of the trained grid
}

func (w *Worker) tokencut(t Task) (*work, error) {
	photos, err := data.OpenFolder(t.Photos, data.FolderOptions{})
	if err != nil {
		return nil, err
	}
	c := cutter{variant: t.Variant, photos: photos}
	values := randomValues(t.Variant)
	if c.positions, err = tensors.CopyFlatData[float32](values["pos_embed"]); err != nil {
		return nil, err
	}
	if c.store, err = robustvit.NewStore(t.Variant, values); err != nil {
		return nil, err
	}
	c.reader = robustvit.NewPatchReader(w.backend, t.Variant, c.store, 1)
	n := min(photos.Len(), cutPhotos)
	return &work{n, func(context.Context) error {
		for i := range n {
			if err := c.mask(i); err != nil {
				return err
			}
		}
		return nil
	}, func() { c.reader.Close(); c.store.Finalize() }}, nil
}

func (c cutter) mask(i int) error {
	sample, err := c.photos.Load(i)
	if err != nil {
		return err
	}
	v, img := c.variant, sample.Image
	columns, rows := (img.Width+v.Patch/2)/v.Patch, (img.Height+v.Patch/2)/v.Patch
	seen, err := data.Resize(img, columns*v.Patch, rows*v.Patch, data.Bicubic)
	if err != nil {
		return err
	}
	pixels := make([]float32, 3*seen.Width*seen.Height)
	data.Normalize(pixels, seen, v.Mean, v.Std)
	positions := weights.ResamplePositions(c.positions, v.PrefixTokens, v.Grid(), rows, columns, v.Width)
	features, err := c.reader.Read(pixels, positions, rows, columns)
	if err != nil {
		return err
	}
	cut, err := tokencut.Find(features.Keys, columns, rows, tokencut.DefaultOptions())
	if err != nil {
		return err
	}
	tokencut.Enlarge(cut.Mask, columns, rows, img.Width, img.Height)
	return nil
}

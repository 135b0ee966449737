package evaluate

import (
	"cmp"
	"math"
	"slices"
)

type searchPhase int

const (
	removing searchPhase = iota // pixels go until none is left
	refining                    // pixels come and go until the set suffices
	finished
)

// subsetSearch is one target on its way. Each evaluation of its mask leads to
// one move.
type subsetSearch struct {
	settings SubsetSearch
	target   Target
	subset   *Subset
	phase    searchPhase
	mask     []float32 // to evaluate next
	kept     int
	started  bool

	peak   []float32 // mask of the highest p so far
	peakP  float64
	rounds int       // of refinement left
	score  []float64 // of each pixel while refining, in [-1, 1]; kept above 0
	moment []float64 // of the gradient
}

func newSubsetSearch(settings SubsetSearch, target Target, subset *Subset) *subsetSearch {
	s := &subsetSearch{settings: settings, target: target, subset: subset, peakP: -1, rounds: settings.Rounds}
	s.mask = make([]float32, len(target.Image)/3)
	for i := range s.mask {
		s.mask[i] = 1
	}
	s.kept = len(s.mask)
	*subset = Subset{Name: target.Name, Class: target.Class}
	return s
}

// move takes what the model says of the mask: d log p / d mask [h x w] and p.
func (s *subsetSearch) move(gradient []float32, p float64) {
	if !s.started {
		s.subset.Whole, s.started = p, true
	}
	if p > s.peakP {
		s.peak, s.peakP = slices.Clone(s.mask), p
	}
	if p >= s.settings.Confidence && (!s.subset.Found || s.kept < s.subset.Size) {
		s.keep(s.mask, p, true)
	}
	switch {
	case s.phase == refining && !s.subset.Found:
		s.refine(gradient)
	case s.kept > 0: // a set that refinement found is thinned out too
		s.phase = removing
		s.remove(gradient)
	case s.subset.Found:
		s.finish()
	default:
		s.startRefining()
	}
}

// remove takes away the pixels with the smallest gradients; among equal ones the
// later go first.
func (s *subsetSearch) remove(gradient []float32) {
	order := make([]int, 0, s.kept)
	for i, m := range s.mask {
		if m == 1 {
			order = append(order, i)
		}
	}
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(gradient[a], gradient[b]), cmp.Compare(b, a))
	})
	for _, i := range order[:max(1, int(s.settings.Share*float64(s.kept)))] {
		s.mask[i] = 0
		s.kept--
	}
}

// Constants of refinement: steps are in units of the root mean square of the
// moment, so a pixel of the usual gradient changes sides within five rounds.
const (
	refineStep     = 0.1
	refineMomentum = 0.9
	refineStart    = 0.5 // score of the pixels that are kept at first; of the others minus this
)

// startRefining goes back to the best mask so far.
func (s *subsetSearch) startRefining() {
	if s.rounds <= 0 {
		s.finish()
		return
	}
	s.phase, s.subset.Refined = refining, true
	s.score, s.moment = make([]float64, len(s.mask)), make([]float64, len(s.mask))
	for i, kept := range s.peak {
		s.score[i] = refineStart * float64(2*kept-1)
	}
	s.choose()
}

// refine moves each pixel's score up the gradient and keeps the pixels above 0.
// Scores remember the gradients of earlier masks: flipping the most promising
// pixels at once overshoots and stalls.
func (s *subsetSearch) refine(gradient []float32) {
	if s.rounds <= 0 {
		s.finish()
		return
	}
	s.rounds--
	squares := 0.0
	for i, g := range gradient {
		s.moment[i] = refineMomentum*s.moment[i] + (1-refineMomentum)*float64(g)
		squares += s.moment[i] * s.moment[i]
	}
	if squares == 0 { // nowhere to go
		s.finish()
		return
	}
	rate := refineStep / math.Sqrt(squares/float64(len(s.moment)))
	for i := range s.score {
		s.score[i] = min(max(s.score[i]+rate*s.moment[i], -1), 1)
	}
	s.choose()
}

// choose makes the mask of the scores.
func (s *subsetSearch) choose() {
	s.kept = 0
	for i, score := range s.score {
		s.mask[i] = 0
		if score > 0 {
			s.mask[i] = 1
			s.kept++
		}
	}
}

func (s *subsetSearch) keep(mask []float32, p float64, found bool) {
	size := 0
	for _, m := range mask {
		size += int(m)
	}
	s.subset.Mask, s.subset.Size, s.subset.Confidence, s.subset.Found = slices.Clone(mask), size, p, found
	s.subset.Share = 100 * float64(size) / float64(len(mask))
}

func (s *subsetSearch) finish() {
	if !s.subset.Found {
		s.keep(s.peak, s.peakP, false)
	}
	s.phase = finished
}

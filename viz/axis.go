package viz

import (
	"math"
	"slices"
	"strconv"
	"strings"
)

// axis maps values to pixels and knows its ticks.
type axis struct {
	low, high float64
	from, to  float64 // pixels of low and high
	log       bool
	ticks     []float64
	decimals  int
	names     []string // of 1, 2, 3, if they are not numbers
	exact     bool     // ticks are values of the data, written as they are
}

// namedAxis has a name at each whole number from 1; slot is the room for one.
func namedAxis(names []string, slot float64) axis {
	a := axis{low: 0.5, high: float64(len(names)) + 0.5}
	for i, name := range names {
		a.ticks = append(a.ticks, float64(i+1))
		a.names = append(a.names, elide(name, max(int(slot/6.5), 4)))
	}
	return a
}

// newAxis spans all finite values of the lists, widened to whole ticks. On a
// logarithmic axis only values above zero count. Nothing to show gives 0 to 1 (1
// to 10); one value gets room on both sides.
func newAxis(log bool, wanted int, lists ...[]float64) axis {
	a := axis{low: math.Inf(1), high: math.Inf(-1), log: log}
	for _, list := range lists {
		for _, v := range list {
			if finite(v) && math.Abs(v) < 1e300 && (!log || v > 0) {
				a.low, a.high = math.Min(a.low, v), math.Max(a.high, v)
			}
		}
	}
	if a.low > a.high {
		a.low, a.high = 0, 1
		if log {
			a.low, a.high = 1, 10
		}
	}
	if a.log {
		a.logTicks()
		return a
	}
	if a.low == a.high {
		room := math.Max(math.Abs(a.low)*0.1, 1e-6)
		if a.low == math.Trunc(a.low) {
			room = 1
		}
		a.low, a.high = a.low-room, a.high+room
	}
	a.linearTicks(wanted)
	return a
}

// maxPlaces is up to how many places the points of a line have ticks of their
// own: the layers of a ViT.
const maxPlaces = 13

// distinct are the values that the axis can show, sorted.
func distinct(lists [][]float64, log bool) []float64 {
	var all []float64
	for _, list := range lists {
		for _, v := range list {
			if finite(v) && math.Abs(v) < 1e300 && (!log || v > 0) {
				all = append(all, v)
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// placeTicks sets a tick at each of the places where there is something, as
// far as their labels have room, and ends the axis at the outer ones.
func (a *axis) placeTicks(places []float64, width float64) {
	a.low, a.high, a.from, a.to = places[0], places[len(places)-1], 0, width
	a.ticks, a.names, a.exact = nil, nil, true
	free := math.Inf(-1)
	for _, v := range places {
		x, _ := a.at(v)
		if half := textWidth(a.label(v), 11)/2 + 3; x-half >= free {
			a.ticks, free = append(a.ticks, v), x+half
		}
	}
}

// niceStep is the step of 1, 2 or 5 times a power of ten that gives about n ticks.
func niceStep(span float64, n int) float64 {
	raw := span / float64(max(n, 1))
	power := math.Pow(10, math.Floor(math.Log10(raw)))
	switch m := raw / power; {
	case m <= 1.0001:
		return power
	case m <= 2.0001:
		return 2 * power
	case m <= 5.0001:
		return 5 * power
	}
	return 10 * power
}

func (a *axis) linearTicks(wanted int) {
	step := niceStep(a.high-a.low, wanted)
	first, last := math.Floor(a.low/step+1e-9), math.Ceil(a.high/step-1e-9)
	a.decimals = min(max(-int(math.Floor(math.Log10(step)+1e-9)), 0), 12)
	for i := 0; i <= int(last-first) && i < 50; i++ { // 50: a step lost in rounding must end
		a.ticks = append(a.ticks, (first+float64(i))*step)
	}
	a.low, a.high = first*step, last*step
}

func (a *axis) logTicks() {
	first, last := math.Floor(math.Log10(a.low)+1e-9), math.Ceil(math.Log10(a.high)-1e-9)
	if first == last {
		last++
	}
	stride := math.Ceil((last - first) / 6)
	for e := first; e <= last; e += stride {
		a.ticks = append(a.ticks, math.Pow(10, e))
	}
	a.low, a.high = math.Pow(10, first), math.Pow(10, last)
}

// at is the pixel of v; ok is false where v cannot be shown.
func (a axis) at(v float64) (pixel float64, ok bool) {
	if !finite(v) || (a.log && v <= 0) {
		return 0, false
	}
	var share float64
	if a.log {
		share = math.Log(v/a.low) / math.Log(a.high/a.low)
	} else {
		share = (v - a.low) / (a.high - a.low)
	}
	share = min(max(share, -0.02), 1.02) // out of range by rounding or by wish: pinned to the frame
	return a.from + share*(a.to-a.from), true
}

// label is the text of a tick.
func (a axis) label(v float64) string {
	if i := int(v) - 1; i >= 0 && i < len(a.names) {
		return a.names[i]
	}
	if a.exact && math.Abs(v) < 1e6 && (v == 0 || math.Abs(v) >= 1e-4) {
		return strings.Replace(strconv.FormatFloat(v, 'g', 6, 64), "-", "−", 1)
	}
	if a.log {
		if e := math.Round(math.Log10(v)); e < -3 || e > 4 {
			return "10" + superscript(int(e))
		}
		return strconv.FormatFloat(v, 'g', 4, 64)
	}
	if math.Abs(v) >= 1e6 || (v != 0 && a.decimals > 5) {
		return short(v)
	}
	return number(v, a.decimals)
}

func superscript(n int) string {
	return strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴", "5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹").Replace(strconv.Itoa(n))
}

package evaluate

import "slices"

// Segmentation is the relevance segmentation test (Table 3): the map against
// the object's mask, thresholded at each map's mean. All in percent.
type Segmentation struct {
	PixelAccuracy float64 `json:"pixel_accuracy"`
	MeanIoU       float64 `json:"mean_iou"`                         // mean over background and foreground
	MeanAP        float64 `json:"mean_average_precision"`           // of the foreground
	MeanAPBoth    float64 `json:"mean_average_precision_two_class"` // of both classes in one ranking: the released code's, and the paper's mAP
	N             int     `json:"n"`
}

// mapTotals adds up images; the zero value is empty.
type mapTotals struct {
	right, pixels, n    int
	intersection, union [2]int
	ap, both, mass      float64
}

func (t *mapTotals) add(r *MapRecord) {
	t.right, t.pixels, t.n = t.right+r.PixelsRight, t.pixels+r.Pixels, t.n+1
	for c := range t.union {
		t.intersection[c] += r.Intersection[c]
		t.union[c] += r.Union[c]
	}
	t.ap, t.both, t.mass = t.ap+r.AP, t.both+r.APBoth, t.mass+r.MassOnObject
}

// figures are pixel accuracy, mean IoU, mean AP, two-class mean AP and mass on
// the object, in percent.
func (t *mapTotals) figures() (f [5]float64) {
	if t.pixels == 0 {
		return f
	}
	f[0] = 100 * float64(t.right) / float64(t.pixels)
	classes := 0
	for c := range t.union {
		if t.union[c] > 0 {
			f[1] += 100 * float64(t.intersection[c]) / float64(t.union[c])
			classes++
		}
	}
	f[1] /= float64(max(classes, 1))
	n := float64(t.n)
	f[2], f[3], f[4] = 100*(t.ap/n), 100*(t.both/n), t.mass/n
	return f
}

// SegmentationOf is the segmentation test on the records that keep chooses; nil
// keeps all. Correctly classified images alone: keep r.Right.
func SegmentationOf(records []MapRecord, keep func(MapRecord) bool) Segmentation {
	var t mapTotals
	for i := range records {
		if keep == nil || keep(records[i]) {
			t.add(&records[i])
		}
	}
	f := t.figures()
	return Segmentation{PixelAccuracy: f[0], MeanIoU: f[1], MeanAP: f[2], MeanAPBoth: f[3], N: t.n}
}

// Segment scores maps against masks, image by image; used by Segmentation tests
// and by anything that already holds the maps.
func Segment(maps, masks [][]float32) Segmentation {
	records := make([]MapRecord, len(maps))
	for i := range maps {
		records[i] = ScoreMap(maps[i], masks[i])
	}
	return SegmentationOf(records, nil)
}

// TwoClassPrecision is the average precision of the released code: each pixel
// enters the ranking twice, as foreground with its relevance r in [0, 1] and as
// background with 1 - r, and is right once. It is the larger figure: easy
// background counts.
func TwoClassPrecision(relevance, mask []float32) float64 {
	n := len(relevance)
	scores, right := make([]float32, 2*n), make([]float32, 2*n)
	for i, r := range relevance {
		scores[i], scores[n+i] = r, 1-r
		if mask[i] > 0.5 {
			right[i] = 1
		} else {
			right[n+i] = 1
		}
	}
	return AveragePrecision(scores, right)
}

// AveragePrecision is the area under the precision-recall steps of ranking
// pixels by relevance (equal values form one step). Without foreground it is 0.
func AveragePrecision(relevance, mask []float32) float64 {
	order := make([]int, len(relevance))
	total := 0
	for i := range order {
		order[i] = i
		if mask[i] > 0.5 {
			total++
		}
	}
	if total == 0 {
		return 0
	}
	slices.SortFunc(order, func(a, b int) int {
		switch {
		case relevance[a] > relevance[b]:
			return -1
		case relevance[a] < relevance[b]:
			return 1
		}
		return 0
	})
	area, hits, before := 0.0, 0, 0
	for i := 0; i < len(order); {
		j := i
		for j < len(order) && relevance[order[j]] == relevance[order[i]] {
			if mask[order[j]] > 0.5 {
				hits++
			}
			j++
		}
		area += float64(hits-before) / float64(total) * float64(hits) / float64(j)
		before, i = hits, j
	}
	return area
}

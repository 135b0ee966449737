package evaluate

import (
	"slices"
)

// Segmentation is the relevance segmentation test (Table 3): the map against
// the object's mask, thresholded at each map's mean. All in percent.
type Segmentation struct {
	PixelAccuracy float64 `json:"pixel_accuracy"`
	MeanIoU       float64 `json:"mean_iou"`                         // mean over background and foreground
	MeanAP        float64 `json:"mean_average_precision"`           // of the foreground
	MeanAPBoth    float64 `json:"mean_average_precision_two_class"` // of both classes in one ranking: the released code's, and the paper's mAP
	N             int     `json:"n"`
}

// segmenter adds up images; the zero value is empty.
type segmenter struct {
	right, pixels       int
	intersection, union [2]int
	precisions, both    []float64
}

// add scores one map against its mask; both hold h*w values.
func (s *segmenter) add(relevance, mask []float32) {
	threshold := 0.0
	for _, value := range relevance {
		threshold += float64(value)
	}
	threshold /= float64(len(relevance))
	for i, value := range relevance {
		predicted, object := 0, 0
		if float64(value) > threshold {
			predicted = 1
		}
		if mask[i] > 0.5 {
			object = 1
		}
		s.pixels++
		if predicted == object {
			s.right++
			s.intersection[object]++
			s.union[object]++
		} else {
			s.union[0]++
			s.union[1]++
		}
	}
	s.precisions = append(s.precisions, AveragePrecision(relevance, mask))
	s.both = append(s.both, TwoClassPrecision(relevance, mask))
}

func (s *segmenter) result() Segmentation {
	result := Segmentation{N: len(s.precisions)}
	if s.pixels == 0 {
		return result
	}
	result.PixelAccuracy = 100 * float64(s.right) / float64(s.pixels)
	classes := 0
	for c := range s.union {
		if s.union[c] > 0 {
			result.MeanIoU += 100 * float64(s.intersection[c]) / float64(s.union[c])
			classes++
		}
	}
	result.MeanIoU /= float64(max(classes, 1))
	result.MeanAP, result.MeanAPBoth = 100*mean(s.precisions), 100*mean(s.both)
	return result
}

// Segment scores maps against masks, image by image; used by Segmentation tests
// and by anything that already holds the maps.
func Segment(maps, masks [][]float32) Segmentation {
	var s segmenter
	for i := range maps {
		s.add(maps[i], masks[i])
	}
	return s.result()
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

package evaluate

// MapSummary is Table 3 and what else the maps of a choice of images say.
type MapSummary struct {
	Segmentation
	MassOnObject float64 `json:"mass_on_object"` // percent, mean over images
	Background   float64 `json:"background"`     // Eq. 1, mean over images
	Foreground   float64 `json:"foreground"`     // Eq. 2
	Right        float64 `json:"right"`          // percent of images classified correctly
}

// MapSummaryOf summarises the records that keep chooses; nil keeps all.
func MapSummaryOf(records []MapRecord, keep func(MapRecord) bool) MapSummary {
	var s MapSummary
	for _, record := range records {
		if keep != nil && !keep(record) {
			continue
		}
		s.MassOnObject += record.MassOnObject
		s.Background += record.Background
		s.Foreground += record.Foreground
		if record.Right {
			s.Right += 100
		}
	}
	s.Segmentation = SegmentationOf(records, keep)
	n := float64(max(s.N, 1))
	s.MassOnObject, s.Background, s.Foreground, s.Right = s.MassOnObject/n, s.Background/n, s.Foreground/n, s.Right/n
	return s
}

// MapChange is the change of the figures from one model to another on the same
// images, after minus before in points, with paired bootstrap intervals over
// images.
type MapChange struct {
	PixelAccuracy Estimate `json:"pixel_accuracy"`
	MeanIoU       Estimate `json:"mean_iou"`
	MeanAP        Estimate `json:"mean_average_precision"`
	MeanAPBoth    Estimate `json:"mean_average_precision_two_class"`
	MassOnObject  Estimate `json:"mass_on_object"`
}

// BothRight keeps the images that both models classify correctly: the form of
// Table 3 that is not moved by wrong predictions.
func BothRight(before, after MapRecord) bool { return before.Right && after.Right }

// RightIn keeps the images that every given model classifies correctly, for
// SegmentationOf; an image without a record in one of them is left out.
func RightIn(models ...[]MapRecord) func(MapRecord) bool {
	right := map[string]int{}
	for _, records := range models {
		for _, record := range records {
			if record.Right {
				right[record.ID]++
			}
		}
	}
	return func(r MapRecord) bool { return right[r.ID] == len(models) }
}

// CompareMaps pairs two models' records by image. Keep chooses the images that
// count by what both models say; nil counts all. The mean IoU is that of all the
// pixels of the drawn images together, as in SegmentationOf.
func CompareMaps(before, after []MapRecord, keep func(before, after MapRecord) bool) (MapChange, error) {
	if err := paired(before, after, func(r MapRecord) string { return r.ID }); err != nil {
		return MapChange{}, err
	}
	var old, now []MapRecord
	for i := range before {
		if keep == nil || keep(before[i], after[i]) {
			old, now = append(old, before[i]), append(now, after[i])
		}
	}
	e := bootstrapOf(len(old), 5, func(draw []int, figures []float64) {
		var was, is mapTotals
		for _, i := range draw {
			was.add(&old[i])
			is.add(&now[i])
		}
		a, b := was.figures(), is.figures()
		for f := range figures {
			figures[f] = b[f] - a[f]
		}
	})
	return MapChange{PixelAccuracy: e[0], MeanIoU: e[1], MeanAP: e[2], MeanAPBoth: e[3], MassOnObject: e[4]}, nil
}

// MassOnObject is the mean relevance mass on the object in percent of the
// records that keep chooses (nil = all), with its interval.
func MassOnObject(records []MapRecord, keep func(MapRecord) bool) Estimate {
	var masses []float64
	for _, record := range records {
		if keep == nil || keep(record) {
			masses = append(masses, record.MassOnObject)
		}
	}
	return MeanOf(masses)
}

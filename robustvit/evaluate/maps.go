package evaluate

import (
	"context"
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
)

// MapRecord is how one relevance map, thresholded at its mean, meets the object's
// mask. The counts are kept, so that Table 3 of any choice of images needs no
// second pass.
type MapRecord struct {
	ID           string  `json:"id"`
	Class        int     `json:"class"`
	Predicted    int     `json:"predicted"`    // top-1 among all classes; the map is this class's
	Right        bool    `json:"right"`        // predicted is the class
	PixelsRight  int     `json:"pixels_right"` // of Pixels
	Pixels       int     `json:"pixels"`
	Intersection [2]int  `json:"intersection"` // pixels, of background and foreground
	Union        [2]int  `json:"union"`
	AP           float64 `json:"average_precision"`           // of the foreground, in [0, 1]
	APBoth       float64 `json:"average_precision_two_class"` // TwoClassPrecision, in [0, 1]
	MassOnObject float64 `json:"mass_on_object"`              // share of the map's sum inside the mask, percent; 0 of an empty map
	Background   float64 `json:"background"`                  // Eq. 1 of this map, mean over pixels
	Foreground   float64 `json:"foreground"`                  // Eq. 2 of this map, mean over pixels
}

// MapsName stands for the segmentation test where records are named by set.
const MapsName = "segmentation"

// ExplainFunc maps the relevance of n images n x 3 x h x w for classes [n];
// a negative class, or nil classes, asks for the predicted one. Predictor.Explain
// is one; other explainers are wrapped as one.
type ExplainFunc func(images []float32, classes []int32, n int) (robustvit.Explanation, error)

// SegmentRecords scores the map of each image's predicted class against its mask:
// one record an image, in the data set's order.
func SegmentRecords(ctx context.Context, p *robustvit.Predictor, d data.Dataset, protocol data.Protocol, progress Progress) ([]MapRecord, error) {
	return SegmentRecordsBy(ctx, p, p.Explain, d, protocol, progress)
}

// SegmentRecordsBy is SegmentRecords with the maps of any explainer. The
// explainer returns the logits too: they say what is predicted.
func SegmentRecordsBy(ctx context.Context, model Shaped, explain ExplainFunc, d data.Dataset, protocol data.Protocol, progress Progress) ([]MapRecord, error) {
	records := make([]MapRecord, 0, d.Len())
	v := model.Variant()
	pixels, outputs := v.ImageSize*v.ImageSize, v.Outputs()
	err := batches(ctx, model, d, protocol, true, func(b *data.Batch, first int) error {
		explanation, err := explain(b.Images, nil, b.N)
		if err != nil {
			return err
		}
		if len(explanation.Maps) < b.N*pixels || len(explanation.Logits) < b.N*outputs {
			return fmt.Errorf("the explainer returned %d values of maps and %d logits for %d images, expected %d and %d",
				len(explanation.Maps), len(explanation.Logits), b.N, b.N*pixels, b.N*outputs)
		}
		for i := range b.N {
			record := ScoreMap(explanation.Maps[i*pixels:(i+1)*pixels], b.Masks[i*pixels:(i+1)*pixels])
			record.ID, record.Class = d.Entry(first+i).ID, int(b.Labels[i])
			order, _ := robustvit.Rank(explanation.Logits[i*outputs : (i+1)*outputs])
			record.Predicted = order[0]
			record.Right = record.Predicted == record.Class
			records = append(records, record)
		}
		progress.report(d, first+b.N)
		return nil
	})
	return records, err
}

// ScoreMap compares one map with its mask; both hold h*w values. Identity and
// classes are left for the caller.
func ScoreMap(relevance, mask []float32) MapRecord {
	record := MapRecord{Pixels: len(relevance)}
	sum, inside := 0.0, 0.0
	for _, value := range relevance {
		sum += float64(value)
	}
	threshold := sum / float64(len(relevance))
	for i, value := range relevance {
		r, m := float64(value), float64(mask[i])
		record.Background += (r * (1 - m)) * (r * (1 - m))
		record.Foreground += (r*m - m) * (r*m - m)
		predicted, object := 0, 0
		if r > threshold {
			predicted = 1
		}
		if mask[i] > 0.5 {
			object = 1
			inside += r
		}
		if predicted == object {
			record.PixelsRight++
			record.Intersection[object]++
			record.Union[object]++
		} else {
			record.Union[0]++
			record.Union[1]++
		}
	}
	if sum > 0 {
		record.MassOnObject = 100 * inside / sum
	}
	n := float64(max(len(relevance), 1))
	record.Background, record.Foreground = record.Background/n, record.Foreground/n
	record.AP, record.APBoth = AveragePrecision(relevance, mask), TwoClassPrecision(relevance, mask)
	return record
}

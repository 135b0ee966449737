package evaluate

import "math"

// calibrationBins is the usual number of bins of the ECE (Guo et al., 2017).
const calibrationBins = 15

// Calibration says how far a model's top-1 confidence is from how often it is
// right. In percent but for the Brier score.
type Calibration struct {
	ECE            float64          `json:"ece"`            // mean over images of their bin's |accuracy - confidence|
	Brier          float64          `json:"brier"`          // mean of (confidence - right)^2, in [0, 1], of the top-1 event
	Overconfidence float64          `json:"overconfidence"` // mean confidence minus accuracy
	Bins           []ReliabilityBin `json:"bins"`           // 15 of equal width, empty ones too
	N              int              `json:"n"`
}

// ReliabilityBin holds the images with a confidence in (Low, High], in percent.
type ReliabilityBin struct {
	Low        float64 `json:"low"`
	High       float64 `json:"high"`
	Confidence float64 `json:"confidence"` // mean; 0 of an empty bin
	Accuracy   float64 `json:"accuracy"`   // 0 of an empty bin
	Share      float64 `json:"share"`      // of all images
	N          int     `json:"n"`
}

// CalibrationOf reads the top-1 confidences of the records. It is exact although
// records keep five classes only: no figure here needs the others. Where only
// some classes compete (Scoring.Classes), the confidence is that among them.
func CalibrationOf(records []Record) Calibration {
	var t calibrationTotals
	for _, record := range records {
		t.add(outcomeOf(record))
	}
	f := t.figures()
	c := Calibration{ECE: f[0], Overconfidence: f[1], Brier: f[2], N: t.n, Bins: make([]ReliabilityBin, calibrationBins)}
	for b := range c.Bins {
		bin := ReliabilityBin{Low: 100 * float64(b) / calibrationBins, High: 100 * float64(b+1) / calibrationBins, N: t.count[b]}
		if bin.N > 0 {
			n := float64(bin.N)
			bin.Confidence, bin.Accuracy, bin.Share = 100*t.confidence[b]/n, 100*float64(t.right[b])/n, 100*n/float64(t.n)
		}
		c.Bins[b] = bin
	}
	return c
}

// CalibrationChange is after minus before on the same images, with paired
// bootstrap intervals. With few images a bin, the ECE of a bootstrap sample lies
// above that of the images themselves, more so for a well calibrated model; the
// interval of a change is then a little off its value.
type CalibrationChange struct {
	ECE            Estimate `json:"ece"`            // points
	Overconfidence Estimate `json:"overconfidence"` // points
	Brier          Estimate `json:"brier"`
}

// CompareCalibration pairs two models' records by image.
func CompareCalibration(before, after []Record) (CalibrationChange, error) {
	if err := paired(before, after, recordID); err != nil {
		return CalibrationChange{}, err
	}
	old, now := make([]outcome, len(before)), make([]outcome, len(after))
	for i := range before {
		old[i], now[i] = outcomeOf(before[i]), outcomeOf(after[i])
	}
	e := bootstrapOf(len(old), 3, func(draw []int, figures []float64) {
		var was, is calibrationTotals
		for _, i := range draw {
			was.add(old[i])
			is.add(now[i])
		}
		a, b := was.figures(), is.figures()
		for f := range figures {
			figures[f] = b[f] - a[f]
		}
	})
	return CalibrationChange{ECE: e[0], Overconfidence: e[1], Brier: e[2]}, nil
}

// outcome is what the figures need of a record.
type outcome struct {
	confidence float64 // in [0, 1]
	right      bool
	bin        int
}

func outcomeOf(r Record) outcome {
	o := outcome{right: r.Correct(1)}
	if len(r.Confidence) > 0 {
		o.confidence = r.Confidence[0]
	}
	o.bin = min(max(int(math.Ceil(o.confidence*calibrationBins))-1, 0), calibrationBins-1)
	return o
}

// calibrationTotals adds up outcomes by bin.
type calibrationTotals struct {
	n          int
	squares    float64
	count      [calibrationBins]int
	right      [calibrationBins]int
	confidence [calibrationBins]float64
}

func (t *calibrationTotals) add(o outcome) {
	hit := 0.0
	if o.right {
		hit = 1
		t.right[o.bin]++
	}
	t.n++
	t.count[o.bin]++
	t.confidence[o.bin] += o.confidence
	t.squares += (o.confidence - hit) * (o.confidence - hit)
}

// figures are ECE and overconfidence in percent, and the Brier score.
func (t *calibrationTotals) figures() (f [3]float64) {
	if t.n == 0 {
		return f
	}
	for b := range t.count {
		gap := t.confidence[b] - float64(t.right[b])
		f[0] += math.Abs(gap)
		f[1] += gap
	}
	n := float64(t.n)
	return [3]float64{100 * f[0] / n, 100 * f[1] / n, t.squares / n}
}

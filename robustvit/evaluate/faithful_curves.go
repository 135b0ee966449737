package evaluate

import "fmt"

// Faithfulness is the mean of many images' curves.
type Faithfulness struct {
	Shares    []float64 `json:"shares"` // of the pixels that are changed, percent: the x of the curves
	Deletion  Curve     `json:"deletion"`
	Insertion Curve     `json:"insertion"`
	N         int       `json:"n"`
}

// Curve is a mean over images, in percent, with its 95 % bootstrap band.
type Curve struct {
	Mean []float64 `json:"mean"`
	Low  []float64 `json:"low"`
	High []float64 `json:"high"`
	AUC  Estimate  `json:"auc"` // mean height; low is good for deletion, high for insertion
}

// FaithfulnessOf averages records of one test; curves of different length are
// not of one test.
func FaithfulnessOf(records []FaithfulRecord) (Faithfulness, error) {
	result := Faithfulness{N: len(records)}
	if len(records) == 0 {
		return result, nil
	}
	steps := len(records[0].Deletion)
	for _, r := range records {
		if len(r.Deletion) != steps || len(r.Insertion) != steps {
			return result, fmt.Errorf("faithfulness of %s: curves of %d and %d points, the first image's have %d; average the records of one test", r.ID, len(r.Deletion), len(r.Insertion), steps)
		}
	}
	for step := range steps {
		result.Shares = append(result.Shares, 100*float64(step)/float64(max(steps-1, 1)))
	}
	result.Deletion = curveOf(records, func(r *FaithfulRecord) []float64 { return r.Deletion })
	result.Insertion = curveOf(records, func(r *FaithfulRecord) []float64 { return r.Insertion })
	return result, nil
}

// curveOf draws whole images, so that the band and the AUC come from the same
// samples.
func curveOf(records []FaithfulRecord, of func(*FaithfulRecord) []float64) Curve {
	points := len(of(&records[0]))
	e := bootstrapOf(len(records), points, func(draw []int, figures []float64) {
		for _, i := range draw {
			for p, value := range of(&records[i]) {
				figures[p] += value
			}
		}
		for p := range figures {
			figures[p] /= float64(len(draw))
		}
	})
	var c Curve
	for _, point := range e {
		c.Mean, c.Low, c.High = append(c.Mean, point.Value), append(c.Low, point.Low), append(c.High, point.High)
	}
	areas := make([]float64, len(records))
	for i := range records {
		areas[i] = areaUnder(of(&records[i]))
	}
	c.AUC = MeanOf(areas)
	return c
}

// FaithfulnessChange is the change of the two areas in points: after minus
// before on the same images, with paired intervals. A more faithful map has
// Deletion below 0 and Insertion above. Two explainers of one model can be
// compared, or an explainer and RandomOrder; across models the change mixes in
// how confident each of them is.
type FaithfulnessChange struct {
	Deletion  Estimate `json:"deletion"`
	Insertion Estimate `json:"insertion"`
}

// CompareFaithfulness pairs two tests' records by image.
func CompareFaithfulness(before, after []FaithfulRecord) (c FaithfulnessChange, err error) {
	if err = paired(before, after, func(r FaithfulRecord) string { return r.ID }); err != nil {
		return c, err
	}
	var old, now [2][]float64
	for i := range before {
		old[0], old[1] = append(old[0], before[i].DeletionAUC), append(old[1], before[i].InsertionAUC)
		now[0], now[1] = append(now[0], after[i].DeletionAUC), append(now[1], after[i].InsertionAUC)
	}
	if c.Deletion, err = MeanChange(old[0], now[0]); err != nil {
		return c, err
	}
	c.Insertion, err = MeanChange(old[1], now[1])
	return c, err
}

// areaUnder is the mean height of a curve of equal steps, by trapezoids.
func areaUnder(curve []float64) float64 {
	switch len(curve) {
	case 0:
		return 0
	case 1:
		return curve[0]
	}
	sum := (curve[0] + curve[len(curve)-1]) / 2
	for _, value := range curve[1 : len(curve)-1] {
		sum += value
	}
	return sum / float64(len(curve)-1)
}

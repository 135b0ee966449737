package evaluate

import (
	"context"
	"errors"
	"math"
	"slices"
	"testing"

	"github.com/robustvit/workbench/robustvit"
)

// byPatch is a model of four patches of 4 x 4: the logit of class 1 is the
// weighted sum of their means, that of class 0 is 0.
type byPatch struct {
	shape8
	weights [4]float64
}

func (m byPatch) Logits(images []float32, n int) (logits []float32, err error) {
	for i := range n {
		z := 0.0
		for at, value := range images[i*192 : (i+1)*192] {
			y, x := at%64/8, at%8
			z += m.weights[y/4*2+x/4] * float64(value) / 48
		}
		logits = append(logits, 0, float32(z))
	}
	return logits, nil
}

// mapOf explains every image by the same four values, one a patch.
func mapOf(values ...float32) ExplainFunc {
	return func(_ []float32, _ []int32, n int) (e robustvit.Explanation, err error) {
		for range n {
			for at := range 64 {
				e.Maps = append(e.Maps, values[at/8/4*2+at%8/4])
			}
		}
		return e, nil
	}
}

func ones(n int) []float32 { return slices.Repeat([]float32{1}, n) }

func sigmoid(z float64) float64 { return 1 / (1 + math.Exp(-z)) }

func TestFaithfulnessByHand(t *testing.T) {
	test := FaithfulnessTest{Model: byPatch{weights: [4]float64{1, 4, 2, 0.5}}, Explain: mapOf(0.2, 0.9, 0.5, 0.2), Perturbation: Perturbation{Patches: true, Steps: 4}}
	records, err := test.Batch(context.Background(), ones(2*192), 2)
	if err != nil || len(records) != 2 {
		t.Fatalf("%d records, %v", len(records), err)
	}
	// Patch 1 goes first, then 2; 0 and 3 are equal and go by index.
	deletion, insertion := []float64{}, []float64{}
	for _, z := range []float64{7.5, 3.5, 1.5, 0.5, 0} {
		deletion = append(deletion, 100*sigmoid(z))
	}
	for _, z := range []float64{0, 4, 6, 7, 7.5} {
		insertion = append(insertion, 100*sigmoid(z))
	}
	r := records[1]
	if r.Predicted != 1 || !near(r.Deletion, deletion, 1e-3) || !near(r.Insertion, insertion, 1e-3) {
		t.Errorf("%+v\nexpected deletion %v, insertion %v", r, deletion, insertion)
	}
	if want := ((deletion[0]+deletion[4])/2 + deletion[1] + deletion[2] + deletion[3]) / 4; math.Abs(r.DeletionAUC-want) > 1e-3 {
		t.Errorf("area %g, expected %g", r.DeletionAUC, want)
	}
}

// TestNegativePerturbation: inserting the most relevant into grey is removing the
// least relevant, read from the other end.
func TestNegativePerturbation(t *testing.T) {
	of := func(explain ExplainFunc) FaithfulRecord {
		test := FaithfulnessTest{Model: byPatch{weights: [4]float64{1, 4, 2, 0.5}}, Explain: explain, Perturbation: Perturbation{Patches: true, Steps: 4}}
		records, err := test.Batch(context.Background(), ones(192), 1)
		if err != nil {
			t.Fatal(err)
		}
		return records[0]
	}
	positive, negative := of(mapOf(0.2, 0.9, 0.5, 0.1)), of(mapOf(0.8, 0.1, 0.5, 0.9))
	slices.Reverse(negative.Deletion)
	if !near(positive.Insertion, negative.Deletion, 1e-9) {
		t.Errorf("insertion %v, least relevant removed first %v", positive.Insertion, negative.Deletion)
	}
}

func TestFaithfulnessRun(t *testing.T) {
	model := byPatch{weights: [4]float64{3, 0.5, 0.5, 0.5}}
	run := func(explain ExplainFunc) []FaithfulRecord {
		records, err := FaithfulnessTest{Model: model, Explain: explain}.Run(context.Background(), masked(7), plain, nil)
		if err != nil || len(records) != 7 || records[6].ID != "g" || len(records[6].Deletion) != 21 {
			t.Fatalf("%d records, %v", len(records), err)
		}
		return records
	}
	// Images are white on black, so patches far from the object speak for class 0
	// (weight times -1) and those of the object for class 1.
	bright := func(images []float32, classes []int32, n int) (e robustvit.Explanation, err error) {
		for i := range n {
			for p := range 64 {
				value := images[i*192+p] * float32(model.weights[p/8/4*2+p%8/4])
				if classes[i] == 0 {
					value = -value
				}
				e.Maps = append(e.Maps, value)
			}
		}
		return e, nil
	}
	good, random := run(bright), run(RandomOrder(model.Variant(), 1))
	change, err := CompareFaithfulness(random, good)
	if err != nil || change.Deletion.High >= 0 || change.Insertion.Low <= 0 {
		t.Errorf("the model's own gradient times input against random: %+v, %v", change, err)
	}
	f, err := FaithfulnessOf(good)
	if err != nil || f.N != 7 || f.Shares[0] != 0 || f.Shares[1] != 5 || f.Shares[20] != 100 {
		t.Fatalf("%+v, %v", f, err)
	}
	// Both ends are the grey and the whole image.
	if math.Abs(f.Deletion.Mean[0]-f.Insertion.Mean[20]) > 1e-6 || math.Abs(f.Deletion.Mean[20]-50) > 1e-6 || math.Abs(f.Insertion.Mean[0]-50) > 1e-6 {
		t.Errorf("ends: %v\n%v", f.Deletion.Mean, f.Insertion.Mean)
	}
	if math.Abs(f.Deletion.AUC.Value-areaUnder(f.Deletion.Mean)) > 1e-9 || f.Deletion.Low[3] > f.Deletion.Mean[3] || f.Deletion.High[3] < f.Deletion.Mean[3] {
		t.Errorf("area of the mean curve %g, mean area %+v", areaUnder(f.Deletion.Mean), f.Deletion.AUC)
	}
	good[2].Deletion = good[2].Deletion[:5]
	if _, err := FaithfulnessOf(good); err == nil {
		t.Error("curves of two tests, and no error")
	}
}

// TestRandomOrderDoesNotSeeTheBatch: an image's random map is its own.
func TestRandomOrderDoesNotSeeTheBatch(t *testing.T) {
	images := ones(2 * 192)
	images[192] = 0.5
	explain := RandomOrder(shape8{}.Variant(), 4)
	together, _ := explain(images, nil, 2)
	alone, _ := explain(images[192:], nil, 1)
	if !slices.Equal(together.Maps[64:], alone.Maps) || slices.Equal(together.Maps[:64], together.Maps[64:]) {
		t.Error("the map depends on the batch, or is the same for all images")
	}
	if other, _ := RandomOrder(shape8{}.Variant(), 5)(images[192:], nil, 1); slices.Equal(other.Maps, alone.Maps) {
		t.Error("the seed changes nothing")
	}
}

func TestBlurred(t *testing.T) {
	const size, sigma = 8, 1.2
	image := make([]float32, 3*size*size)
	for i := range image {
		image[i] = float32(i*i%17) - 5
	}
	got := blurred(image, size, sigma)
	for _, place := range [][3]int{{0, 0, 0}, {1, 3, 4}, {2, 7, 2}} {
		c, y, x := place[0], place[1], place[2]
		sum, weights := 0.0, 0.0
		for v := range size {
			for u := range size {
				dy, dx := float64(v-y), float64(u-x)
				if max(math.Abs(dy), math.Abs(dx)) <= 4 { // 3 sigma, rounded up
					w := math.Exp(-(dy*dy + dx*dx) / (2 * sigma * sigma))
					sum += w * float64(image[(c*size+v)*size+u])
					weights += w
				}
			}
		}
		if value := float64(got[(c*size+y)*size+x]); math.Abs(value-sum/weights) > 1e-5 {
			t.Errorf("channel %d, row %d, column %d: %g, expected %g", c, y, x, value, sum/weights)
		}
	}
	for i, value := range blurred(ones(192), 8, 2) {
		if math.Abs(float64(value)-1) > 1e-6 {
			t.Fatalf("a constant image changes at %d: %g", i, value)
		}
	}
}

func TestFaithfulnessRefuses(t *testing.T) {
	ctx, stop := context.WithCancelCause(context.Background())
	reason := errors.New("enough")
	stop(reason)
	good := FaithfulnessTest{Model: byPatch{}, Explain: mapOf(1, 2, 3, 4)}
	if _, err := good.Batch(ctx, ones(192), 1); !errors.Is(err, reason) {
		t.Errorf("stopped: %v", err)
	}
	for name, test := range map[string]FaithfulnessTest{
		"steps":   {Model: byPatch{}, Explain: mapOf(1, 2, 3, 4), Perturbation: Perturbation{Steps: -1}},
		"blur":    {Model: byPatch{}, Explain: mapOf(1, 2, 3, 4), Perturbation: Perturbation{Blur: math.NaN()}},
		"nothing": {},
		"no maps": {Model: byPatch{}, Explain: func([]float32, []int32, int) (e robustvit.Explanation, err error) { return e, nil }},
	} {
		if _, err := test.Batch(context.Background(), ones(192), 1); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
	blurred := FaithfulnessTest{Model: byPatch{weights: [4]float64{1, 1, 1, 1}}, Explain: mapOf(1, 2, 3, 4), Perturbation: Perturbation{Blur: 2}}
	records, err := blurred.Batch(context.Background(), ones(192), 1)
	if err != nil || math.Abs(records[0].Insertion[0]-records[0].Insertion[20]) > 1e-3 {
		t.Errorf("a white image stays white under blur: %v, %v", records, err)
	}
}

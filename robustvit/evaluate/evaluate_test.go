package evaluate

import (
	"encoding/json"
	"math"
	"os"
	"slices"
	"testing"

	"github.com/robustvit/workbench/weights"
)

func TestRecord(t *testing.T) {
	r := NewRecord("a", 2, []float32{0, 3, 1, 3, -1, -2})
	if !slices.Equal(r.Top, []int{1, 3, 2, 0, 4}) {
		t.Errorf("top five %v, want [1 3 2 0 4]: the lower class of equal logits first", r.Top)
	}
	if r.Correct(1) || r.Correct(2) || !r.Correct(3) {
		t.Error("class 2 is third: not among the first two, among the first three")
	}
	if r.Margin != -2 {
		t.Errorf("margin %g, want 1 - 3", r.Margin)
	}
	if NewRecord("b", 1, []float32{0, 5, 2}).Margin != 3 {
		t.Error("the margin of a correct class is measured against the runner-up")
	}
}

func TestRateInterval(t *testing.T) {
	// Clopper-Pearson as tabulated: 8 of 10, and the closed forms at the ends.
	for _, c := range []struct {
		hits, n   int
		low, high float64
	}{{8, 10, 44.3905, 97.4789}, {0, 20, 0, 100 * (1 - math.Pow(0.025, 1.0/20))}, {20, 20, 100 * math.Pow(0.025, 1.0/20), 100}} {
		r := NewRate(c.hits, c.n)
		if math.Abs(r.Low-c.low) > 1e-3 || math.Abs(r.High-c.high) > 1e-3 {
			t.Errorf("%d of %d: [%g, %g], want [%g, %g]", c.hits, c.n, r.Low, r.High, c.low, c.high)
		}
	}
}

func TestCompare(t *testing.T) {
	row := func(correct bool) Record {
		if correct {
			return Record{Class: 0, Top: []int{0}}
		}
		return Record{Class: 0, Top: []int{1}}
	}
	var before, after []Record
	for i := range 100 { // 10 gained, 2 lost
		before = append(before, row(i < 50))
		after = append(after, row(i < 60 && i != 3 && i != 4))
	}
	d := Compare([][]Record{before}, [][]Record{after}, nil)
	if d.Gained != 10 || d.Lost != 2 || math.Abs(d.Points-8) > 1e-9 {
		t.Fatalf("difference %+v, want 10 gained, 2 lost, 8 points", d)
	}
	if want := 0.03857421875; math.Abs(d.P-want) > 1e-12 { // 2 * sum C(12,k)/2^12, k <= 2
		t.Errorf("McNemar p = %g, want %g", d.P, want)
	}
	if !(d.Low > 0 && d.Low < 8 && d.High > 8 && d.High < 20) {
		t.Errorf("interval [%g, %g] of 8 points", d.Low, d.High)
	}
	if same := Compare([][]Record{before}, [][]Record{before}, nil); same.Points != 0 || same.P != 1 || same.Significant() {
		t.Errorf("a model against itself: %+v", same)
	}
}

func TestAveragePrecision(t *testing.T) {
	// Ranking: hit, miss, hit -> (1/1 + 2/3) / 2; equal scores form one step.
	if got := AveragePrecision([]float32{.9, .8, .1}, []float32{1, 0, 1}); math.Abs(got-5.0/6) > 1e-12 {
		t.Errorf("average precision %g, want 5/6", got)
	}
	if got := AveragePrecision([]float32{.5, .5, .5, .5}, []float32{1, 0, 0, 0}); got != 0.25 {
		t.Errorf("average precision of a constant map %g, want the share of foreground 0.25", got)
	}
}

func TestTwoClassPrecision(t *testing.T) {
	// Steps of the ranking: .75 foreground and background of the third, both
	// right; .5 one of two; .25 none of two -> 2/3 * 1 + 1/3 * 3/4.
	if got := TwoClassPrecision([]float32{.75, .5, .25}, []float32{1, 1, 0}); math.Abs(got-11.0/12) > 1e-12 {
		t.Errorf("two-class precision %g, want 11/12", got)
	}
	if got := TwoClassPrecision([]float32{1, 0, 1}, []float32{0, 0, 0}); math.Abs(got-4.0/9) > 1e-12 {
		t.Errorf("two-class precision without foreground %g, want 4/9", got)
	}
}

// TestSegmentationGolden scores the reference maps: PyTorch and scikit-learn
// gave the three figures in meta.json.
func TestSegmentationGolden(t *testing.T) {
	const dir = "../../tests/golden/micro/"
	file, err := weights.Read(dir + "stages.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	var meta struct {
		Segmentation struct {
			PixelAccuracy float64 `json:"pixel_accuracy"`
			MeanIoU       float64 `json:"mean_iou"`
			MeanAP        float64 `json:"mean_average_precision"`
		}
	}
	text, err := os.ReadFile(dir + "meta.json")
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &meta); err != nil {
		t.Fatal(err)
	}
	rows := func(name string) (images [][]float32) {
		tensor, ok := file.Get(name)
		if !ok {
			t.Fatalf("no %s", name)
		}
		flat, err := tensor.Float32s()
		if err != nil {
			t.Fatal(err)
		}
		for ; len(flat) > 0; flat = flat[1024:] {
			images = append(images, flat[:1024])
		}
		return images
	}
	for _, maps := range []string{"relevance", "relevance_of_predicted"} {
		got := Segment(rows(maps), rows("masks"))
		t.Logf("%s: %+v", maps, got)
		if maps != "relevance" {
			continue
		}
		for _, c := range []struct {
			name      string
			got, want float64
		}{{"pixel accuracy", got.PixelAccuracy, meta.Segmentation.PixelAccuracy}, {"mean IoU", got.MeanIoU, meta.Segmentation.MeanIoU}, {"mean AP", got.MeanAP, meta.Segmentation.MeanAP}} {
			if math.Abs(c.got-100*c.want) > 1e-3 {
				t.Errorf("%s %g, want %g", c.name, c.got, 100*c.want)
			}
		}
	}
}

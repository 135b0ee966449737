package evaluate

import (
	"context"
	"encoding/json"
	"math"
	"math/rand/v2"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
)

func TestScoreMap(t *testing.T) {
	// Mean 0.5: only the first pixel is called object.
	r := ScoreMap([]float32{1, 0.5, 0, 0.5}, []float32{1, 1, 0, 0})
	if r.PixelsRight != 3 || r.Intersection != [2]int{2, 1} || r.Union != [2]int{3, 2} {
		t.Errorf("%+v: expected 3 of 4 pixels right; background 2 of 3, object 1 of 2", r)
	}
	if r.MassOnObject != 75 {
		t.Errorf("mass on the object %g %%, expected 1.5 of 2", r.MassOnObject)
	}
	if r.Background != 0.25/4 || r.Foreground != 0.25/4 {
		t.Errorf("Eq. 1 %g and Eq. 2 %g, expected 0.0625 each", r.Background, r.Foreground)
	}
	if empty := ScoreMap(make([]float32, 4), []float32{1, 1, 0, 0}); empty.MassOnObject != 0 || empty.Foreground != 0.5 {
		t.Errorf("an empty map: mass %g, Eq. 2 %g; expected 0 and 0.5", empty.MassOnObject, empty.Foreground)
	}
}

// randomMaps are n maps with masks that they follow to some degree.
func randomMaps(n, pixels int, follow float32, seed uint64) (maps, masks [][]float32) {
	rng := rand.New(rand.NewPCG(seed, 1))
	object := rand.New(rand.NewPCG(7, 7))
	for range n {
		relevance, mask := make([]float32, pixels), make([]float32, pixels)
		for i := range mask {
			if object.Float32() < 0.3 {
				mask[i] = 1
			}
			relevance[i] = (1-follow)*rng.Float32() + follow*mask[i]
		}
		maps, masks = append(maps, relevance), append(masks, mask)
	}
	return maps, masks
}

// segmentNaive adds up pixel by pixel over all images, as the test was first written.
func segmentNaive(maps, masks [][]float32) (s Segmentation) {
	right, pixels, intersection, union := 0, 0, [2]int{}, [2]int{}
	var ap, both []float64
	for k, relevance := range maps {
		threshold := 0.0
		for _, value := range relevance {
			threshold += float64(value)
		}
		threshold /= float64(len(relevance))
		for i, value := range relevance {
			predicted := map[bool]int{true: 1}[float64(value) > threshold]
			object := map[bool]int{true: 1}[masks[k][i] > 0.5]
			pixels++
			if predicted == object {
				right++
				intersection[object]++
				union[object]++
			} else {
				union[0]++
				union[1]++
			}
		}
		ap, both = append(ap, AveragePrecision(relevance, masks[k])), append(both, TwoClassPrecision(relevance, masks[k]))
	}
	s.PixelAccuracy = 100 * float64(right) / float64(pixels)
	for c := range union {
		s.MeanIoU += 100 * float64(intersection[c]) / float64(union[c])
	}
	s.MeanIoU /= 2
	s.MeanAP, s.MeanAPBoth, s.N = 100*mean(ap), 100*mean(both), len(maps)
	return s
}

// TestRecordsGiveTheSameFigures: bit by bit, through JSON too.
func TestRecordsGiveTheSameFigures(t *testing.T) {
	maps, masks := randomMaps(23, 97, 0.2, 3)
	want := segmentNaive(maps, masks)
	if got := Segment(maps, masks); got != want {
		t.Errorf("%+v, expected %+v", got, want)
	}
	var records []MapRecord
	for i := range maps {
		text, err := json.Marshal(ScoreMap(maps[i], masks[i]))
		if err != nil {
			t.Fatal(err)
		}
		var record MapRecord
		if err := json.Unmarshal(text, &record); err != nil {
			t.Fatal(err)
		}
		record.Right = i%2 == 0
		records = append(records, record)
	}
	if got := SegmentationOf(records, nil); got != want {
		t.Errorf("from JSON %+v, expected %+v", got, want)
	}
	var evenMaps, evenMasks [][]float32
	for i := 0; i < len(maps); i += 2 {
		evenMaps, evenMasks = append(evenMaps, maps[i]), append(evenMasks, masks[i])
	}
	if got, want := SegmentationOf(records, func(r MapRecord) bool { return r.Right }), segmentNaive(evenMaps, evenMasks); got != want {
		t.Errorf("of the right ones %+v, expected %+v", got, want)
	}
	if got := SegmentationOf(nil, nil); got != (Segmentation{}) {
		t.Errorf("of nothing %+v", got)
	}
}

// masked is a data set of 8 x 8 images: a bright square on black, which is the object.
type masked int

func (m masked) Name() string           { return "masked" }
func (m masked) Classes() []string      { return []string{"a", "b"} }
func (m masked) Len() int               { return int(m) }
func (m masked) Entry(i int) data.Entry { return data.Entry{ID: string(rune('a' + i)), Class: i % 2} }
func (m masked) Load(i int) (data.Sample, error) {
	s := data.Sample{Entry: m.Entry(i), Image: &data.Image{Width: 8, Height: 8, Pix: make([]uint8, 192)}, Mask: &data.Mask{Width: 8, Height: 8, Pix: make([]float32, 64)}}
	for y := range 4 {
		for x := range 4 {
			at := y*8 + x + i%3
			s.Mask.Pix[at] = 1
			s.Image.Pix[3*at], s.Image.Pix[3*at+1], s.Image.Pix[3*at+2] = 255, 255, 255
		}
	}
	return s, nil
}

// shape8 is a model of 8 x 8 images, two classes and batches of 3.
type shape8 struct{}

func (shape8) BatchSize() int { return 3 }
func (shape8) Variant() robustvit.Variant {
	return robustvit.Variant{ImageSize: 8, Patch: 4, Classes: 2}
}

var plain = data.Protocol{Name: "plain", Mean: [3]float32{.5, .5, .5}, Std: [3]float32{.5, .5, .5}}

func TestSegmentRecordsBy(t *testing.T) {
	bright := func(images []float32, classes []int32, n int) (e robustvit.Explanation, err error) {
		if classes != nil {
			t.Error("the map of the predicted class is asked for by nil classes")
		}
		for i := range n {
			e.Logits = append(e.Logits, 1, 0) // class 0
			for p := range 64 {
				e.Maps = append(e.Maps, (images[i*192+p]+1)/2)
			}
		}
		return e, nil
	}
	done := 0
	records, err := SegmentRecordsBy(context.Background(), shape8{}, bright, masked(7), plain, func(_ string, d, _ int) { done = d })
	if err != nil || len(records) != 7 || done != 7 {
		t.Fatalf("%d records, %d done, %v", len(records), done, err)
	}
	for i, r := range records {
		if r.ID != string(rune('a'+i)) || r.Class != i%2 || r.Predicted != 0 || r.Right != (i%2 == 0) {
			t.Errorf("record %d: %+v", i, r)
		}
		if r.MassOnObject != 100 || r.PixelsRight != 64 || r.AP != 1 || r.Background != 0 || r.Foreground != 0 {
			t.Errorf("record %d of a perfect map: %+v", i, r)
		}
	}
	short := func([]float32, []int32, int) (e robustvit.Explanation, err error) { return e, nil }
	if _, err := SegmentRecordsBy(context.Background(), shape8{}, short, masked(1), plain, nil); err == nil {
		t.Error("no maps, and no error")
	}
}

func TestCompareMaps(t *testing.T) {
	record := func(follow float32, seed uint64) (records []MapRecord) {
		maps, masks := randomMaps(60, 64, follow, seed)
		for i := range maps {
			r := ScoreMap(maps[i], masks[i])
			r.ID, r.Right = string(rune('0'+i)), i%3 != int(seed)
			records = append(records, r)
		}
		return records
	}
	before, after := record(0.1, 1), record(0.2, 2)
	change, err := CompareMaps(before, after, nil)
	if err != nil {
		t.Fatal(err)
	}
	was, is := SegmentationOf(before, nil), SegmentationOf(after, nil)
	if math.Abs(change.MeanIoU.Value-(is.MeanIoU-was.MeanIoU)) > 1e-9 || math.Abs(change.MeanAPBoth.Value-(is.MeanAPBoth-was.MeanAPBoth)) > 1e-9 {
		t.Errorf("%+v, expected the difference of %+v and %+v", change, is, was)
	}
	mass := MassOnObject(after, nil).Value - MassOnObject(before, nil).Value
	if math.Abs(change.MassOnObject.Value-mass) > 1e-9 || !change.MassOnObject.Significant() || !change.MeanIoU.Significant() {
		t.Errorf("%+v, expected the mass to rise by %g, and both beyond noise", change, mass)
	}
	for name, e := range map[string]Estimate{"mIoU": change.MeanIoU, "mass": change.MassOnObject} {
		if !(e.Low < e.Value && e.Value < e.High && e.N == 60) {
			t.Errorf("%s %+v", name, e)
		}
	}
	both, err := CompareMaps(before, after, BothRight)
	if err != nil || both.MeanIoU.N != 20 { // i % 3 == 0
		t.Errorf("%d images right in both, %v; expected 20", both.MeanIoU.N, err)
	}
	in := RightIn(before, after)
	if got := SegmentationOf(after, in); got.N != 20 || math.Abs(got.MeanIoU-SegmentationOf(before, in).MeanIoU-both.MeanIoU.Value) > 1e-9 {
		t.Errorf("RightIn and BothRight differ: %+v, %+v", got, both.MeanIoU)
	}
	same, _ := CompareMaps(before, before, nil)
	if same.MeanIoU.Significant() || same.MeanIoU.High != 0 {
		t.Errorf("a model against itself: %+v", same.MeanIoU)
	}
	if _, err := CompareMaps(before, after[1:], nil); err == nil {
		t.Error("other images, and no error")
	}
	s := MapSummaryOf(after, nil)
	if s.Segmentation != is || math.Abs(s.Right-200.0/3) > 1e-9 {
		t.Errorf("%+v", s)
	}
}

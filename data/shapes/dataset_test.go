package shapes

import (
	"math"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/robustvit/workbench/data"
)

// The order is that of a folder read by class index, then by file name; the IDs
// name every image number below n once; the classes differ by one image at most.
func TestDatasetOrder(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.IntRange(0, 300).Draw(t, "n")
		samples := NewDataset("val", DefaultConfig(), n, 1)
		if samples.Len() != n {
			t.Fatalf("length %d, expected %d", samples.Len(), n)
		}
		entries := make([]data.Entry, n)
		var counts [NumClasses]int
		for i := range entries {
			entries[i] = samples.Entry(i)
			counts[entries[i].Class]++
			if !strings.HasPrefix(entries[i].ID, "val/"+samples.Classes()[entries[i].Class]+"/") {
				t.Fatalf("ID %q, class %d", entries[i].ID, entries[i].Class)
			}
		}
		ordered := slices.IsSortedFunc(entries, func(a, b data.Entry) int {
			if a.Class != b.Class {
				return a.Class - b.Class
			}
			return strings.Compare(a.ID, b.ID)
		})
		if !ordered {
			t.Fatal("not ordered by class index and file name")
		}
		numbers := make(map[string]bool)
		for _, e := range entries {
			numbers[e.ID[strings.LastIndex(e.ID, "/")+1:]] = true
		}
		if len(numbers) != n {
			t.Fatalf("%d different image numbers, expected %d", len(numbers), n)
		}
		if slices.Max(counts[:])-slices.Min(counts[:]) > 1 {
			t.Fatalf("images a class: %v", counts)
		}
	})
}

func TestDatasetLoadsWhatItLists(t *testing.T) {
	samples := NewDataset("val", DefaultConfig(), 45, 1)
	sample, err := samples.Load(4)
	if err != nil {
		t.Fatal(err)
	}
	if sample.ID != "val/triangle/000021" || sample.Class != 1 || sample.Entry != samples.Entry(4) {
		t.Errorf("sample 4 is %+v, expected val/triangle/000021 of class 1", sample.Entry)
	}
	img, mask, _, _ := Generate(DefaultConfig(), 1, 21)
	if fingerprint(img, mask) != fingerprint(sample.Image, sample.Mask) {
		t.Error("sample 4 is not image 21")
	}
}

func TestLoadRefuses(t *testing.T) {
	bad := DefaultConfig()
	bad.Noise = math.NaN()
	for name, test := range map[string]struct {
		samples data.Dataset
		index   int
		want    string
	}{
		"index over the end": {NewDataset("val", DefaultConfig(), 3, 1), 3, `sample 3 of "val": expected an index from 0 to 2`},
		"negative index":     {NewDataset("val", DefaultConfig(), 3, 1), -1, "sample -1"},
		"broken settings":    {NewDataset("mine", bad, 3, 1), 0, `data set "mine": shapes: Noise is NaN`},
	} {
		if _, err := test.samples.Load(test.index); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, expected %q in it", name, err, test.want)
		}
	}
}

func TestSeedsNeverMeet(t *testing.T) {
	purposes := []Purpose{ForObjects, ForShortcut, ForDesign, ForTest}
	rapid.Check(t, func(t *rapid.T) {
		type key struct {
			purpose Purpose
			set     int
			run     uint64
		}
		draw := func(name string) key {
			return key{rapid.SampledFrom(purposes).Draw(t, name+" purpose"), rapid.IntRange(0, 8).Draw(t, name+" set"),
				rapid.Uint64Range(0, 1<<48-1).Draw(t, name+" run")}
		}
		a, b := draw("a"), draw("b")
		if same := Seed(a.purpose, a.set, a.run) == Seed(b.purpose, b.set, b.run); same != (a == b) {
			t.Fatalf("%+v and %+v: same seed is %t", a, b, same)
		}
	})
	// Any run number, however large, stays within its purpose.
	if Seed(ForTest, 0, math.MaxUint64)>>56 != uint64(ForTest) {
		t.Error("a large run number changes the purpose")
	}
}

func TestNoImageIsInTwoSets(t *testing.T) {
	t.Parallel()
	seen := make(map[string]string)
	for _, design := range []bool{false, true} {
		sets, err := NewCollection(Options{TrainImages: 40, EvalImages: 40, Design: design}).datasets()
		if err != nil {
			t.Fatal(err)
		}
		if design {
			sets = sets[1:] // the same training images
		}
		for _, set := range sets {
			for i := range set.Len() {
				hash := load(t, set, i)
				if other, ok := seen[hash]; ok {
					t.Errorf("%s (design %t) is also %s", set.Entry(i).ID, design, other)
				}
				seen[hash] = set.Entry(i).ID
			}
		}
	}
}

func TestCollection(t *testing.T) {
	c := NewCollection(Options{})
	train, err := c.Train()
	if err != nil || train.Len() != 2000 || train.Name() != "train" {
		t.Fatalf("training images: %v, %v", train, err)
	}
	want := []string{"val", "imagenet-a", "imagenet-r", "imagenet-sketch", "imagenet-v2", "objectnet", "si-location", "si-rotation", "si-size"}
	if !slices.Equal(c.SetNames(), want) {
		t.Errorf("sets %v, expected %v", c.SetNames(), want)
	}
	for _, name := range want {
		if set, err := c.Set(name); err != nil || set.Len() != 500 || set.Name() != name {
			t.Errorf("%s: %v, %v", name, set, err)
		}
	}
	if _, err := c.Set("imagenet-c"); err == nil || !strings.Contains(err.Error(), "the sets are val, imagenet-a") {
		t.Errorf("unknown set: error %v", err)
	}
	val, _ := c.Set("val")
	segmentation, err := c.Segmentation()
	if err != nil || segmentation.Len() != 500 || load(t, segmentation, 7) != load(t, val, 7) {
		t.Errorf("the segmentation set is not the validation set: %v", err)
	}
	// Finetuning sees images of the second stage of pretraining.
	position := 3 * (Shortcut("x", 8000, 0).Len() / NumClasses) // first image of class 3
	if load(t, train, 3*100) != load(t, Shortcut("x", 8000, 0), position) {
		t.Error("Train is not the beginning of Shortcut")
	}
}

func TestContactSheet(t *testing.T) {
	sets := Sets()
	sheet := ContactSheet(sets, 3, 0)
	if got := sheet.Bounds().Size(); got.X != 3*Size || got.Y != len(sets)*Size {
		t.Fatalf("sheet of %v, expected 3 columns and %d rows of %d", got, len(sets), Size)
	}
	img, _, _, _ := Generate(sets[2].Config, Seed(ForDesign, 2, 0), 1)
	for _, i := range []int{0, 777, Size*Size - 1} {
		r, g, b, _ := sheet.At(Size+i%Size, 2*Size+i/Size).RGBA()
		if got := []uint8{uint8(r >> 8), uint8(g >> 8), uint8(b >> 8)}; !slices.Equal(got, img.Pix[3*i:3*i+3]) {
			t.Errorf("pixel %d of image 1 of %s is %v, expected %v", i, sets[2].Name, got, img.Pix[3*i:3*i+3])
		}
	}
}

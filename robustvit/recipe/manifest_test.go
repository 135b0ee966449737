package recipe

import (
	"fmt"
	"slices"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/imagenet"
)

// imageNetS is the names of train-semi: ten images of each of the 914 categories
// that are not merged.
func imageNetS() *data.Files {
	d := &data.Files{Set: "train-semi", ClassNames: imagenet.Classes()}
	merged := []string{"n04355933", "n02808440", "n03832673", "n03773504", "n15075141"}
	for _, class := range imagenet.Subset("imagenet-s919") {
		if wnid := d.ClassNames[class]; !slices.Contains(merged, wnid) {
			for i := range 10 {
				d.List = append(d.List, data.FileSample{Path: fmt.Sprintf("%s/%s_%d.JPEG", wnid, wnid, i), Class: class})
			}
		}
	}
	return d
}

// TestPaperSplit: 1,500 training images of 500 classes, 414 to validate on.
func TestPaperSplit(t *testing.T) {
	d := imageNetS()
	train, held, err := Split(d, PaperSplit(1))
	if err != nil || len(train) != 1500 || len(held) != 414 {
		t.Fatalf("%d training and %d validation images, %v; the paper has 1500 and 414", len(train), len(held), err)
	}
	perClass := map[int]int{}
	for _, i := range train {
		perClass[d.Entry(i).Class]++
	}
	if len(perClass) != 500 {
		t.Errorf("%d classes", len(perClass))
	}
	for class, n := range perClass {
		if n != 3 {
			t.Errorf("class %d has %d images", class, n)
		}
	}
	for _, i := range held {
		if perClass[d.Entry(i).Class] > 0 {
			t.Errorf("class %d is finetuned and validated on", d.Entry(i).Class)
		}
	}
	other, _, err := Split(d, PaperSplit(2))
	if err != nil || slices.Equal(train, other) {
		t.Errorf("another seed, the same images, %v", err)
	}
}

// TestSplitFollowsIDs: the order of the listing decides nothing.
func TestSplitFollowsIDs(t *testing.T) {
	ids := func(d *data.Files) []string {
		train, held, err := Split(d, SplitOptions{Classes: 100, PerClass: 2, Held: 1, Seed: 7})
		if err != nil {
			t.Fatal(err)
		}
		var all []string
		for _, i := range append(train, held...) {
			all = append(all, d.Entry(i).ID)
		}
		slices.Sort(all)
		return all
	}
	forward, backward := imageNetS(), imageNetS()
	slices.Reverse(backward.List)
	if !slices.Equal(ids(forward), ids(backward)) {
		t.Error("the reversed listing gives other images")
	}
	if _, _, err := Split(forward, SplitOptions{Classes: 915, PerClass: 3}); err == nil {
		t.Error("915 classes of 914 without an error")
	}
	if train, _, err := Split(forward, SplitOptions{Classes: 914, PerClass: 1}); err != nil || len(train) != 914 {
		t.Errorf("all classes: %d images, %v", len(train), err)
	}
}

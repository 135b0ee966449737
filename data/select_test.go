package data_test

import (
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"pgregory.net/rapid"
)

func TestSelectClasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		of := rapid.IntRange(0, 50).Draw(t, "of")
		k := rapid.IntRange(0, of).Draw(t, "k")
		seed := rapid.Uint64().Draw(t, "seed")
		chosen := data.SelectClasses(k, of, seed)
		if len(chosen) != k || !slices.IsSorted(chosen) || len(slices.Compact(slices.Clone(chosen))) != k {
			t.Fatalf("%v", chosen)
		}
		if !slices.Equal(chosen, data.SelectClasses(k, of, seed)) {
			t.Fatal("two calls differ")
		}
	})
	// The choice is part of published results: it must never change.
	if got, want := data.SelectClasses(10, 20, 0), []int{1, 2, 5, 7, 8, 10, 11, 13, 15, 16}; !slices.Equal(got, want) {
		t.Errorf("seed 0 chooses %v, want %v", got, want)
	}
}

func TestSelectTraining(t *testing.T) {
	d := &fake{n: 60, classes: 4}
	classes := []int{3, 1}
	chosen, err := data.SelectTraining(d, classes, 5, 0, nil)
	if err != nil || len(chosen) != 10 || !slices.IsSorted(chosen) {
		t.Fatalf("%v, %v", chosen, err)
	}
	counts := map[int]int{}
	for _, i := range chosen {
		counts[d.Entry(i).Class]++
	}
	if counts[1] != 5 || counts[3] != 5 {
		t.Errorf("per class %v, want 5 of classes 1 and 3", counts)
	}
	// Fewer a class is a part of more a class: budgets can be compared.
	fewer, err := data.SelectTraining(d, classes, 2, 0, nil)
	for _, i := range fewer {
		if !slices.Contains(chosen, i) || err != nil {
			t.Errorf("sample %d of the smaller choice is not in the larger one", i)
		}
	}
	even := func(i int) bool { return i%8 < 4 }
	kept, err := data.SelectTraining(d, classes, 5, 0, even)
	if err != nil || slices.ContainsFunc(kept, func(i int) bool { return !even(i) }) {
		t.Errorf("%v, %v", kept, err)
	}
	if other, err := data.SelectTraining(d, classes, 5, 1, nil); err != nil || slices.Equal(other, chosen) {
		t.Errorf("another seed chooses the same: %v, %v", other, err)
	}
	for want, call := range map[string]func() ([]int, error){
		"15 usable samples of 15, expected 16": func() ([]int, error) { return data.SelectTraining(d, classes, 16, 0, nil) },
		`class "class1" has 0`:                 func() ([]int, error) { return data.SelectTraining(d, classes, 1, 0, func(int) bool { return false }) },
		"class index 4":                        func() ([]int, error) { return data.SelectTraining(d, []int{4}, 1, 0, nil) },
		"at least 1":                           func() ([]int, error) { return data.SelectTraining(d, classes, 0, 0, nil) },
	} {
		if _, err := call(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
}

// Samples that are added or removed elsewhere change nothing for those that stay.
func TestSelectionDoesNotDependOnOtherSamples(t *testing.T) {
	d := &fake{n: 60, classes: 2}
	var odd []int
	for i := 1; i < 60; i += 2 { // all of class 1
		odd = append(odd, i)
	}
	part := data.Subset(d, odd, "")
	whole, err := data.SelectTraining(d, []int{1}, 7, 3, nil)
	if err != nil {
		t.Fatal(err)
	}
	chosen, err := data.SelectTraining(part, []int{1}, 7, 3, nil)
	for i := range chosen {
		if err != nil || part.Entry(chosen[i]).ID != d.Entry(whole[i]).ID {
			t.Errorf("%s in place of %s (%v)", part.Entry(chosen[i]).ID, d.Entry(whole[i]).ID, err)
		}
	}
}

func TestManifest(t *testing.T) {
	ctx := context.Background()
	d := &fake{n: 12, classes: 3}
	items, err := data.BuildManifest(ctx, d, []int{4, 9})
	if err != nil || len(items) != 2 || items[0].ID != "fake/class1/004" || items[1].ClassName != "class0" ||
		len(items[0].ImageSHA256) != 64 || items[0].MaskSHA256 == items[1].MaskSHA256 {
		t.Fatalf("%+v, %v", items, err)
	}
	if indices, err := data.CheckManifest(ctx, d, items); err != nil || !slices.Equal(indices, []int{4, 9}) {
		t.Errorf("%v, %v", indices, err)
	}
	for want, change := range map[string]func(*data.ManifestItem){
		"other pixels": func(i *data.ManifestItem) { i.ImageSHA256 = "00" },
		"another mask": func(i *data.ManifestItem) { i.MaskSHA256 = "" },
		"class 0":      func(i *data.ManifestItem) { i.Class = 2 },
		"lacks":        func(i *data.ManifestItem) { i.ID = "gone" },
	} {
		changed := slices.Clone(items)
		change(&changed[1])
		if _, err := data.CheckManifest(ctx, d, changed); err == nil || !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), changed[1].ID) {
			t.Errorf("error %v, want %q", err, want)
		}
	}
	cancelled, cancel := context.WithCancel(ctx)
	cancel()
	if _, err := data.BuildManifest(cancelled, d, nil); err == nil {
		t.Error("a cancelled manifest was built")
	}
	if _, err := data.BuildManifest(ctx, &fake{n: 5, classes: 1, faulty: map[int]bool{3: true}}, nil); err == nil || !strings.Contains(err.Error(), "sample 3") {
		t.Errorf("error %v", err)
	}
}

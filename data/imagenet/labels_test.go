package imagenet

import (
	"slices"
	"strings"
	"testing"
)

// TestLabelMaps holds the counts that the publications give.
func TestLabelMaps(t *testing.T) {
	t1 := labels()
	if len(t1.wnids) != 1000 || !slices.IsSorted(t1.wnids) || t1.wnids[0] != "n01440764" || t1.wnids[999] != "n15075141" {
		t.Errorf("%d WordNet ids, sorted %v", len(t1.wnids), slices.IsSorted(t1.wnids))
	}
	for set, want := range map[string]int{"imagenet-a": 200, "imagenet-r": 200, "imagenet-s50": 50, "imagenet-s300": 300, "imagenet-s919": 919} {
		if got := Subset(set); len(got) != want || !slices.IsSorted(got) {
			t.Errorf("%s: %d classes, expected %d ascending", set, len(got), want)
		}
	}
	mapped, several, indices := 0, 0, map[int]bool{}
	for _, list := range t1.objectNet {
		if len(list) > 0 {
			mapped++
		}
		if len(list) > 1 {
			several++
		}
		for _, i := range list {
			indices[i] = true
		}
	}
	if len(t1.objects) != 313 || mapped != 113 || len(indices) != 125 || several != 9 {
		t.Errorf("ObjectNet: %d folders, %d mapped to %d classes, %d to several; expected 313, 113, 125, 9", len(t1.objects), mapped, len(indices), several)
	}
	if len(t1.siLabels) != 112 || t1.siLabels["ambulance"] != 407 || t1.siLabels["pitcher (container)"] != 725 {
		t.Errorf("SI-Score: %d labels", len(t1.siLabels))
	}
	left := 0
	for _, class := range Subset("imagenet-s919") {
		if !merged(t1.wnids[class]) {
			left++
		}
	}
	if left != 914 {
		t.Errorf("%d categories of ImageNet-S without merged ones, expected 914 = 500 + 414", left)
	}
}

func TestReadableNames(t *testing.T) {
	names := Names()
	seen := map[string]bool{}
	for _, name := range names {
		if seen[name] {
			t.Errorf("%q names two classes", name)
		}
		seen[name] = true
	}
	if names[0] != "tench" || !strings.Contains(names[134], "n02012849") || !strings.Contains(names[517], "n03126707") {
		t.Errorf("%q, the cranes %q and %q", names[0], names[134], names[517])
	}
	if !IsList(Classes()) || !IsList(names) || !IsList(Synonyms()) || IsList(names[1:]) {
		t.Error("a list of ImageNet's classes is not recognised, or another is")
	}
}

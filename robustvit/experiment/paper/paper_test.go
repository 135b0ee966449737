package paper

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// value fails where the number is not there.
func value(t *testing.T, name string, got float64, ok bool) float64 {
	t.Helper()
	if !ok || got <= 0 || got >= 100 {
		t.Errorf("%s is %g (there: %t), expected a share in percent", name, got, ok)
	}
	return got
}

// Every model of the main tables, method and set is there; the baselines were not
// run on the large models.
func TestEveryEntryIsThere(t *testing.T) {
	for _, model := range Models() {
		large := model == ViTL || model == ARL
		for _, method := range Methods(Main) {
			for _, set := range Sets() {
				name := fmt.Sprint(model, " ", method, " ", set)
				first, ok := Accuracy(Main, model, method, set, 1)
				fifth, also := Accuracy(Main, model, method, set, 5)
				if large && (method == GradMask || method == RRR) {
					if ok || also {
						t.Errorf("%s: not in the paper", name)
					}
					continue
				}
				if value(t, name, first, ok) >= value(t, name, fifth, also) {
					t.Errorf("%s: R@1 %g, R@5 %g", name, first, fifth)
				}
			}
		}
	}
	for _, model := range []Model{ViTB, DeiTB} {
		for _, method := range Methods(Ablation) {
			for _, set := range Sets() {
				first, ok := Accuracy(Ablation, model, method, set, 1)
				fifth, also := Accuracy(Ablation, model, method, set, 5)
				name := fmt.Sprint("ablation ", model, " ", method, " ", set)
				if value(t, name, first, ok) >= value(t, name, fifth, also) {
					t.Errorf("%s: R@1 %g, R@5 %g", name, first, fifth)
				}
			}
		}
	}
}

func TestTablesHaveTheirShape(t *testing.T) {
	for name, table := range map[string]struct {
		lines       []line
		rows, width int
	}{
		"1": {table1, 31, 12}, "1, changes": {table1Change, 2, 12}, "2": {table2, 31, 6}, "4": {table4, 12, 9}, "12": {table12, 12, 9},
		"8": {table8, 7, 9}, "8, deviations": {table8Std, 7, 9}, "9": {table9, 7, 9}, "9, deviations": {table9Std, 7, 9},
		"10": {table10, 12, 12}, "11": {table11, 12, 6}, "10, changes": {table10Change, 2, 12}, "11, changes": {table11Change, 2, 6},
	} {
		if len(table.lines) != table.rows {
			t.Errorf("table %s: %d rows, expected %d", name, len(table.lines), table.rows)
		}
		for i, l := range table.lines {
			if len(l.values) != table.width {
				t.Errorf("table %s, row %d: %d values, expected %d", name, i, len(l.values), table.width)
			}
			for _, other := range table.lines[:i] {
				if l.model == other.model && l.half == other.half && l.method == other.method {
					t.Errorf("table %s: two rows of %s %s %s", name, l.model, l.half, l.method)
				}
			}
		}
	}
}

// Read off the paper's pages by eye.
func TestEntriesByHand(t *testing.T) {
	get := func(v float64, ok bool) float64 {
		if !ok {
			return math.NaN()
		}
		return v
	}
	mean, std, _ := MultiSeed(ARS, Ours, INetA, 5)
	segmentation, _ := Segmentation(ARL, Ours)
	for name, test := range map[string][2]float64{
		"Table 1, AR-L ours R@5 INet-A":                 {get(Accuracy(Main, ARL, Ours, INetA, 5)), 67.5},
		"Table 1, DeiT-S RRR R@1 ObjNet":                {get(Accuracy(Main, DeiTS, RRR, ObjectNet, 1)), 29.3},
		"Table 1, ViT-L ours with TokenCut's, R@1 INet": {get(Accuracy(Main, ViTL, OursTokenCut, Val, 1)), 82.7},
		"Table 2, AR-S GradMask R@1 SI-rotation":        {get(Accuracy(Main, ARS, GradMask, SIRotation, 1)), 43.3},
		"Table 2, ViT-L original R@5 SI-size":           {get(Accuracy(Main, ViTL, Original, SISize, 5)), 75.6},
		"Table 4, ViT-B without Eq. 4, R@1 SI-loc.":     {get(Accuracy(Ablation, ViTB, WithoutConfidence, SILocation, 1)), 37.2},
		"Table 12, DeiT-B without Eq. 2, R@5 INet-v2":   {get(Accuracy(Ablation, DeiTB, WithoutForeground, INetV2, 5)), 88.1},
		"Table 9, AR-S R@5 INet-A, mean":                {mean, 40.9},
		"Table 9, AR-S R@5 INet-A, deviation":           {std, 1.1},
		"Table 3, AR-L ours mIoU":                       {segmentation.MIoU, 61.0},
		"Table 10, ViT-B set A ours R@1 ObjNet":         {get(Halves(ViTB, SetA, Ours, ObjectNet, 1)), 43.5},
		"Table 11, DeiT-B set B original R@5 SI-rot.":   {get(Halves(DeiTB, SetB, Original, SIRotation, 5)), 56.1},
		"Table 1, average change R@1 INet-A":            {get(AverageChange(OursTokenCut, INetA, 1)), 6.1},
		"Table 10, average change set B R@1 INet val":   {get(HalvesChange(SetB, Val, 1)), -1.9},
	} {
		if test[0] != test[1] {
			t.Errorf("%s: %g, printed %g", name, test[0], test[1])
		}
	}
}

func TestWhatIsNotThere(t *testing.T) {
	for name, ok := range map[string]bool{
		"R@3":                      second(Accuracy(Main, ViTB, Ours, Val, 3)),
		"set":                      second(Accuracy(Main, ViTB, Ours, "imagenet-c", 1)),
		"model":                    second(Accuracy(Main, "ViT-H", Ours, Val, 1)),
		"model of the ablation":    second(Accuracy(Ablation, ARB, Ours, Val, 1)),
		"table":                    second(Accuracy(9, ViTB, Ours, Val, 1)),
		"average of SI":            second(AverageChange(Ours, SISize, 1)),
		"average of a baseline":    second(AverageChange(RRR, Val, 1)),
		"half of a small model":    second(Halves(ARS, SetA, Ours, Val, 1)),
		"no half":                  second(Halves(ViTB, "", Ours, Val, 1)),
		"R@5 of a set of no table": second(Accuracy(Ablation, ViTB, Ours, "", 5)),
	} {
		if ok {
			t.Errorf("%s: found", name)
		}
	}
	if _, _, ok := MultiSeed(ViTB, GradMask, Val, 1); ok {
		t.Error("GradMask over seeds: found")
	}
	if _, ok := Segmentation(ViTB, RRR); ok {
		t.Error("segmentation of RRR: found")
	}
	if _, ok := HyperparametersOf("ViT-H"); ok {
		t.Error("hyperparameters of ViT-H: found")
	}
}

func second(_ float64, ok bool) bool { return ok }

func TestSegmentationImprovesEveryModel(t *testing.T) {
	for _, model := range Models() {
		before, ok := Segmentation(model, Original)
		after, known := Segmentation(model, Ours)
		if !ok || !known || after.PixelAccuracy <= before.PixelAccuracy || after.MIoU <= before.MIoU || after.MAP <= before.MAP {
			t.Errorf("%s: %+v, then %+v", model, before, after)
		}
	}
}

// Changing what a lookup returns must not change the tables.
func TestListsAreCopies(t *testing.T) {
	Models()[0], Sets()[0], Methods(Main)[0] = "x", "x", "x"
	if slices.Contains(Models(), "x") || slices.Contains(Sets(), "x") || slices.Contains(Methods(Main), "x") {
		t.Error("a caller can change the tables")
	}
}

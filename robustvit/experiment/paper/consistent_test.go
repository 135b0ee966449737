package paper

import (
	"fmt"
	"math"
	"slices"
	"testing"
)

// follows says whether a printed mean can come from entries printed to a tenth.
func follows(mean, printed float64) bool { return math.Abs(mean-printed) < .0501 }

func TestAverageChangesOfTable1(t *testing.T) {
	for _, method := range []Method{Ours, OursTokenCut} {
		for _, set := range Sets()[:6] {
			for _, k := range []int{1, 5} {
				mean := 0.
				for _, model := range Models() {
					after, _ := Accuracy(Main, model, method, set, k)
					before, _ := Accuracy(Main, model, Original, set, k)
					mean += (after - before) / 7
				}
				if printed, ok := AverageChange(method, set, k); !ok || !follows(mean, printed) {
					t.Errorf("%s %s R@%d: the rows give %+.2f, printed %+.1f", method, set, k, mean, printed)
				}
			}
		}
	}
}

// Tables 4 and 12 repeat rows of Tables 1 and 2.
func TestAblationRepeatsTheMainTables(t *testing.T) {
	for _, model := range []Model{ViTB, DeiTB} {
		for _, method := range []Method{Original, Ours} {
			for _, set := range Sets() {
				for _, k := range []int{1, 5} {
					again, ok := Accuracy(Ablation, model, method, set, k)
					if first, known := Accuracy(Main, model, method, set, k); !ok || !known || again != first {
						t.Errorf("%s %s %s R@%d: %g in the ablation, %g in the main tables", model, method, set, k, again, first)
					}
				}
			}
		}
	}
}

// The single run of Tables 1 and 2 lies near the mean of several seeds.
func TestSeedsLieNearTheSingleRun(t *testing.T) {
	for _, model := range Models() {
		for _, set := range Sets() {
			for _, k := range []int{1, 5} {
				mean, std, ok := MultiSeed(model, Ours, set, k)
				if one, _ := Accuracy(Main, model, Ours, set, k); !ok || math.Abs(one-mean) > 2*std+.31 || std > 1.1 {
					t.Errorf("%s %s R@%d: %g once, %g ± %g over seeds", model, set, k, one, mean, std)
				}
			}
		}
	}
}

// Both halves of INet val have as many images, so their mean is Table 1's number.
func TestHalvesOfValMakeTable1(t *testing.T) {
	for _, model := range BaseModels() {
		for _, method := range []Method{Original, Ours} {
			for _, k := range []int{1, 5} {
				a, _ := Halves(model, SetA, method, Val, k)
				b, _ := Halves(model, SetB, method, Val, k)
				if whole, _ := Accuracy(Main, model, method, Val, k); math.Abs((a+b)/2-whole) > .1001 {
					t.Errorf("%s %s R@%d: halves %g and %g, whole %g", model, method, k, a, b, whole)
				}
			}
		}
	}
}

// halvesChange is the mean change of the three models on a half, with AR-B's
// halves exchanged where asked.
func halvesChange(half Half, set Set, k int, exchanged bool) float64 {
	mean := 0.
	for _, model := range BaseModels() {
		of := half
		if exchanged && model == ARB {
			of = map[Half]Half{SetA: SetB, SetB: SetA}[half]
		}
		after, _ := Halves(model, of, Ours, set, k)
		before, _ := Halves(model, of, Original, set, k)
		mean += (after - before) / 3
	}
	return mean
}

// Tables 10 and 11 do not follow throughout; these are the exceptions of Findings.
func TestAverageChangesOfHalves(t *testing.T) {
	swapped := []Set{Val, INetA, ObjectNet}
	exceptions := []string{"a imagenet-v2 1", "b si-location 1"}
	for _, half := range []Half{SetA, SetB} {
		for _, set := range Sets() {
			asPrinted := true
			for _, k := range []int{1, 5} {
				printed, ok := HalvesChange(half, set, k)
				mean := halvesChange(half, set, k, slices.Contains(swapped, set))
				odd := slices.Contains(exceptions, fmt.Sprint(half, " ", set, " ", k))
				if !ok || follows(mean, printed) == odd {
					t.Errorf("set %s, %s R@%d: the rows give %+.2f, printed %+.1f, a known exception: %t", half, set, k, mean, printed, odd)
				}
				asPrinted = asPrinted && follows(halvesChange(half, set, k, false), printed)
			}
			if slices.Contains(swapped, set) && asPrinted {
				t.Errorf("set %s, %s: follows as printed", half, set)
			}
		}
	}
	if len(Findings()) != 3 {
		t.Errorf("%d findings", len(Findings()))
	}
}

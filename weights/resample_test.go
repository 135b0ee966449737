package weights

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
)

// resampleTolerance: PyTorch computes filter and sums in float32, we in float64; values reach 4.
const resampleTolerance = 1e-5

// TestResamplePositionsAsTimm compares with testdata/make_positions.py.
func TestResamplePositionsAsTimm(t *testing.T) {
	fixture, err := Read("testdata/positions.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	cases := 0
	for _, tensor := range fixture.Tensors {
		name, ok := strings.CutSuffix(tensor.Name, ".in")
		if !ok {
			continue
		}
		cases++
		var prefix, grid, h, w int
		if _, err := fmt.Sscanf(name, "%d.%d.%d.%d", &prefix, &grid, &h, &w); err != nil {
			t.Fatal(err)
		}
		pos, err := tensor.Float32s()
		if err != nil {
			t.Fatal(err)
		}
		expected, _ := fixture.Get(name + ".out")
		want, err := expected.Float32s()
		if err != nil {
			t.Fatal(err)
		}
		got := ResamplePositions(pos, prefix, grid, h, w, 3)
		if len(got) != len(want) {
			t.Fatalf("%s: %d values, want %d", name, len(got), len(want))
		}
		worst := 0.0
		for i := range got {
			worst = max(worst, math.Abs(float64(got[i]-want[i])))
		}
		if worst > resampleTolerance {
			t.Errorf("%s: largest difference from timm %g, want at most %g", name, worst, resampleTolerance)
		}
		if !slices.Equal(got[:3*prefix], pos[:3*prefix]) {
			t.Errorf("%s: the tokens before the patches changed", name)
		}
		if h == grid && w == grid && !slices.Equal(got, pos) {
			t.Errorf("%s: the same grid gives other values", name)
		}
	}
	if cases != 8 {
		t.Errorf("found %d cases, want 8", cases)
	}
}

func TestResamplePositionsRefusesOtherShapes(t *testing.T) {
	pos := make([]float32, 5*3)
	for _, bad := range [][5]int{{1, 2, 0, 2, 3}, {1, 2, 2, -1, 3}, {2, 2, 2, 2, 3}, {1, 2, 2, 2, 0}, {-1, 2, 2, 2, 3}, {5, 0, 1, 1, 3}} {
		if got := ResamplePositions(pos, bad[0], bad[1], bad[2], bad[3], bad[4]); got != nil {
			t.Errorf("ResamplePositions(%v) gave %d values, want nil", bad, len(got))
		}
	}
}

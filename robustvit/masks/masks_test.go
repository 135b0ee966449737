package masks

import (
	"math"
	"testing"
)

func TestBlobBecomesMask(t *testing.T) {
	// An 8 x 8 attention map with a bright 3 x 3 block and a stray bright patch.
	attention := make([]float32, 64)
	for y := 2; y < 5; y++ {
		for x := 3; x < 6; x++ {
			attention[y*8+x] = 1
		}
	}
	attention[63] = 1
	view, m := fromAttention(attention, 8, 64, DefaultRule())
	if m.Rejected != "" {
		t.Fatalf("a clear blob was rejected: %s", m.Rejected)
	}
	if view[63*64+63] {
		t.Error("the stray patch is part of the mask: only the largest part may stay")
	}
	if !view[28*64+36] || view[0] {
		t.Error("the middle of the block must be foreground, the corner background")
	}
	if want := 24.0 * 24 / (64 * 64); math.Abs(m.Area-want) > 0.04 {
		t.Errorf("area %.3f, the block has %.3f", m.Area, want)
	}
	if m.Sides != 0 {
		t.Errorf("touches %d sides, want 0", m.Sides)
	}
}

func TestRejects(t *testing.T) {
	flat := make([]float32, 64)
	ramp, speck, flood := make([]float32, 64), make([]float32, 64), make([]float32, 64)
	for i := range ramp {
		flat[i], flood[i] = 0.5, 1
		ramp[i] = float32(i % 8)
	}
	speck[27], flood[0] = 1, 0
	tight := DefaultRule()
	tight.MinSeparation = 0.9
	for name, c := range map[string]struct {
		attention []float32
		rule      Rule
	}{"flat": {flat, DefaultRule()}, "speck": {speck, DefaultRule()}, "flood": {flood, DefaultRule()}, "slope under a tight rule": {ramp, tight}} {
		if _, m := fromAttention(c.attention, 8, 64, c.rule); m.Rejected == "" {
			t.Errorf("%s was kept: %+v", name, m)
		}
	}
}

func TestMaskGoesBackOntoTheImage(t *testing.T) {
	view := make([]bool, 16)
	view[5] = true // row 1, column 1 of 4 x 4
	mask := toImage(view, 4, 12, 8)
	for y := range 8 {
		for x := range 12 {
			inside := x >= 2+2 && x < 2+4 && y >= 2 && y < 4
			if got := mask.Pix[y*12+x] == 1; got != inside {
				t.Fatalf("pixel (%d, %d) of the 12 x 8 image is foreground: %v, want %v", x, y, got, inside)
			}
		}
	}
}

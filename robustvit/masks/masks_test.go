package masks

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
)

// seen runs one 8 x 8 attention map, two equal heads, through the attention
// method for an image of 64 x 64.
func seen(t *testing.T, attention []float32, s Settings) made {
	t.Helper()
	img := &data.Image{Width: 64, Height: 64, Pix: make([]uint8, 3*64*64)}
	m, err := s.make(img, robustvit.PatchFeatures{Attention: append(append([]float32(nil), attention...), attention...)}, 8, 8)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// blob is a bright 3 x 3 block and a stray bright patch.
func blob() []float32 {
	attention := make([]float32, 64)
	for y := 2; y < 5; y++ {
		for x := 3; x < 6; x++ {
			attention[y*8+x] = 1
		}
	}
	attention[63] = 1
	return attention
}

func TestBlobBecomesMask(t *testing.T) {
	massOf := Defaults(Attention)
	massOf.KeepMass = 0.99
	for name, s := range map[string]Settings{"Otsu": Defaults(Attention), "mass": massOf} {
		m := seen(t, blob(), s)
		if m.Rejected != "" {
			t.Fatalf("%s: a clear blob was rejected: %s", name, m.Rejected)
		}
		if m.pixels[63*64+63] {
			t.Errorf("%s: the stray patch is part of the mask: only the largest part may stay", name)
		}
		if !m.pixels[28*64+36] || m.pixels[0] {
			t.Errorf("%s: the middle of the block must be foreground, the corner background", name)
		}
		if want := 24.0 * 24 / (64 * 64); math.Abs(m.Area-want) > 0.04 {
			t.Errorf("%s: area %.3f, the block has %.3f", name, m.Area, want)
		}
		if m.Sides != 0 {
			t.Errorf("%s: touches %d sides, want 0", name, m.Sides)
		}
	}
}

func TestMassKeepsTheFewestPatches(t *testing.T) {
	kept := strongest([]float64{0.4, 0.3, 0.2, 0.1}, 4, 1, 0.6)
	if fmt.Sprint(kept) != "[true true false false]" {
		t.Errorf("60 %% of 4 3 2 1: %v", kept)
	}
}

func TestRejects(t *testing.T) {
	flat, ramp, speck, flood := make([]float32, 64), make([]float32, 64), make([]float32, 64), make([]float32, 64)
	for i := range ramp {
		flat[i], flood[i] = 0.5, 1
		ramp[i] = float32(i % 8)
	}
	speck[27], flood[0] = 1, 0
	tight := Defaults(Attention)
	tight.Rule.MinSeparation = 0.9
	for name, c := range map[string]struct {
		attention []float32
		settings  Settings
	}{"flat": {flat, Defaults(Attention)}, "speck": {speck, Defaults(Attention)}, "flood": {flood, Defaults(Attention)}, "slope under a tight rule": {ramp, tight}} {
		if m := seen(t, c.attention, c.settings); m.Rejected == "" {
			t.Errorf("%s was kept: %+v", name, m.Mask)
		}
	}
}

// TestReasonsComeFromTheRule: each bound, and only where it was measured.
func TestReasonsComeFromTheRule(t *testing.T) {
	good := Mask{Area: 0.3, Separation: 0.8, Gap: 0.5, Agreement: 0.9}
	for reason, spoil := range map[string]func(m *Mask){
		"": func(*Mask) {}, "area": func(m *Mask) { m.Area = 0.9 }, "separation": func(m *Mask) { m.Separation = 0.1 },
		"sides": func(m *Mask) { m.Sides = 4 }, "gap": func(m *Mask) { m.Gap = 0 }, "agreement": func(m *Mask) { m.Agreement = 0.1 },
	} {
		m := good
		spoil(&m)
		got := Defaults(TokenCut).reject(m)
		if !strings.HasPrefix(got, reason) || (reason == "") != (got == "") {
			t.Errorf("%q: rejected for %q", reason, got)
		}
		if attention := Defaults(Attention).reject(m); (reason == "gap" || reason == "agreement") && attention != "" {
			t.Errorf("attention was rejected for %q, which it does not measure", attention)
		}
	}
}

func TestGrid(t *testing.T) {
	base := robustvit.Variant{ImageSize: 224, Patch: 16}
	for _, c := range []struct {
		size                   string
		most, w, h, cols, rows int
	}{
		{FullSize, 2400, 500, 375, 31, 23}, // the paper's 713 patches
		{AutoSize, 2400, 500, 375, 31, 23},
		{ModelSize, 2400, 500, 375, 16, 12},
		{ModelSize, 2400, 224, 224, 14, 14},
		{AutoSize, 2400, 32, 32, 14, 14}, // smaller than the model: enlarged
		{FullSize, 2400, 3, 2, 1, 1},
		{FullSize, 400, 500, 375, 23, 17},
		{FullSize, 100, 1_000_000, 4, 100, 1},
		{FullSize, 2400, 1_000_000, 4, 512, 1}, // 8192 pixels
	} {
		s := Settings{Size: c.size, MaxTokens: c.most}
		if cols, rows := s.grid(base, c.w, c.h); cols != c.cols || rows != c.rows {
			t.Errorf("%s, at most %d, %d x %d: %d x %d patches, want %d x %d", c.size, c.most, c.w, c.h, cols, rows, c.cols, c.rows)
		}
	}
	rng := rand.New(rand.NewPCG(1, 1))
	for range 2000 {
		w, h, most := 1+rng.IntN(8000), 1+rng.IntN(8000), 2+rng.IntN(3000)
		for _, size := range []string{AutoSize, FullSize, ModelSize} {
			if cols, rows := (Settings{Size: size, MaxTokens: most}).grid(base, w, h); cols < 1 || rows < 1 || cols*rows > most {
				t.Fatalf("%s, at most %d, %d x %d: %d x %d patches", size, most, w, h, cols, rows)
			}
		}
	}
}

func TestSettingsNameTheirFaults(t *testing.T) {
	for fault, change := range map[string]func(s *Settings){
		"method": func(s *Settings) { s.Method = "sam" }, "size": func(s *Settings) { s.Size = "tiny" }, "tau": func(s *Settings) { s.Cut.Tau = 2 },
		"at most": func(s *Settings) { s.MaxTokens = 1 }, "sigma": func(s *Settings) { s.Solver.Luma = 0 }, "share": func(s *Settings) { s.KeepMass = 0.6 },
	} {
		s := Defaults(TokenCut)
		change(&s)
		if err := s.Validate(); err == nil || !strings.Contains(err.Error(), fault) {
			t.Errorf("%s: %v", fault, err)
		}
	}
	for _, method := range []string{TokenCut, Attention} {
		if err := Defaults(method).Validate(); err != nil {
			t.Error(err)
		}
	}
}

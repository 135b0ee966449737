package viz

import (
	"math"
	"testing"

	"pgregory.net/rapid"
)

// TestAxisProperties: ticks rise, are few, lie on the axis and cover the values;
// pixels follow the values in order.
func TestAxisProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		values := rapid.SliceOfN(rapid.Float64Range(-1e9, 1e9), 1, 20).Draw(t, "values")
		log := rapid.Bool().Draw(t, "log")
		a := newAxis(log, 6, values)
		a.from, a.to = 10, 500
		if len(a.ticks) < 2 || len(a.ticks) > 50 {
			t.Fatalf("%d ticks: %v", len(a.ticks), a.ticks)
		}
		for i, tick := range a.ticks {
			if i > 0 && tick <= a.ticks[i-1] {
				t.Fatalf("ticks do not rise: %v", a.ticks)
			}
			if p, ok := a.at(tick); !ok || p < 9.9 || p > 500.1 {
				t.Fatalf("tick %g at pixel %g", tick, p)
			}
		}
		for _, v := range values {
			if !a.log || v > 0 {
				slack := 1e-6 * math.Max(math.Abs(v), a.high-a.low)
				if v < a.low-slack || v > a.high+slack {
					t.Fatalf("%g lies outside %g..%g", v, a.low, a.high)
				}
			}
			p, ok := a.at(v)
			q, ok2 := a.at(v + math.Abs(v)*0.01 + 1)
			if ok && ok2 && p > q {
				t.Fatalf("order lost at %g: pixels %g and %g", v, p, q)
			}
		}
	})
}

func TestNumberTexts(t *testing.T) {
	for want, got := range map[string]string{
		"−2.1": number(-2.1, 1), "0.0": number(-0.04, 1), "–": number(math.NaN(), 1), "∞": number(math.Inf(1), 0), "+6.7": signed(6.7, 1),
		"0": signed(0.3, 0), "41.5": short(41.52), "0.0632": short(0.06321), "1.2e−05": short(1.23e-5), "3210": short(3210.4), "1.280": short(1.28),
		"10⁻⁵": axis{log: true}.label(1e-5), "abc…xyz": elide("abcdefuvwxyz", 7), "short": elide("short", 7), `a\u202eb\x80`: clean("a\u202eb\x80"), "a b": clean("a\nb"),
		"0:41": clock(41e9), "12:05": clock(725e9), "3:02:11": clock(10931e9),
	} {
		if got != want {
			t.Errorf("got %q, want %q", got, want)
		}
	}
}

// TestThinKeepsTheLook: a long series becomes few points, its first, last,
// highest and lowest among them, and gaps stay gaps.
func TestThinKeepsTheLook(t *testing.T) {
	n := 100_000
	s := Series{Y: make([]float64, n)}
	for i := range s.Y {
		s.Y[i] = math.Sin(float64(i) / 1000)
	}
	s.Y[5000], s.Y[70_000] = 9, -9
	s.Y[40_000] = math.NaN()
	f := plotFrame{x: newAxis(false, 5, s.xs()), y: newAxis(false, 5, s.Y)}
	f.x.from, f.x.to, f.y.from, f.y.to = 0, 400, 300, 0
	runs := thin(f, s.xs(), s.Y)
	if len(runs) != 2 {
		t.Fatalf("%d runs, expected 2 around the gap", len(runs))
	}
	points, low, high := 0, math.Inf(1), math.Inf(-1)
	for _, run := range runs {
		points += len(run)
		for _, p := range run {
			low, high = min(low, p[1]), max(high, p[1])
		}
	}
	top, _ := f.y.at(9)
	bottom, _ := f.y.at(-9)
	if low != top || high != bottom {
		t.Errorf("extremes %g..%g, expected %g..%g", low, high, top, bottom)
	}
	if points > 4*402 {
		t.Errorf("%d points for 400 pixels", points)
	}
}

package shapes

import (
	"math"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"
)

func TestPortableFunctions(t *testing.T) {
	for name, f := range map[string]struct {
		ours       func(float32) float32
		exact      func(float64) float64
		low, high  float64
		tolerance  float64
		asRelative bool
	}{
		"sin":       {sin, math.Sin, -100, 100, 1e-6, false},
		"cos":       {cos, math.Cos, -90, 90, 8e-6, false}, // x + pi/2 is rounded near 90
		"exp":       {exp, math.Exp, -80, 80, 1e-6, true},
		"step":      {step, func(x float64) float64 { return .5 + .5*math.Tanh(x) }, -50, 50, 1e-6, false},
		"floor":     {floor, math.Floor, -1000, 1000, 0, false},
		"logarithm": {func(x float32) float32 { return float32(logarithm(float64(x))) }, math.Log, .01, 300, 1e-6, false},
	} {
		const n = 100_000
		for i := range n + 1 {
			x := float32(f.low + (f.high-f.low)*float64(i)/n)
			want := f.exact(float64(x))
			difference := math.Abs(float64(f.ours(x)) - want)
			if f.asRelative {
				difference /= math.Abs(want)
			}
			if !(difference <= f.tolerance) {
				t.Errorf("%s(%g) = %g, exact %g", name, x, f.ours(x), want)
				break
			}
		}
	}
}

func TestAtan2(t *testing.T) {
	for i := range 1000 {
		angle := float64(i)*2*math.Pi/1000 - math.Pi + 1e-3
		y, x := float32(math.Sin(angle)), float32(math.Cos(angle))
		if got, want := atan2(y, x), math.Atan2(float64(y), float64(x)); math.Abs(float64(got)-want) > 1e-6 {
			t.Errorf("atan2(%g, %g) = %g, exact %g", y, x, got, want)
		}
	}
	if got := atan2(0, 0); got != 0 {
		t.Errorf("atan2(0, 0) = %g, expected 0", got)
	}
}

// No table entry lies so near to a rounding boundary that the last bits of the
// library's Erfinv could move it.
func TestQuantilesAreFarFromRounding(t *testing.T) {
	var mean, variance float64
	for i, q := range quantiles {
		p := (float64(i) + .5) / float64(len(quantiles))
		scaled := math.Sqrt2 * math.Erfinv(2*p-1) * (1 << 16)
		if boundary := math.Abs(scaled - math.Floor(scaled) - .5); boundary < 1e-6 {
			t.Errorf("quantile %d is %g from a rounding boundary", i, boundary)
		}
		mean += float64(q) / float64(len(quantiles))
		variance += float64(q) * float64(q) / float64(len(quantiles))
	}
	if math.Abs(mean) > 1e-6 || math.Abs(variance-1) > .002 {
		t.Errorf("mean %g, variance %g, expected 0 and 1", mean, variance)
	}
}

// Go fuses x*y + z on arm64. No such instruction may be left in the code that
// draws. Compiling the standard library for arm64 takes some 15 s the first
// time, so this runs where CI is set.
func TestNoFusedMultiplyAdd(t *testing.T) {
	if os.Getenv("CI") == "" {
		t.Skip("compiles for arm64; set CI=1 to run it")
	}
	command := exec.Command("go", "build", "-gcflags=-S", ".")
	command.Env = append(os.Environ(), "GOOS=linux", "GOARCH=arm64", "CGO_ENABLED=0")
	out, err := command.CombinedOutput()
	if err != nil {
		t.Fatalf("compile for arm64: %v\n%.2000s", err, out)
	}
	if !strings.Contains(string(out), "FMULS") {
		t.Fatal("the listing holds no float32 product: is it a listing at all?")
	}
	fused := regexp.MustCompile(`\((\S+/\w+\.go:\d+)\)\s+(FN?M(?:ADD|SUB)[SD])\b`)
	for _, match := range fused.FindAllStringSubmatch(string(out), -1) {
		// The table of quantiles is rounded coarsely: TestQuantilesAreFarFromRounding.
		if !strings.Contains(match[1], "dice.go") || !strings.HasSuffix(match[2], "D") {
			t.Errorf("%s at %s: wrap the product in mul", match[2], match[1])
		}
	}
}

package shapes

import (
	"crypto/sha256"
	"encoding/hex"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"testing"

	"pgregory.net/rapid"

	"github.com/robustvit/workbench/data"
)

var update = flag.Bool("update", false, "rewrite testdata")

// fingerprint covers every byte of image and mask.
func fingerprint(img *data.Image, mask *data.Mask) string {
	h := sha256.New()
	h.Write(img.Pix)
	for _, m := range mask.Pix {
		h.Write([]byte{byte(m)})
	}
	return hex.EncodeToString(h.Sum(nil))
}

// allSets are the evaluation sets and the two training distributions.
func allSets() []Set {
	return append(Sets(),
		Set{Name: "objects", Config: PretrainObjects()}, Set{Name: "shortcut", Config: PretrainShortcut()})
}

// The demo weights were trained on these bytes: a change here makes them a
// model of other data. It must pass on every architecture.
func TestGoldenHashes(t *testing.T) {
	var got strings.Builder
	for k, set := range allSets() {
		h := sha256.New()
		for i := range 2 * NumClasses {
			h.Write([]byte(fingerprint2(Generate(set.Config, Seed(ForDesign, k, 3), i))))
		}
		fmt.Fprintf(&got, "%s %x\n", set.Name, h.Sum(nil))
	}
	path := filepath.Join("testdata", "golden.txt")
	if *update {
		if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if got.String() != string(want) {
		t.Errorf("images changed (go test -update accepts it, the demo weights then need training again)\ngot:\n%swant:\n%s", got.String(), want)
	}
}

func fingerprint2(img *data.Image, mask *data.Mask, class, background int) string {
	return fmt.Sprint(fingerprint(img, mask), class, background)
}

func TestSameBytesInAnyOrderOnAnyCoreCount(t *testing.T) {
	for _, set := range allSets() {
		samples := NewDataset(set.Name, set.Config, 24, 11)
		want := make([]string, samples.Len())
		for i := range want {
			want[i] = load(t, samples, i)
		}
		for _, cores := range []int{1, 2, 4} {
			previous := runtime.GOMAXPROCS(cores)
			got := make([]string, len(want))
			var wait sync.WaitGroup
			for i := len(want) - 1; i >= 0; i-- {
				wait.Go(func() {
					if sample, err := samples.Load(i); err == nil {
						got[i] = fingerprint(sample.Image, sample.Mask)
					}
				})
			}
			wait.Wait()
			runtime.GOMAXPROCS(previous)
			if !slices.Equal(got, want) {
				t.Errorf("%s: images drawn in parallel on %d cores differ from those drawn one by one", set.Name, cores)
			}
		}
	}
}

func load(t *testing.T, samples data.Dataset, i int) string {
	t.Helper()
	sample, err := samples.Load(i)
	if err != nil {
		t.Fatal(err)
	}
	return fingerprint(sample.Image, sample.Mask)
}

func TestEverySampleIsWellFormed(t *testing.T) {
	t.Parallel()
	for _, set := range allSets() {
		for i := range 3 * NumClasses {
			img, mask, class, background := Generate(set.Config, 2, i)
			if len(img.Pix) != 3*Size*Size || len(mask.Pix) != Size*Size || img.Width != Size || mask.Height != Size {
				t.Fatalf("%s %d: sizes %d, %d", set.Name, i, len(img.Pix), len(mask.Pix))
			}
			if class != i%NumClasses || background < 0 || background >= NumClasses {
				t.Fatalf("%s %d: class %d, background %d", set.Name, i, class, background)
			}
			for _, m := range mask.Pix {
				if m != 0 && m != 1 {
					t.Fatalf("%s %d: mask value %g, expected 0 or 1", set.Name, i, m)
				}
			}
			if covered := share(mask); covered < .005 || covered > .75 {
				t.Errorf("%s %d (%s): the object covers %.3f of the image", set.Name, i, classNames[class], covered)
			}
		}
	}
}

func share(mask *data.Mask) float64 {
	sum := 0.0
	for _, m := range mask.Pix {
		sum += float64(m)
	}
	return sum / float64(len(mask.Pix))
}

// Any settings that Validate accepts give an image, without a panic.
func TestAnyValidConfigDraws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		probability, width := rapid.Float64Range(0, 1), rapid.Float64Range(0, .3)
		low := rapid.Float64Range(.001, .5).Draw(t, "area")
		cfg := Config{
			Corr: probability.Draw(t, "corr"), Other: rapid.Bool().Draw(t, "other"),
			Area: Range{low, low * 2}, LogArea: rapid.Bool().Draw(t, "log"), Tiny: probability.Draw(t, "tiny"),
			Centre: rapid.Float64Range(0, 2).Draw(t, "centre"), AnyPosition: rapid.Bool().Draw(t, "any"),
			Rotation: rapid.Float64Range(0, 360).Draw(t, "rotation"), Shear: width.Draw(t, "shear"),
			Aspect: width.Draw(t, "aspect"), Perspective: width.Draw(t, "perspective"), Wobble: width.Draw(t, "wobble"),
			HueJitter: width.Draw(t, "hue"), RandomHue: probability.Draw(t, "random hue"), RandomTexture: probability.Draw(t, "random texture"),
			MaxDistractors: rapid.IntRange(0, 6).Draw(t, "distractors"), BackgroundHueJitter: width.Draw(t, "ground hue"),
			Plain: probability.Draw(t, "plain"), Noise: width.Draw(t, "noise"),
			Rendition: rapid.Bool().Draw(t, "rendition"), Sketch: rapid.Bool().Draw(t, "sketch"),
		}
		if err := cfg.Validate(); err != nil {
			t.Fatal(err)
		}
		index := rapid.IntRange(-5, 1<<40).Draw(t, "index")
		_, mask, class, _ := Generate(cfg, rapid.Uint64().Draw(t, "seed"), index)
		if class < 0 || class >= NumClasses {
			t.Fatalf("class %d", class)
		}
		for _, m := range mask.Pix {
			if m != 0 && m != 1 {
				t.Fatalf("mask value %g", m)
			}
		}
	})
}

func BenchmarkGenerate(b *testing.B) {
	for _, set := range Sets() {
		b.Run(set.Name, func(b *testing.B) {
			b.ReportAllocs()
			for i := range b.N {
				Generate(set.Config, 1, i)
			}
			b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "images/s")
		})
	}
}

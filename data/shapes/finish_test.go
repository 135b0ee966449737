package shapes

import (
	"crypto/sha256"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// The models of 40 and 80 classes were trained on these bytes.
func TestGoldenHashesOfMoreClasses(t *testing.T) {
	t.Parallel()
	var got strings.Builder
	for _, classes := range []int{40, 80} {
		for k, set := range allSets() {
			set.Config.Classes = classes
			h := sha256.New()
			for i := range classes {
				h.Write([]byte(fingerprint2(Generate(set.Config, Seed(ForDesign, k, 3), i))))
			}
			fmt.Fprintf(&got, "%s %d %x\n", set.Name, classes, h.Sum(nil))
		}
	}
	path := filepath.Join("testdata", "golden_classes.txt")
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
		t.Errorf("images changed\ngot:\n%swant:\n%s", got.String(), want)
	}
}

// Where the background is at home, the first 20 classes look as they always did.
func TestFirstFinishIsTheOldClass(t *testing.T) {
	t.Parallel()
	cfg := DefaultConfig()
	cfg.Corr = 1
	more := cfg
	more.Classes = 80
	for class := range NumClasses {
		img, mask, background := GenerateClass(cfg, 5, class, class)
		img2, mask2, background2 := GenerateClass(more, 5, class, class)
		if fingerprint(img, mask) != fingerprint(img2, mask2) || background != background2 {
			t.Errorf("%s differs among 80 classes", className(class))
		}
	}
}

func TestClassesOfTheCollection(t *testing.T) {
	for classes, name := range map[int]string{0: "shapes", 20: "shapes", 40: "shapes40", 80: "shapes80"} {
		c := NewCollection(Options{Classes: classes, TrainImages: 160, EvalImages: 160})
		names := c.Classes()
		if c.Name() != name || len(names) != max(classes, 20) || names[4] != "star5" {
			t.Errorf("%d classes: %s with %d, fifth %s", classes, c.Name(), len(names), names[4])
		}
		sets, err := c.datasets()
		if err != nil {
			t.Fatal(err)
		}
		for _, set := range sets {
			last := set.Entry(set.Len() - 1)
			if !slices.Equal(set.Classes(), names) || last.Class != len(names)-1 {
				t.Errorf("%s of %d classes: %v, last sample %+v", set.Name(), classes, set.Classes(), last)
			}
			sample, err := set.Load(set.Len() - 1)
			img, mask, class, _ := Generate(set.(*dataset).config, set.(*dataset).seed, set.Len()-1)
			if err != nil || class != last.Class || fingerprint(sample.Image, sample.Mask) != fingerprint(img, mask) {
				t.Errorf("%s of %d classes: the last sample is another image: %v", set.Name(), classes, err)
			}
		}
	}
	names := NewCollection(Options{Classes: 80}).Classes()
	for i, want := range map[int]string{20: "ellipse_b", 44: "star5_c", 79: "mushroom_d"} {
		if names[i] != want {
			t.Errorf("class %d is %s, expected %s", i, names[i], want)
		}
	}
}

func TestOtherNumbersOfClassesAreRefused(t *testing.T) {
	for _, classes := range []int{-20, 10, 60, 100} {
		c := NewCollection(Options{Classes: classes})
		_, train := c.Train()
		_, set := c.Set("val")
		_, segmentation := c.Segmentation()
		for _, err := range []error{train, set, segmentation, Config{Classes: classes}.Validate(), Options{Classes: classes}.Validate()} {
			if err == nil || !strings.Contains(err.Error(), "there are 20, 40 or 80") {
				t.Errorf("%d classes: error %v", classes, err)
			}
		}
	}
}

// The order of a set with more classes: by class, then by number, all numbers once.
func TestDatasetOrderOfMoreClasses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		cfg := DefaultConfig()
		cfg.Classes = rapid.SampledFrom([]int{20, 40, 80}).Draw(t, "classes")
		n := rapid.IntRange(0, 200).Draw(t, "n")
		samples := NewDataset("val", cfg, n, 1)
		seen, previous := map[int]bool{}, -1
		for i := range n {
			class, number := samples.(*dataset).place(i)
			if number%cfg.Classes != class || number >= n || seen[number] || class*n+number <= previous {
				t.Fatalf("sample %d of %d: class %d, number %d", i, n, class, number)
			}
			seen[number], previous = true, class*n+number
		}
	})
}

// around is the distance of two hues on the circle.
func around(a, b float32) float64 {
	d := math.Abs(float64(fraction(a)) - float64(fraction(b)))
	return min(d, 1-d)
}

// The finishes of a silhouette differ in everything that a class has of its own.
func TestFinishesDiffer(t *testing.T) {
	for silhouette := range NumClasses {
		for f := range finishes {
			for g := range f {
				a, b := silhouette+f*NumClasses, silhouette+g*NumClasses
				if around(classHue(a), classHue(b)) < .24 || classTexture(a) == classTexture(b) {
					t.Errorf("%s and %s: hues %.2f and %.2f, textures %d and %d", className(a), className(b), classHue(a), classHue(b), classTexture(a), classTexture(b))
				}
				if Habitat(a)%numPatterns == Habitat(b)%numPatterns {
					t.Errorf("%s and %s live on the same pattern", className(a), className(b))
				}
			}
		}
	}
}

func TestEveryFinishHasItsOwnHabitat(t *testing.T) {
	for finish := range finishes {
		seen := map[int]bool{}
		for class := range (finish + 1) * NumClasses {
			seen[Habitat(class)] = true
			if h := Habitat(class); h < 0 || h >= (finish+1)*NumClasses {
				t.Errorf("habitat %d of class %d", h, class)
			}
		}
		if len(seen) != (finish+1)*NumClasses {
			t.Errorf("%d habitats of %d classes", len(seen), (finish+1)*NumClasses)
		}
	}
	names := map[string]bool{}
	for background := range 4 * NumClasses {
		names[BackgroundName(background)] = true
	}
	if len(names) != 4*NumClasses {
		t.Errorf("%d names of %d backgrounds", len(names), 4*NumClasses)
	}
}

func TestPalettesAreFarApart(t *testing.T) {
	hues := func(k int) (float32, float32) {
		first := float32(k%2)/2 + palettes[k].turn
		return first, first + palettes[k].offset
	}
	for i := range palettes {
		for j := range i {
			a, b := hues(i)
			c, d := hues(j)
			straight, exchanged := max(around(a, c), around(b, d)), max(around(a, d), around(b, c))
			if min(straight, exchanged) < .149 {
				t.Errorf("palettes %d (%.2f, %.2f) and %d (%.2f, %.2f) are close", i, a, b, j, c, d)
			}
		}
	}
}

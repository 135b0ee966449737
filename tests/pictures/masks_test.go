package pictures

import (
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/images"
)

// maskFile is what a mask's file holds: values, or a fault that the error names.
type maskFile struct {
	content []byte
	pix     []float32
	fault   string
}

func maskFiles(t *testing.T) map[string]maskFile {
	palette := image.NewPaletted(image.Rect(0, 0, 2, 2), color.Palette{color.Black, color.RGBA{128, 0, 0, 255}})
	palette.Pix = []uint8{0, 1, 1, 0}
	three := image.NewPaletted(image.Rect(0, 0, 3, 1), color.Palette{color.Black, color.RGBA{128, 0, 0, 255}, color.RGBA{224, 224, 192, 255}})
	three.Pix = []uint8{0, 1, 2} // as VOC marks what is to be ignored
	coloured := image.NewRGBA(image.Rect(0, 0, 2, 1))
	coloured.Pix = []uint8{0, 0, 0, 255, 12, 200, 7, 255}
	clear := image.NewNRGBA(image.Rect(0, 0, 2, 1))
	clear.Pix = []uint8{0, 0, 0, 255, 0, 0, 0, 0}
	deep, deepMany := image.NewGray16(image.Rect(0, 0, 2, 1)), image.NewGray16(image.Rect(0, 0, 3, 1))
	deep.Pix, deepMany.Pix = []uint8{0, 0, 1, 0}, []uint8{0, 0, 1, 0, 2, 0}
	low := image.NewGray16(image.Rect(0, 0, 3, 1)) // differ in their low bytes alone
	low.Pix = []uint8{0, 0, 0, 1, 0, 2}
	all := make([]uint8, 256)
	for i := range all {
		all[i] = uint8(i)
	}
	lossy, err := os.ReadFile(testdata("colour", "lossy.webp"))
	if err != nil {
		t.Fatal(err)
	}
	return map[string]maskFile{
		"255":                      {gray(t, 2, 1, 0, 255), []float32{0, 1}, ""},
		"one":                      {gray(t, 2, 1, 0, 1), []float32{0, 1}, ""},
		"half":                     {gray(t, 2, 1, 0, 128), []float32{0, 1}, ""},
		"palette":                  {encoded(t, palette), []float32{0, 1, 1, 0}, ""},
		"RGB":                      {encoded(t, coloured), []float32{0, 1}, ""},
		"16 bit":                   {encoded(t, deep), []float32{0, 1}, ""},
		"no foreground":            {gray(t, 2, 1, 0), []float32{0, 0}, ""},
		"all foreground":           {gray(t, 2, 1, 255), []float32{1, 1}, ""},
		"three values":             {gray(t, 6, 1, 0, 0, 0, 100, 100, 200), nil, "found 3 values (0, 100, 200)"},
		"ignore and background":    {gray(t, 3, 1, 0, 255, 254), nil, "found 3 values (0, 254, 255)"},
		"no background":            {gray(t, 3, 1, 100, 100, 200), nil, "found 2 values (100, 200)"},
		"palette with ignore":      {encoded(t, three), nil, "found 3 values"},
		"8-bit ids":                {gray(t, 16, 16, all...), nil, "found 256 values (0, 1, 2, 3, 4, 5, 6, 7, ...)"},
		"16-bit ids":               {encoded(t, deepMany), nil, "found 3 values"},
		"16-bit ids below 256":     {encoded(t, low), nil, "found 3 values"},
		"transparency":             {encoded(t, clear), nil, "transparency"},
		"JPEG":                     {images.Sound(t)["jpg"], nil, "it is a JPEG"},
		"lossy WebP":               {lossy, nil, "it is a WebP"},
		"text":                     {[]byte("0 0 1"), nil, "a text file"},
		"empty":                    {nil, nil, "an empty file"},
		"cut":                      {gray(t, 20, 20, 0, 255)[:60], nil, "cut"},
		"announces too much":       {images.EmptyPNG(1<<20, 1<<20), nil, "1048576 x 1048576"},
		"a photograph for a mask":  {images.Sound(t)["png"], nil, "values"},
		"anti-aliased at its rims": {gray(t, 5, 1, 0, 64, 128, 192, 255), nil, "found 5 values"},
	}
}

func TestMaskFiles(t *testing.T) {
	for name, test := range maskFiles(t) {
		catalogue.Case(t, "I7", name, func(t *testing.T) {
			dir := t.TempDir()
			path := write(t, dir, "mask.png", test.content)
			m, err := data.ReadMask(path)
			if test.fault == "" {
				if err != nil || !slices.Equal(m.Pix[:len(test.pix)], test.pix) {
					t.Errorf("%+v, %v; want %v", m, err, test.pix)
				}
				return
			}
			if err == nil {
				t.Fatal("accepted")
			}
			photo := write(t, dir, "photo.png", gray(t, 2, 1, 9))
			catalogue.Refused(t, []string{path, test.fault}, "prepare", photo, "--mask", path, "--out", filepath.Join(dir, "seen.png"))
		})
	}
}

// TestMasksOfASet: other sizes, missing and extra masks, masks without and
// masks of nothing but foreground, each counted.
func TestMasksOfASet(t *testing.T) {
	dir := tree(t, "d/cat/1.png", "d/cat/2.png", "d/cat/3.png", "d/dog/1.png", "d/dog/2.png",
		"d_masks/cat/1.png", "d_masks/cat/9.png", "d_masks/dog/1.png", "d_masks/dog/2.png", "other/cat/2.png", "none/cow/1.png")
	set := filepath.Join(dir, "d")
	write(t, dir, "d_masks/cat/3.png", gray(t, 6, 4, 0))
	write(t, dir, "d_masks/dog/2.png", gray(t, 6, 4, 255))
	write(t, dir, "d_masks/dog/1.png", gray(t, 5, 5, 0, 255))
	catalogue.Case(t, "I7", "counted", func(t *testing.T) {
		sets, o := check(t, set)
		catalogue.CheckRefused(t, o, "5 x 5", "6 x 4", filepath.Join("d_masks", "dog", "1.png"), filepath.Join("d", "dog", "1.png"))
		if r := sets[0]; r.Listed != 5 || r.Used != 4 || len(r.Refused) != 1 || r.Masks != 3 || r.ExtraMasks != 1 || r.NoForeground != 1 || r.AllForeground != 1 {
			t.Errorf("%+v", r)
		}
	})
	d, err := data.OpenFolder(set, data.FolderOptions{})
	if err != nil {
		t.Fatal(err)
	}
	catalogue.Case(t, "I7", "another size", func(t *testing.T) {
		_, err := d.Load(3)
		for _, want := range []string{"5 x 5", "6 x 4", filepath.Join("d_masks", "dog", "1.png"), filepath.Join("d", "dog", "1.png"), ";"} {
			if err == nil || !contains(err.Error(), want) {
				t.Errorf("error %v lacks %q", err, want)
			}
		}
	})
	catalogue.Case(t, "I7", "missing", func(t *testing.T) {
		for i, want := range []bool{true, false, true} {
			s, err := d.Load(i)
			if has, err := data.HasMask(d, i); has != want || err != nil {
				t.Errorf("HasMask(%d) = %v, %v", i, has, err)
			}
			if err != nil || (s.Mask != nil) != want {
				t.Errorf("mask of sample %d: %v, %v", i, s.Mask, err)
			}
		}
	})
	catalogue.Case(t, "I7", "of another folder", func(t *testing.T) {
		other, err := data.MasksFrom(d, filepath.Join(dir, "other"))
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []bool{false, true} {
			if s, err := other.Load(i); err != nil || (s.Mask != nil) != want {
				t.Errorf("sample %d: %v, %v", i, s.Mask, err)
			}
		}
	})
	for _, bad := range []string{"none", "nowhere"} {
		catalogue.Case(t, "I7", "folder that is "+bad, func(t *testing.T) {
			if _, err := data.MasksFrom(d, filepath.Join(dir, bad)); err == nil || !contains(err.Error(), bad) || !contains(err.Error(), ";") {
				t.Errorf("error %v", err)
			}
		})
	}
}

// TestTrainingOnEmptyMasks: without foreground or background the losses are
// numbers, and the weights too.
func TestTrainingOnEmptyMasks(t *testing.T) {
	for name, value := range map[string]uint8{"no foreground": 0, "all foreground": 255} {
		catalogue.Case(t, "I7", "finetuned on "+name, func(t *testing.T) {
			dir, run := imageSet(t), filepath.Join(t.TempDir(), "run")
			for i := range 3 {
				write(t, dir, fmt.Sprintf("train_masks/cat/%d.png", i), gray(t, 16, 16, value))
			}
			o := catalogue.Run(t, nil, "finetune", "--weights", micro(), "--data", dir, "--keep", "all", "--per-class", "3", "--classes", "cat", "--epochs", "2", "--dir", run)
			if o.Code != 0 {
				t.Fatal(o)
			}
			for _, line := range lines(t, filepath.Join(run, "log.jsonl")) {
				if contains(line, "NaN") || contains(line, "Inf") || contains(line, "null") {
					t.Error(line)
				}
			}
			if o := catalogue.Run(t, nil, "inspect", filepath.Join(run, "weights.safetensors")); o.Code != 0 {
				t.Error(o)
			}
		})
	}
}

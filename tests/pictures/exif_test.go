package pictures

import (
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/tests/catalogue"
)

func readPixels(t *testing.T, path string) *data.Image {
	t.Helper()
	img, err := data.ReadImage(path)
	if err != nil {
		t.Fatal(err)
	}
	return img
}

// FILE.want.png is Pillow's exif_transpose of FILE.
func TestUprightIsPillowsTranspose(t *testing.T) {
	for orientation := 1; orientation <= 8; orientation++ {
		catalogue.Case(t, "I3", fmt.Sprint("orientation ", orientation), func(t *testing.T) {
			file := testdata("exif", fmt.Sprintf("turned%d.png", orientation))
			s, info, err := data.ReadPair(file, "", true)
			if err != nil || info.Orientation != orientation {
				t.Fatalf("orientation %d, %v", info.Orientation, err)
			}
			if want := readPixels(t, file+".want.png"); !reflect.DeepEqual(s.Image, want) {
				t.Error("not turned as Pillow turns it")
			}
			if stored, _, err := data.ReadPair(file, "", false); err != nil || !reflect.DeepEqual(stored.Image, readPixels(t, file)) {
				t.Errorf("turned unasked (%v)", err)
			}
			for _, flag := range []string{"", "--rotate-exif"} {
				o := catalogue.Run(t, nil, append([]string{"prepare", file, "--size", "5", "--out", t.TempDir() + "/seen.png"}, strings.Fields(flag)...)...)
				said := contains(o.Out, fmt.Sprintf("EXIF orientation %d ", orientation))
				if o.Code != 0 || said != (orientation > 1) || said && contains(o.Out, "was applied") != (flag != "") {
					t.Errorf("%q: %s", flag, o)
				}
			}
		})
	}
}

// An EXIF block that leads nowhere, or says something that is no orientation,
// is no reason to refuse the picture or to turn it.
func TestBrokenEXIFTurnsNothing(t *testing.T) {
	for _, name := range []string{"broken.png", "nine.png"} {
		catalogue.Case(t, "I3", name, func(t *testing.T) {
			file := testdata("exif", name)
			s, info, err := data.ReadPair(file, "", true)
			if err != nil || info.Orientation != 0 || !reflect.DeepEqual(s.Image, readPixels(t, testdata("exif", "turned1.png"))) {
				t.Errorf("orientation %d, %v", info.Orientation, err)
			}
		})
	}
}

// In a folder the image's orientation turns image and mask together, and the
// report counts the files that have one either way.
func TestFolderRotatesPairs(t *testing.T) {
	root := t.TempDir()
	copyFile := func(from string, to ...string) {
		content, err := os.ReadFile(from)
		if err != nil {
			t.Fatal(err)
		}
		write(t, root, filepath.ToSlash(filepath.Join(to...)), content)
	}
	for _, o := range []string{"1", "3", "6"} {
		copyFile(testdata("exif", "turned"+o+".png"), "train", "a", o+".png")
		stored := readPixels(t, testdata("exif", "turned"+o+".png"))
		mask := &data.Mask{Width: stored.Width, Height: stored.Height, Pix: make([]float32, stored.Width*stored.Height)}
		for i := range mask.Pix {
			if stored.Pix[3*i] > 127 {
				mask.Pix[i] = 1
			}
		}
		if err := os.MkdirAll(filepath.Join(root, "train_masks", "a"), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := data.WritePNG(filepath.Join(root, "train_masks", "a", o+".png"), mask.Picture()); err != nil {
			t.Fatal(err)
		}
	}
	copyFile(testdata("exif", "turned1.png"), "val", "a", "1.png")
	for _, rotate := range []bool{false, true} {
		catalogue.Case(t, "I3", fmt.Sprintf("pairs in a folder, rotate %t", rotate), func(t *testing.T) {
			c, err := data.OpenRootWith(root, data.FolderOptions{RotateEXIF: rotate})
			if err != nil {
				t.Fatal(err)
			}
			d, err := c.Train()
			if err != nil {
				t.Fatal(err)
			}
			for i := range d.Len() {
				s, err := d.Load(i)
				if err != nil {
					t.Fatal(err)
				}
				want := testdata("exif", "turned"+s.ID[strings.LastIndex(s.ID, "/")+1:]+".png")
				if rotate {
					want += ".want.png"
				}
				if !reflect.DeepEqual(s.Image, readPixels(t, want)) {
					t.Errorf("%s, rotate %t: another picture", s.ID, rotate)
				}
				for j, v := range s.Mask.Pix {
					if (s.Image.Pix[3*j] > 127) != (v == 1) {
						t.Fatalf("%s, rotate %t: the mask does not follow the image", s.ID, rotate)
					}
				}
			}
			report, err := data.Check(t.Context(), d)
			if err != nil || report.Rotated != 2 || report.Used != 3 {
				t.Errorf("rotate %t: %+v, %v", rotate, report, err)
			}
		})
	}
	catalogue.Case(t, "I3", "counted by data check", func(t *testing.T) {
		if sets, o := check(t, root); o.Code != 0 || sets[0].Rotated != 2 || sets[1].Rotated != 0 {
			t.Errorf("%s", o)
		}
	})
}

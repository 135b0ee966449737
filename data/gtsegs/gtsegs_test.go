package gtsegs_test

import (
	"context"
	"encoding/json"
	"os"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/gtsegs"
)

// fixtures holds sets that h5py wrote; make_mat.py beside them says how.
const fixtures = "../mat73/testdata"

// picture is one of expected.json: image [h, w, 3] and mask [h, w].
type picture struct {
	Width  int   `json:"width"`
	Height int   `json:"height"`
	Pix    []int `json:"pix"`
	Mask   []int `json:"mask"`
}

func expected(t *testing.T) []picture {
	t.Helper()
	content, err := os.ReadFile(filepath.Join(fixtures, "expected.json"))
	if err != nil {
		t.Fatal(err)
	}
	var all []picture
	if err := json.Unmarshal(content, &all); err != nil {
		t.Fatal(err)
	}
	return all
}

// TestLoad reads the same three pictures from every way of writing them.
func TestLoad(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(fixtures, "*.mat"))
	if err != nil || len(files) != 9 {
		t.Fatalf("%d fixtures, expected 9 (%v)", len(files), err)
	}
	want := expected(t)
	for _, path := range files {
		t.Run(filepath.Base(path), func(t *testing.T) {
			var set data.Dataset
			set, err := gtsegs.Open(path)
			if err != nil {
				t.Fatal(err)
			}
			if set.Len() != len(want) || set.Entry(1) != (data.Entry{ID: "gtsegs/0002", Class: data.NoClass}) {
				t.Fatalf("%d pictures, the second is %v", set.Len(), set.Entry(1))
			}
			for i, picture := range want {
				sample, err := set.Load(i)
				if err != nil {
					t.Fatal(err)
				}
				picture.compare(t, sample)
			}
		})
	}
}

func (p picture) compare(t *testing.T, s data.Sample) {
	t.Helper()
	if s.Image.Width != p.Width || s.Image.Height != p.Height || s.Mask.Width != p.Width || s.Mask.Height != p.Height {
		t.Fatalf("%s: %d x %d, mask %d x %d, expected %d x %d", s.ID, s.Image.Width, s.Image.Height, s.Mask.Width, s.Mask.Height, p.Width, p.Height)
	}
	for i, v := range p.Pix {
		if int(s.Image.Pix[i]) != v {
			t.Fatalf("%s: value %d is %d, expected %d", s.ID, i, s.Image.Pix[i], v)
		}
	}
	for i, v := range p.Mask {
		if s.Mask.Pix[i] != float32(v) {
			t.Fatalf("%s: pixel %d of the mask is %g, expected %d", s.ID, i, s.Mask.Pix[i], v)
		}
	}
}

func TestCheck(t *testing.T) {
	set, err := gtsegs.Open(filepath.Join(fixtures, "matlab.mat"))
	if err != nil {
		t.Fatal(err)
	}
	report, err := data.Check(context.Background(), set)
	if err != nil {
		t.Fatal(err)
	}
	if report.Used != 3 || report.Masks != 3 || report.SmallestSide != 7 || report.LargestSide != 16 || len(report.PerClass) != 0 {
		t.Errorf("%+v", report)
	}
	sizes, err := set.Sizes()
	if err != nil || sizes != (gtsegs.Sizes{SmallestSide: 7, LargestSide: 16}) {
		t.Errorf("%+v, %v", sizes, err)
	}
}

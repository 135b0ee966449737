package verify

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/weights"
)

const pictures = "../../data/testdata/preprocess"

// referenceFolder holds Pillow's output for a JPEG photograph and, as the
// expected output of a PNG, that picture itself; spoil may change the values.
func referenceFolder(t *testing.T, spoil func(name string, pix []uint8)) string {
	t.Helper()
	dir := t.TempDir()
	file := &weights.File{}
	for name, expected := range map[string]string{"photo_420.jpg|paper_eval": "expected_photo_420.png", "expected_gray.png|squash_224": "expected_gray.png"} {
		img, err := data.ReadImage(filepath.Join(pictures, expected))
		if err != nil {
			t.Fatal(err)
		}
		spoil(name, img.Pix)
		file.Tensors = append(file.Tensors, weights.Tensor{Name: name, DType: weights.U8, Shape: []int{img.Height, img.Width, 3}, Data: img.Pix})
	}
	if err := weights.Write(filepath.Join(dir, expectedFile), file); err != nil {
		t.Fatal(err)
	}
	return dir
}

func TestPreprocess(t *testing.T) {
	far := func(share int) func(string, []uint8) {
		return func(name string, pix []uint8) {
			for i := 0; strings.HasPrefix(name, "photo") && i < len(pix); i += 3 * share {
				pix[i] ^= 0x40
			}
		}
	}
	for name, test := range map[string]struct {
		spoil func(string, []uint8)
		fault string
	}{
		"equal":                   {func(string, []uint8) {}, ""},
		"half a percent far away": {far(200), ""},
		"two percent far away":    {far(50), "photo_420.jpg under paper_eval: 2.00 % of the pixels"},
		"one value of a PNG differs": {func(name string, pix []uint8) {
			if strings.HasPrefix(name, "expected") {
				pix[77] ^= 1
			}
		}, "expected_gray.png under squash_224: pixels differ by up to 1 levels"},
		"all of a JPEG a level off": {func(name string, pix []uint8) {
			for i := range pix {
				if strings.HasPrefix(name, "photo") && pix[i] < 255 {
					pix[i]++
				}
			}
		}, "mean distance"},
	} {
		t.Run(name, func(t *testing.T) {
			report, err := Preprocess(referenceFolder(t, test.spoil), pictures)
			if err != nil || len(report.Rows) != 2 || len(report.NotFound) > 0 {
				t.Fatalf("%+v, %v", report, err)
			}
			err = report.Fault()
			if test.fault == "" && err != nil || test.fault != "" && (err == nil || !strings.Contains(err.Error(), test.fault)) {
				t.Errorf("fault %v, expected %q", err, test.fault)
			}
		})
	}
}

func TestPreprocessNamesWhatItCannotCompare(t *testing.T) {
	dir := referenceFolder(t, func(string, []uint8) {})
	if _, err := Preprocess(dir); err == nil || !strings.Contains(err.Error(), "none of the 2 pictures") {
		t.Error(err)
	}
	photo, err := os.ReadFile(filepath.Join(pictures, "photo_420.jpg"))
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "photo_420.jpg"), photo, 0o644); err != nil {
		t.Fatal(err)
	}
	if report, err := Preprocess(dir); err != nil || len(report.Rows) != 1 || len(report.NotFound) != 1 {
		t.Errorf("%+v, %v", report, err)
	}
	for name, want := range map[string]string{"a.png|other": "protocol \"other\"", "a.png": "FILE|PROTOCOL", "../a.png|paper_eval": "FILE|PROTOCOL"} {
		file := &weights.File{Tensors: []weights.Tensor{{Name: name, DType: weights.U8, Shape: []int{1, 1, 3}, Data: []byte{1, 2, 3}}}}
		if err := weights.Write(filepath.Join(dir, expectedFile), file); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, "a.png"), photo, 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := Preprocess(dir); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, expected %q", name, err, want)
		}
	}
}

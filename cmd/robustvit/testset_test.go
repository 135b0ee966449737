package main

import (
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/squares"
)

const matlabFixture = "../../data/mat73/testdata/"

// TestSegmentationTestSet: the figures of a .mat file are those of the same
// pictures and masks as PNG files.
func TestSegmentationTestSet(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	squares.Write(t, at("data"), squares.Options{Classes: 3, Images: 4})
	works(t, "pretrain", "--data", at("data"), "--size", "16", "--patch", "4", "--width", "16", "--depth", "2", "--heads", "2",
		"--steps", "30", "--batch", "4", "--rate", "0.003", "--out", at("base"))
	writeExpected(t, at("pictures"), "class0")
	writeExpected(t, at("flat"), "")

	folder := works(t, "segment", "--weights", at("base"), "--data", at("pictures"), "--protocol", "squash", "--dir", at("folder"))
	want := fmt.Sprint(folder["segmentation"])
	for i, path := range []string{matlabFixture + "matlab.mat", matlabFixture + "direct.mat", matlabFixture + "latest_tiles.mat", at("flat")} {
		name := filepath.Base(path)
		result := works(t, "segment", "--weights", at("base"), "--data", path, "--dir", at(fmt.Sprintf("run%d", i)))
		if got := fmt.Sprint(result["segmentation"]); got != want {
			t.Errorf("%s: %s, as PNG files %s", name, got, want)
		}
		if result["protocol"] != "squash" {
			t.Errorf("%s: protocol %v, expected squash", name, result["protocol"])
		}
	}
	figures, ok := folder["segmentation"].(map[string]any)["base"].(map[string]any)
	if !ok || figures["n"] != 3.0 || figures["mean_iou"] == 0.0 {
		t.Errorf("segmentation: %v", folder["segmentation"])
	}
	if native := works(t, "segment", "--weights", at("base"), "--data", at("pictures"), "--protocol", "native", "--dir", at("native")); fmt.Sprint(native["segmentation"]) == want {
		t.Error("squashed and cropped pictures give the same figures")
	}

	checked := works(t, "data", "check", matlabFixture+"matlab.mat")
	if set := checked["sets"].([]any)[0].(map[string]any); set["used"] != 3.0 || set["masks"] != 3.0 {
		t.Errorf("data check: %v", set)
	}
	if quick := works(t, "data", "check", "--quick", matlabFixture+"matlab.mat")["sets"].([]any); quick[0].(map[string]any)["masks"] != 3.0 {
		t.Errorf("data check --quick: %v", quick)
	}
	if sets := works(t, "data", "check", at("flat"))["sets"].([]any); len(sets) != 1 || sets[0].(map[string]any)["masks"] != 3.0 {
		t.Errorf("data check of the flat folder: %v", sets)
	}
	if flat := works(t, "inspect", at("flat")); !strings.Contains(fmt.Sprint(flat["facts"]), "3 pictures with masks") {
		t.Errorf("inspect of the flat folder: %v", flat)
	}
	finding := works(t, "inspect", matlabFixture+"matlab.mat")
	if text := fmt.Sprint(finding["facts"]); finding["kind"] != "MATLAB v7.3" || !strings.Contains(text, "3 pictures with masks") || !strings.Contains(text, "7 to 16 pixels") {
		t.Errorf("inspect: %v", finding)
	}
}

// writeExpected writes the pictures of the fixtures, from the values that NumPy
// gave, as a set of one class, or of none, with its masks beside.
func writeExpected(t *testing.T, dir, class string) {
	t.Helper()
	content, err := os.ReadFile(matlabFixture + "expected.json")
	if err != nil {
		t.Fatal(err)
	}
	var pictures []struct {
		Width, Height int
		Pix, Mask     []uint16
	}
	if err := json.Unmarshal(content, &pictures); err != nil {
		t.Fatal(err)
	}
	for i, p := range pictures {
		img, mask := image.NewRGBA(image.Rect(0, 0, p.Width, p.Height)), image.NewGray(image.Rect(0, 0, p.Width, p.Height))
		for j := range p.Width * p.Height {
			x, y := j%p.Width, j/p.Width
			img.SetRGBA(x, y, color.RGBA{uint8(p.Pix[3*j]), uint8(p.Pix[3*j+1]), uint8(p.Pix[3*j+2]), 255})
			mask.SetGray(x, y, color.Gray{uint8(255 * p.Mask[j])})
		}
		name := filepath.Join(class, fmt.Sprintf("%d.png", i))
		squares.PNG(t, filepath.Join(dir, name), img)
		squares.PNG(t, filepath.Join(dir+"_masks", name), mask)
	}
}

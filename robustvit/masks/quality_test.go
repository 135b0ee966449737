package masks_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data/tokencut"
	"github.com/robustvit/workbench/robustvit/masks"
)

// TestQualityOnExactMasks compares with the drawn masks of the embedded data and
// logs what it finds. The embedded models are small, trained on labels, and look
// at the background by construction: the figures say nothing of DINO. What must
// hold is that the rule keeps better masks than it rejects.
func TestQualityOnExactMasks(t *testing.T) {
	images := training(t, 200)
	for _, method := range []string{masks.TokenCut, masks.Attention} {
		dir := filepath.Join(t.TempDir(), method)
		j := job(t, dir, method, images)
		j.Settings.Rule = masks.Rule{MaxArea: 1, MaxSides: 4} // keeps all: their files are looked at
		if _, err := masks.Run(t.Context(), j); err != nil {
			t.Fatal(err)
		}
		list, err := os.ReadFile(filepath.Join(dir, masks.ListFile))
		if err != nil {
			t.Fatal(err)
		}
		var kept, rejected, good float64
		var sumKept, sumRejected float64
		for i, line := range strings.Split(strings.TrimSpace(string(list)), "\n") {
			var m masks.Mask
			if err := json.Unmarshal([]byte(line), &m); err != nil {
				t.Fatal(err)
			}
			sample, err := images.Load(i)
			if err != nil {
				t.Fatal(err)
			}
			iou := tokencut.IoU(pngMask(t, filepath.Join(dir, m.File)), foreground(sample.Mask.Pix))
			if masks.Defaults(method).Reject(m) == "" {
				kept, sumKept = kept+1, sumKept+iou
				if iou > 0.5 {
					good++
				}
			} else {
				rejected, sumRejected = rejected+1, sumRejected+iou
			}
		}
		t.Logf("%s, demo:vit, 200 images: mean IoU %.3f; kept %.0f with %.3f (%.0f above 0.5), rejected %.0f with %.3f",
			method, (sumKept+sumRejected)/(kept+rejected), kept, sumKept/kept, good, rejected, sumRejected/rejected)
		if kept < 10 || rejected < 10 || sumKept/kept <= sumRejected/rejected {
			t.Errorf("%s: the rule does not keep the better masks", method)
		}
	}
}

package report_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/viz"
	"github.com/robustvit/workbench/viz/report"
)

// madeMasks writes the folder of a small masks job: one kept, one rejected.
func madeMasks(t testing.TB, n names) string {
	t.Helper()
	dir := t.TempDir()
	shown := func(rejected, final string) value {
		return value{"id": n.id, "class": n.class, "width": 64, "height": 48, "grid": []int{8, 6}, "area": 0.25, "sides": 1, "separation": 0.9,
			"gap": 0.5, "agreement": 0.8, "refined": rejected == "", "rejected": rejected,
			"picture": "parts/a.picture.png", "heat": "parts/a.heat.png", "coarse": "parts/a.coarse.png", "final": final}
	}
	put(t, dir, map[string]any{
		"config.json": value{"kind": "masks", "model": n.title, "weights_sha256": "1234abcd", "data": n.data, "set": n.set, "method": "tokencut", "size": "auto",
			"max_tokens": 2400, "cut": value{"tau": 0.2, "floor": 1e-5}, "solver": value{"sigma_spatial": 16}, "rule": value{"min_area": 0.04}, "seed": 7},
		"masks.json": value{"listed": 120, "written": 100, "rejected": 20, "reasons": value{"area": 15, "gap": 5}, "coarse": 3, "grids": 2, "chosen": "Chosen by seed.",
			"shown": []value{shown("", "c/a.png"), shown("area 0.010 below 0.040", "parts/a.rejected.png")}},
		"parts/a.picture.png": picture(8), "parts/a.heat.png": relevance(8, 1), "parts/a.coarse.png": mask(8), "parts/a.rejected.png": mask(8), "c/a.png": mask(8)})
	return dir
}

func TestMasksPage(t *testing.T) {
	dir := madeMasks(t, plain())
	tags, text := elements(t, page(t, report.Write, dir))
	for _, want := range []string{"Masks without labels", "100", "83.3 % of 120", "Kept coarse", "rejected for", "15", "Chosen by seed.",
		"rejected: area 0.010 below 0.040", "gap 0.500", "agreement 0.80", "mask: the coarse one", "tau 0.2", "sigma spatial 16", "1234abcd", "Shown: 1 of 100.", "Shown: 1 of 20."} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if count(tags, "img") != 2*4+2 || count(tags, "script") != 0 {
		t.Errorf("%d images, want two cards of four and two legends", count(tags, "img"))
	}
	if err := os.Truncate(filepath.Join(dir, "parts/a.heat.png"), 20); err != nil {
		t.Fatal(err)
	}
	if _, err := report.WriteMasks(dir); err == nil || !strings.Contains(err.Error(), "a.heat.png") {
		t.Errorf("a cut picture: %v", err)
	}
	if _, err := report.WriteMasks(t.TempDir()); err == nil || !strings.Contains(err.Error(), "masks.json") {
		t.Errorf("an empty folder: %v", err)
	}
}

// TestSomeMasks: the counts, and cut galleries that still say how many there are.
func TestSomeMasks(t *testing.T) {
	dir := madeMasks(t, plain())
	for n, cards := range map[int]int{6: 1, 0: 0} {
		fragments, err := report.SomeMasks(dir, n)
		if err != nil {
			t.Fatal(err)
		}
		galleries := 0
		for _, f := range fragments {
			if g, ok := f.(viz.Gallery); ok {
				galleries++
				if len(g.Items) != cards || g.Total < 20 || g.Title == "" {
					t.Errorf("%q shows %d of %d, want %d", g.Title, len(g.Items), g.Total, cards)
				}
			}
		}
		if galleries != 2 || len(fragments) < 3 {
			t.Errorf("%d fragments with %d galleries, want counts, the kept and the rejected ones", len(fragments), galleries)
		}
	}
	if _, err := report.SomeMasks(t.TempDir(), 1); err == nil || !strings.Contains(err.Error(), "masks.json") {
		t.Errorf("an empty folder: %v", err)
	}
}

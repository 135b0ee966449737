package report_test

import (
	"strings"
	"testing"

	"github.com/robustvit/workbench/viz/report"
)

// benched writes the folder of a bench: one case beside two peers, one that
// compiles, one that failed, and two points of an axis.
func benched(t testing.TB, n names) string {
	t.Helper()
	dir := t.TempDir()
	step := func(peer string, ms, ratio float64) value {
		return value{"case": "vit_demo step first-order b8", "model": "vit_demo", "kind": "step first-order", "batch": 8, "ours_ms": 3.256, "peer": peer,
			"peer_ms": ms, "ratio": ratio, "ratio_low": ratio / 2, "ratio_high": ratio * 2, "peak_mib": 513.4, "peer_peak_mib": 790}
	}
	point := func(images int, memory string, ms float64) value {
		return value{"axis": "batch", "value": images, "memory": memory, "case": "batch", "ours_ms": ms, "peak_mib": 100}
	}
	put(t, dir, map[string]any{"bench.json": value{"kind": "bench", "date": "2026-11-25T07:03:36Z", "cores": 2, "load": 3.4, "cpu": n.title, "backend": "xla:cpu", "plugin_version": "PJRT 0.70",
		"ours": value{"gomlx": "v0.28.6", "kind": "cpu"}, "peer": value{"torch": "2.15.0", "timm": "1.0.31", "device": n.note}, "rounds": 5, "seconds": 0.5,
		"results": []value{step("lean", 4, 0.814), step("released", 8, 0.4),
			{"case": "vit_demo load to first logits", "model": "vit_demo", "kind": "load to first logits", "compiles": true, "ours_ms": 722, "peer": "timm", "peer_ms": 300, "ratio": 2.4, "ratio_low": 2, "ratio_high": 3, "peak_mib": 200},
			{"case": "vit_tiny forward b8", "model": "vit_tiny", "kind": "forward", "peer": "timm", "peak_mib": 0, "error": "bench: peer /home/someone/env/python: it ended: " + n.title}},
		"growth": []value{point(4, "", 3), point(8, "", 2.5), point(8, "rematerialise", 3.5)}}})
	return dir
}

func TestBenchPage(t *testing.T) {
	dir := benched(t, plain())
	tags, text := elements(t, page(t, report.Write, dir))
	says(t, "the page", text, []string{
		"xla:cpu on 2 cores, Ours, beside PyTorch 2.15.0.", "the median of 5 rounds", "Its load was 3.4 on 2 cores", "Ratio to PyTorch, our compilation included", "step first-order", "same, released", "as fast",
		"vit_demo step first-order b8", "3.26", "0.81", "[0.41, 1.63]", "513", "790", "722", "Not measured", "vit_tiny forward b8",
		"Time by batch", "Peak memory by batch", "ours, rematerialise", "ours: gomlx", "v0.28.6", "peer: timm", "1.0.31", "PJRT 0.70",
	}, []string{"/home/someone", "PyTorch lean"})
	if count(tags, "script") != 0 {
		t.Error("the page has a script")
	}
	table, err := report.BenchTable(dir)
	if err != nil || len(table.Rows) != 4 || table.Rows[0].Name != "vit_demo step first-order b8" || !table.Rows[3].Rule {
		t.Errorf("table %+v, %v", table.Rows, err)
	}
}

// TestBenchAlone: without a peer nothing speaks of one.
func TestBenchAlone(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, map[string]any{"bench.json": value{"date": "2026-11-25", "cores": 1, "backend": "go", "rounds": 1,
		"results": []value{{"case": "vit_demo forward b8", "model": "vit_demo", "kind": "forward", "ours_ms": 12, "peak_mib": 80}}}})
	_, text := elements(t, page(t, report.Write, dir))
	says(t, "the page", text, []string{"go on one core, an unnamed processor.", "one round", "12.0", "80.0"}, []string{"PyTorch", "ratio", "Growth", "Not measured", "busy"})
	put(t, dir, map[string]any{"bench.json": "{"})
	if _, err := report.Write(dir); err == nil || !strings.Contains(err.Error(), "bench.json") {
		t.Errorf("a damaged bench.json: %v", err)
	}
}

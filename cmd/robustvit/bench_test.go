package main

import (
	"path/filepath"
	"strings"
	"testing"
)

// TestBench measures one case of the demonstration model.
func TestBench(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "bench")
	got := works(t, "bench", "--models", "demo", "--cases", "forward", "--rounds", "1", "--seconds", "0", "--batch", "2", "--out", dir)
	results, _ := got["results"].([]any)
	if len(results) != 1 || got["backend"] != "go" {
		t.Fatalf("%v", got)
	}
	one, _ := results[0].(map[string]any)
	if ms, _ := one["ours_ms"].(float64); one["case"] != "vit_demo forward b2" || ms <= 0 {
		t.Errorf("result %v", one)
	}
	if page := readAll(t, filepath.Join(dir, "report.html")); !strings.Contains(string(page), "vit_demo forward b2") {
		t.Error("the page does not show the case")
	}
	if list := command(t, "bench", "--list"); list.code != 0 || !strings.Contains(list.out, "tokencut") {
		t.Errorf("--list: %d, %s", list.code, list.out)
	}
}

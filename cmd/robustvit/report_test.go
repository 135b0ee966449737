package main

import (
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReportOfExperiments: a folder of experiments gets every page and an index;
// one that cannot be read is named and keeps the others from nothing.
func TestReportOfExperiments(t *testing.T) {
	dir := t.TempDir()
	put := func(name, content string) {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	put("table-3/results.json", `{"kind": "experiment", "name": "table-3", "title": "Segmentation", "claims": [{"claim": "Maps improve.", "verdict": "held", "text": "mIoU rose."}]}`)
	index := filepath.Join(dir, "index.html")
	if got := works(t, "report", dir); got["report"] != index {
		t.Errorf("report of a folder: %v, expected %s", got, index)
	}
	if got := works(t, "report", filepath.Join(dir, "table-3")); got["report"] != filepath.Join(dir, "table-3", "report.html") {
		t.Errorf("report of an experiment: %v", got)
	}
	put("table-4/results.json", `{"kind": "experi`)
	if err := os.Remove(index); err != nil {
		t.Fatal(err)
	}
	got := command(t, "report", dir)
	if got.code != 1 || !strings.Contains(got.stderr, filepath.Join("table-4", "results.json")) {
		t.Errorf("a damaged experiment: code %d, %s", got.code, got.stderr)
	}
	if page := readAll(t, index); !bytes.Contains(page, []byte("table-3/report.html")) || !bytes.Contains(page, []byte("Not shown")) {
		t.Error("the index lacks what could be read, or does not say what could not")
	}
}

// TestReportOfRuns: a folder of runs gets an index and the pages that are
// missing, in the colours that were asked for.
func TestReportOfRuns(t *testing.T) {
	dir := t.TempDir()
	for name, content := range map[string]string{
		"a/ours/config.json": `{"kind": "finetune", "variant": {"name": "tiny"}, "classes": [1], "epochs": 1, "batch": 8}`,
		"masks/config.json":  `{"kind": "masks"}`,
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	index := filepath.Join(dir, "index.html")
	if got := works(t, "report", dir, "--colormap", "inferno"); got["report"] != index {
		t.Errorf("report of a folder of runs: %v, expected %s", got, index)
	}
	if page := readAll(t, index); !bytes.Contains(page, []byte("./a/ours/report.html")) || !bytes.Contains(page, []byte("not finished")) {
		t.Error("the index lacks a run")
	}
	if page := filepath.Join(dir, "a", "ours", "report.html"); works(t, "report", filepath.Dir(page))["report"] != page {
		t.Error("a finetuning has no page")
	}
	if got := command(t, "report", dir, "--colormap", "rainbow"); got.code != 2 || !strings.Contains(got.stderr, "viridis") {
		t.Errorf("an unknown colour map: code %d, %s", got.code, got.stderr)
	}
}

package notebooks

import (
	_ "embed"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

//go:embed testdata/complete.py
var completion string

// TestCompletion presses Tab and Shift+Tab in the real kernel: gopls knows the
// standard library and the project's packages.
func TestCompletion(t *testing.T) {
	root := labRoot(t)
	if _, err := os.Stat(filepath.Join(root, "bin", "gopls")); err != nil {
		t.Skip("gopls is not in bin/: the lab's setup could not build it")
	}
	const imports = "import (\n\t\"fmt\"\n\n\t\"github.com/robustvit/workbench/viz/notebook\"\n)"
	tests := []struct{ code, want, inspect, explains string }{
		{"%%\nfmt.Prin", "Println", "%%\nfmt.Println", "func fmt.Println"},
		{"%%\nnotebook.Wat", "Watch", "%%\nnotebook.Watch", "follows a finetuning"},
	}
	var complete, inspect []string
	for _, test := range tests {
		complete, inspect = append(complete, test.code), append(inspect, test.inspect)
	}
	var got struct {
		Matches      [][]string `json:"matches"`
		Explanations []string   `json:"explanations"`
	}
	inKernel(t, root, completion, map[string]any{"folder": t.TempDir(), "cells": []string{firstCell, imports}, "complete": complete, "inspect": inspect}, &got)
	if len(got.Matches) != len(tests) || len(got.Explanations) != len(tests) {
		t.Fatalf("%d and %d answers to %d questions", len(got.Matches), len(got.Explanations), len(tests))
	}
	for i, test := range tests {
		if !slices.ContainsFunc(got.Matches[i], func(match string) bool { return strings.Contains(match, test.want) }) {
			t.Errorf("Tab after %q offers %q, want %q", test.code, got.Matches[i], test.want)
		}
		if !strings.Contains(got.Explanations[i], test.explains) {
			t.Errorf("Shift+Tab on %q says %q, want %q", test.inspect, got.Explanations[i], test.explains)
		}
	}
}

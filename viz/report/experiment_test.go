package report_test

import (
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/robustvit/workbench/viz/report"
	"golang.org/x/net/html"
)

var keepExperiments = flag.String("experiments", "", "folder to leave the pages of the test's experiments in, to look at")

func TestExperimentPage(t *testing.T) {
	root := experiments(t, plain())
	tags, text := elements(t, page(t, report.Write, filepath.Join(root, "sensitivity")))
	for _, want := range []string{
		"How many samples and classes it takes", "Do three images a class", "In the paper: Figure 7, Tables 10 and 11.",
		"✓ Held", "✗ Not held", "◐ Partly", "○ Not tested", "(Section 5 / Figure 7)", "val fell by −8.4 points", "How to read this",
		"80.0 [77.0, 83.0] paper 85.0", "78.6 ± 0.6 paper 89.0", "≈ −1.4 [−3.4, 0.6] paper −0.3", "not run", "– paper −0.8", "▲ −1.4", // ECE: lower is better
		"Ours, paper", "r = −0.99", "ECE", "of 20 rose", "of 1000 rose", "Largest gains", "black-footed ferret",
		"✗ star4 0.71", "✓ heart 0.62", "Rule: the paper's loss", "Runs", "105f4bc6aa00",
		"demo:vit, shapes", "lambda relevance 0.8, order first-order", "8f3d1c2b9a7e6f5d4c3b2a19", "0123456789abcdef0123456789abcdef01234567",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if svgs, imgs := count(tags, "svg"), count(tags, "img"); svgs != 7 || imgs != 3*3+1+1 {
		t.Errorf("%d plots and %d images, expected 7 and 11", svgs, imgs)
	}
	for _, forbidden := range []string{"script", "iframe", "form", "link", "object"} {
		if count(tags, forbidden) != 0 {
			t.Errorf("the page has a %s element", forbidden)
		}
	}
}

// links lists the addresses of a page that do not stay on it.
func links(t testing.TB, text string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if a.Key == "href" && !strings.HasPrefix(a.Val, "#") {
				out = append(out, a.Val)
			}
		}
	}
	return out
}

func TestExperimentIndex(t *testing.T) {
	root := experiments(t, plain())
	if *keepExperiments != "" {
		if err := os.CopyFS(*keepExperiments, os.DirFS(root)); err != nil {
			t.Fatal(err)
		}
		root = *keepExperiments
	}
	index := page(t, report.Write, root)
	tags, text := elements(t, index)
	for _, want := range []string{"The paper's experiments, run again: 2.", "2 held, 1 partly, 1 not held, 1 not tested", "Figure 7, Tables 10 and 11", "Open tables-1-2", "Does accuracy rise under shift?", "mean of 3 shift sets"} {
		if !strings.Contains(text, want) {
			t.Errorf("the index does not say %q", want)
		}
	}
	if strings.Contains(text, "Sketch") || count(tags, "svg") != 1 {
		t.Error("the index shows more than one plot or the key row of each")
	}
	want := []string{"./sensitivity/report.html", "./tables-1-2/report.html", "./sensitivity/report.html", "./tables-1-2/report.html"}
	if diff := cmp.Diff(want, links(t, index)); diff != "" {
		t.Errorf("links of the index:\n%s", diff)
	}
	one := page(t, report.WriteExperiment, filepath.Join(root, "sensitivity"))
	if diff := cmp.Diff([]string{"./../index.html", "./../points/vit-ours/report.html"}, links(t, one)); diff != "" {
		t.Errorf("links of an experiment, the second run has no folder:\n%s", diff)
	}
	for _, dir := range []string{root, filepath.Join(root, "sensitivity")} {
		for _, link := range links(t, page(t, report.Write, dir)) {
			if _, err := os.Stat(filepath.Join(dir, link)); err != nil {
				t.Errorf("a link of %s leads nowhere: %v", dir, err)
			}
		}
	}
	if again := page(t, report.Write, root); again != index {
		t.Error("two indexes of the same folder differ")
	}
}

// TestBrokenExperiment: one damaged folder is named and the others are shown.
func TestBrokenExperiment(t *testing.T) {
	root := experiments(t, plain())
	put(t, root, map[string]any{"cut/results.json": `{"kind": "exp`, "lost/results.json": value{"kind": "experiment", "name": "lost", "sections": []value{{"title": "S", "galleries": []value{
		{"title": "G", "columns": []string{"a"}, "rows": []value{{"label": "first", "pictures": []value{{"file": "pictures/gone.png"}}}}}}}}}})
	path, err := report.Write(root)
	if err == nil || !strings.Contains(err.Error(), filepath.Join("cut", "results.json")) || !strings.Contains(err.Error(), "gone.png") {
		t.Errorf("error is %v, expected both folders in it", err)
	}
	text, readErr := os.ReadFile(path)
	if readErr != nil || !strings.Contains(string(text), "gone.png") || !strings.Contains(string(text), "Open tables-1-2") {
		t.Errorf("the index does not name what is missing, or lacks the others: %v", readErr)
	}
	if _, err := report.WriteIndex(t.TempDir()); err == nil || !strings.Contains(err.Error(), "robustvit sweep") {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestExperimentFaults(t *testing.T) {
	plot := func(kind string, series value) value {
		return value{"kind": "experiment", "name": "x", "sections": []value{{"title": "S", "plots": []value{{"kind": kind, "title": "P", "names": []string{"a", "b"}, "series": []value{series}}}}}}
	}
	for _, c := range []struct {
		name    string
		results any
		want    []string
	}{
		{"unknown plot", plot("pie", value{}), []string{"results.json", `section "S"`, `kind "pie"`, "reliability or sorted"}},
		{"values of other names", plot("sorted", value{"name": "s", "y": []float64{1}}), []string{"1 values, expected 2"}},
		{"bars of other names", plot("bars", value{"name": "s", "y": []float64{1}}), []string{`series "s" has 1 values, expected 2`}},
		{"a verdict of another word", value{"kind": "experiment", "name": "x", "claims": []value{{"claim": "C", "verdict": "true"}}}, []string{"results.json", `verdict on "C" is "true"`}},
		{"no name", value{"kind": "experiment"}, []string{`name ""`, "expected"}},
		{"words for numbers", plot("bars", value{"y": []string{"x"}}), []string{"results.json", "not the JSON"}},
		{"a long row", value{"kind": "experiment", "name": "x", "sections": []value{{"title": "S", "tables": []value{{"title": "T", "rows": []value{{"name": "r", "cells": []value{{}}}}}}}}}, []string{`table "T": row "r" has 1 cells`}},
	} {
		dir := t.TempDir()
		put(t, dir, map[string]any{"results.json": c.results})
		_, err := report.WriteExperiment(dir)
		for _, want := range c.want {
			if err == nil || !strings.Contains(err.Error(), want) {
				t.Errorf("%s: error is %v, expected %q in it", c.name, err, want)
			}
		}
	}
	if _, err := report.WriteExperiment(t.TempDir()); err == nil || !strings.Contains(err.Error(), "it goes on") {
		t.Errorf("an empty folder: %v", err)
	}
}

func TestResultsBlock(t *testing.T) {
	root := experiments(t, plain())
	if err := os.Rename(filepath.Join(root, "sensitivity", "results.json"), filepath.Join(root, "sensitivity.json")); err != nil {
		t.Fatal(err)
	}
	block, err := report.ResultsBlock(root, "sensitivity/r1", false)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"**R@1, %**", "| INet val | 80.0 [77.0, 83.0] (paper 85.0) | 78.6 ± 0.6 (paper 89.0) | ≈ −1.4 [−3.4, 0.6] (paper −0.3) |", "| not run | – (paper −0.8) |",
		"`sensitivity`: models demo:vit, shapes, data shapes, images per set 500, seed 0, backend xla:cpu, commit 0123456789ab, configuration 8f3d1c2b9a7e."} {
		if !strings.Contains(block, want) {
			t.Errorf("the block lacks %q:\n%s", want, block)
		}
	}
	if short, err := report.ResultsBlock(root, "sensitivity/r1", true); err != nil || strings.Contains(short, "[77.0") || !strings.Contains(short, "80.0 (paper 85.0)") {
		t.Errorf("short block: %v\n%s", err, short)
	}
	for reference, want := range map[string]string{"sensitivity": "NAME/TABLE", "sensitivity/r2": "it has: r1, all, all", "sensitivity/all": "2 tables called", "none/r1": "none.json", "../x/r1": ".json"} {
		if _, err := report.ResultsBlock(root, reference, false); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: error is %v, expected %q in it", reference, err, want)
		}
	}
}

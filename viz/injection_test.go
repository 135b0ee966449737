package viz_test

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/hostile/markup"
	"github.com/robustvit/workbench/viz"
)

// named is every fragment of the package with s wherever text goes in.
func named(s string) []viz.Fragment {
	p, mask := scene(5, 16)
	m := spread(5, mask, .5)
	top := []viz.Prediction{{Class: s, Confidence: .6}, {Class: "other", Confidence: .3}}
	values := []viz.Estimate{viz.Around(1, 2), viz.Around(-3, 1)}
	return []viz.Fragment{
		viz.Prose{s, s}, viz.Verdicts{{viz.Rose, s}, {viz.NoTrend, s}}, viz.Callout{Title: s, Text: []string{s}},
		viz.KeyValues{{s, s}}, viz.Stats{{Label: s, Value: s, Detail: s}},
		viz.Table{Title: s, Corner: s, Note: s, Columns: []viz.Column{{Name: s, Group: s}, {Name: s, Group: "g"}}, Rows: []viz.TableRow{{Name: s, Cells: []viz.Cell{viz.Text(s), viz.Number(1, 1)}}}},
		viz.Curves{Title: s, Caption: s, X: viz.Axis{Label: s}, Y: viz.Axis{Label: s}, Series: []viz.Series{{Name: s, Y: []float64{1, 2}}}},
		viz.Bars{Title: s, Caption: s, Y: s, Names: []string{s, s}, Reference: &viz.Reference{Value: 1, Label: s}, Series: []viz.Group{{Name: s, Values: values}}},
		viz.Deltas{Title: s, Caption: s, X: s, Names: []string{s, s}, Series: []viz.Group{{Name: s, Values: values}}},
		viz.Gallery{Title: s, Lead: s, Items: []viz.GalleryItem{{ID: s, Truth: s, Note: s, Picture: p, Mask: &mask, Views: []viz.View{{Name: s, Relevance: &m, Top: top, Note: s}, {Name: s, Top: top}}}}},
		viz.LayerStrip{Title: s, Caption: s, Picture: p, Rows: []viz.StripRow{{Name: s, Maps: []viz.Map{m}}}, Labels: []string{s}},
		viz.Predictions{Title: s, Truth: s, Top: top},
		viz.ColorBar{Low: s, High: s, Label: s},
		viz.Progress{Title: s, Status: s, Note: s, Done: 1, Total: 2, Terms: []viz.Term{{Name: s, History: []float64{1, 2}}}, Strip: []viz.StripItem{{Name: s, Picture: p, Relevance: m}}},
		viz.Scatter{Title: s, Caption: s, X: viz.Axis{Label: s}, Y: viz.Axis{Label: s}, Clouds: []viz.Cloud{{Name: s, X: []float64{1, 2, 4}, Y: []float64{1, 3, 2}, Fit: true}}},
		viz.Reliability{Title: s, Caption: s, Models: []viz.Calibration{{Name: s, Confidence: []float64{.2, .8}, Accuracy: []float64{.1, .9}, Weights: []float64{3, 4}}}},
		viz.SortedChanges{Title: s, Caption: s, X: s, Names: []string{s, s}, Values: values}, viz.SortedChanges{Title: s, Names: []string{s, s}, Values: values, Most: 1, X: s},
		viz.PictureTable{Title: s, Note: s, Columns: []string{s}, Maps: s, Rows: []viz.PictureRow{{Label: s, Cells: []viz.PictureCell{{Picture: p, Relevance: &m, Caption: s, Mark: viz.Wrong}}}}},
		viz.Claims{{Text: s, Source: s, Evidence: s, Standing: viz.Partly}},
		viz.RunCard{Kind: s, Title: s, State: s, Facts: []string{s}, Unfinished: true, Fragments: []viz.Fragment{viz.Prose{s}}}, viz.RunCard{Title: s},
		viz.Details{Summary: s, Fragments: []viz.Fragment{viz.Row{viz.Prose{s}, nil}}},
	}
}

func fullPage(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	err := viz.WriteReport(&b, viz.Report{Title: s, Subtitle: s, Lead: []viz.Fragment{viz.Prose{s}}, Provenance: []viz.KeyValue{{s, s}},
		Sections: []viz.Section{{Title: s, Lead: s, Fragments: named(s)}, {Title: s}}})
	if err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func cells(t *testing.T, s string) string {
	t.Helper()
	var b bytes.Buffer
	for _, f := range named(s) {
		if err := viz.WriteFragment(&b, f); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// skeleton is what a page is made of.
func skeleton(t *testing.T, page string) []string {
	t.Helper()
	out, err := markup.Skeleton(page)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// TestInjection: whatever stands wherever text goes in, each fragment has the
// elements and attributes of one with harmless text.
func TestInjection(t *testing.T) {
	for kind, draw := range map[string]func(*testing.T, string) string{"report": fullPage, "cells": cells} {
		want := skeleton(t, draw(t, "harmless"))
		for i, text := range markup.Texts {
			t.Run(fmt.Sprintf("%s/%02d", kind, i), func(t *testing.T) {
				page := draw(t, text)
				if got := skeleton(t, page); !slices.Equal(got, want) {
					for k := range min(len(got), len(want)) {
						if got[k] != want[k] {
							t.Fatalf("element %d became %q, expected %q", k, got[k], want[k])
						}
					}
					t.Fatalf("%d elements, expected %d", len(got), len(want))
				}
				if at := markup.Hidden(page); at >= 0 {
					t.Errorf("a control or direction character reached the page: %q", page[max(at-40, 0):at+8])
				}
				for _, fault := range markup.Banned(page) {
					t.Error(fault)
				}
			})
		}
	}
}

func TestReportPolicy(t *testing.T) {
	page := fullPage(t, "x")
	if got := markup.Policies(page); !slices.Equal(got, []string{markup.Policy}) {
		t.Errorf("policies %q, expected %q", got, markup.Policy)
	}
	_, style, _ := strings.Cut(page, "<style>")
	style, _, _ = strings.Cut(style, "</style>")
	if !strings.Contains(style, "prefers-color-scheme:dark") || !strings.Contains(style, "@media print") {
		t.Error("the style sheet lacks its dark or its print part")
	}
}

package viz_test

import (
	"bytes"
	"encoding/base64"
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"

	"github.com/robustvit/workbench/viz"
)

// payloads are what a class, file, folder, model or data-set name must never do
// to a page.
var payloads = []string{
	`<script>alert(1)</script>`,
	`<img src=x onerror=alert(1)>`,
	`<svg onload=alert(1)>`,
	`<svg><script href="data:,alert(1)"/></svg>`,
	`"><script>alert(1)</script>`,
	`' onmouseover='alert(1)`,
	`" onfocus="alert(1)" autofocus="`,
	`javascript:alert(1)`,
	`<a href="javascript:alert(1)">x</a>`,
	`<iframe src="https://example.com"></iframe>`,
	`<button data-commandlinker-command="terminal:create-new">x</button>`,
	`<form action="https://example.com"><input type=submit></form>`,
	`<link rel=stylesheet href="https://example.com/x.css">`,
	`<meta http-equiv=refresh content="0;url=https://example.com">`,
	`<base href="https://example.com/">`,
	`</style><script>alert(1)</script>`,
	`</title></figure></table></svg><script>alert(1)</script>`,
	`{{.Title}}{{template "report" .}}{{printf "%s" "<b>"}}`,
	"`${alert(1)}`",
	`&lt;script&gt;alert(1)&lt;/script&gt; &#x3c;b&#x3e;`,
	`expression(alert(1));}body{background:url(https://example.com)}`,
	"a\u202egnp.exe\u2066\u200bb",
	"\x00\x1b[31m\x07\x1b]8;;https://example.com\x07\xff\xfe]]>",
	`<!--><script>alert(1)</script--> <![CDATA[<b>]]> <?php ?>`,
}

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

// skeleton lists the elements of a page in order with the names of their
// attributes; the drawings inside images count too.
func skeleton(t *testing.T, page string) []string {
	t.Helper()
	var out []string
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type == html.CommentNode {
			out = append(out, "comment")
		}
		if n.Type != html.ElementNode {
			continue
		}
		line := n.Data
		for _, a := range n.Attr {
			if a.Key != "transform" { // long names below bars are tilted
				line += " " + a.Key
			}
			if svg, ok := strings.CutPrefix(a.Val, "data:image/svg+xml;base64,"); ok {
				out = append(out, svgSkeleton(t, svg)...)
			}
		}
		out = append(out, line)
	}
	return out
}

func svgSkeleton(t *testing.T, encoded string) []string {
	t.Helper()
	b, err := base64.StdEncoding.DecodeString(encoded)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for d := xml.NewDecoder(bytes.NewReader(b)); ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return out
		}
		if err != nil {
			t.Fatalf("drawing is not well-formed: %v\n%.600q", err, b)
		}
		if e, ok := token.(xml.StartElement); ok {
			line := "image/" + e.Name.Local
			for _, a := range e.Attr {
				if a.Name.Local != "transform" {
					line += " " + a.Name.Local
				}
			}
			out = append(out, line)
		}
	}
}

func TestInjection(t *testing.T) {
	for kind, draw := range map[string]func(*testing.T, string) string{"report": fullPage, "cells": cells} {
		want := skeleton(t, draw(t, "harmless"))
		for i, payload := range payloads {
			t.Run(fmt.Sprintf("%s/%02d", kind, i), func(t *testing.T) {
				page := draw(t, payload)
				if got := skeleton(t, page); !slices.Equal(got, want) {
					for k := range min(len(got), len(want)) {
						if got[k] != want[k] {
							t.Fatalf("element %d became %q, expected %q", k, got[k], want[k])
						}
					}
					t.Fatalf("%d elements, expected %d", len(got), len(want))
				}
				if at := strings.IndexFunc(page, hidden); at >= 0 {
					t.Errorf("a control or direction character reached the page: %q", page[max(at-40, 0):at+8])
				}
				checkStatic(t, page)
			})
		}
	}
}

func hidden(r rune) bool {
	return r < ' ' && r != '\n' || r == 0x7f || r >= 0x200b && r <= 0x200f && r != 0x200c && r != 0x200d || r >= 0x202a && r <= 0x202e || r >= 0x2066 && r <= 0x2069 || r == 0xfffd
}

// checkStatic is H2: no script, handler, frame, form or button, no address that
// leaves the page.
func checkStatic(t *testing.T, page string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		switch n.Data {
		case "script", "iframe", "frame", "object", "embed", "form", "button", "input", "link", "base", "video", "audio", "foreignobject", "use", "animate":
			t.Errorf("banned element %s", n.Data)
		}
		for _, a := range n.Attr {
			value := strings.ToLower(a.Val)
			switch {
			case strings.HasPrefix(a.Key, "on") || a.Key == "srcdoc" || a.Key == "srcset" || a.Key == "action" || strings.HasPrefix(a.Key, "data-"):
				t.Errorf("banned attribute %s on %s", a.Key, n.Data)
			case a.Key == "href" && !strings.HasPrefix(value, "#"):
				t.Errorf("link to %q leaves the page", a.Val)
			case a.Key == "src" && !strings.HasPrefix(value, "data:image/png;base64,") && !strings.HasPrefix(value, "data:image/jpeg;base64,") && !strings.HasPrefix(value, "data:image/svg+xml;base64,"):
				t.Errorf("image from %.60q", a.Val)
			case a.Key == "style" && strings.Contains(value, "url("):
				t.Errorf("style with an address: %q", a.Val)
			}
		}
	}
}

func TestReportPolicy(t *testing.T) {
	page := fullPage(t, "x")
	checkStatic(t, page)
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	policy, style := "", ""
	for n := range root.Descendants() {
		if n.Data == "meta" && len(n.Attr) == 2 && n.Attr[0].Val == "Content-Security-Policy" {
			policy = n.Attr[1].Val
		}
		if n.Data == "style" {
			style = n.FirstChild.Data
		}
	}
	for _, want := range []string{"default-src 'none'", "img-src data:", "style-src 'unsafe-inline'"} {
		if !strings.Contains(policy, want) {
			t.Errorf("policy %q lacks %q", policy, want)
		}
	}
	if strings.Contains(style, "url(") || strings.Contains(style, "@import") {
		t.Error("the style sheet loads something")
	}
	if !strings.Contains(style, "prefers-color-scheme:dark") || !strings.Contains(style, "@media print") {
		t.Error("the style sheet lacks its dark or its print part")
	}
}

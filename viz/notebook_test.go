package viz_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"golang.org/x/net/html"
)

// TestUntrustedNotebook holds cells to what JupyterLab's sanitiser lets through
// (packages/apputils/src/sanitizer.ts): anything else would vanish, or leave
// its text behind, as soon as somebody else opens the notebook.
func TestUntrustedNotebook(t *testing.T) {
	tags := strings.Fields("html head body a b br caption code details div em figcaption figure img li ol p small span strong summary table tbody td th thead tr ul")
	attributes := strings.Fields("alt class colspan height href id lang open scope src style title width")
	// The value patterns that matter, in short: no var(), no calc(), colours in
	// hex, rgba() or by name, opacities with their leading zero.
	value := regexp.MustCompile(`^([a-zA-Z-]+|-?[0-9]+(\.[0-9]+)?(px|%|em)?|#[0-9a-f]{6}|rgba\([0-9]+,[0-9]+,[0-9]+,0\.[0-9]+\)|[A-Za-z, -]+)$`)
	lost := strings.Fields("font-variant-numeric image-rendering") // progressive: nothing depends on them
	known := strings.Fields("background-color border border-bottom border-collapse border-left border-radius border-top caption-side color display font-family font-size font-style font-weight height left line-height list-style margin margin-right max-width min-width opacity overflow overflow-x padding padding-right position right text-align text-overflow top vertical-align white-space width word-break")
	root, err := html.Parse(strings.NewReader(cells(t, "name")))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Type != html.ElementNode {
			continue
		}
		if !slices.Contains(tags, n.Data) {
			t.Errorf("element %s would be stripped", n.Data)
		}
		for _, a := range n.Attr {
			if !slices.Contains(attributes, a.Key) {
				t.Errorf("attribute %s of %s would be stripped", a.Key, n.Data)
			}
			if a.Key != "style" {
				continue
			}
			for _, declaration := range strings.Split(strings.TrimSuffix(a.Val, ";"), ";") {
				property, values, _ := strings.Cut(declaration, ":")
				if slices.Contains(lost, property) {
					continue
				}
				if !slices.Contains(known, property) {
					t.Errorf("style %q of %s would be stripped", declaration, n.Data)
				}
				for _, v := range strings.Fields(values) {
					if !value.MatchString(v) {
						t.Errorf("style %q of %s: value %q would be stripped", declaration, n.Data, v)
					}
				}
			}
		}
	}
}

package notebooks

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/go-rod/rod"

	"github.com/robustvit/workbench/tests/browser"
	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/viz"
)

// shownFragments are what notebooks show heatmaps in.
func shownFragments() []struct {
	name     string
	fragment viz.Fragment
} {
	const side = 32
	p := viz.Picture{Width: side, Height: side, Pix: make([]uint8, 3*side*side)}
	m := viz.Map{Width: side, Height: side, Pix: make([]float32, side*side)}
	for i := range m.Pix {
		p.Pix[3*i], m.Pix[i] = uint8(8*(i%side)), float32(i/side)/side
	}
	top := []viz.Prediction{{Class: "heart", Confidence: .6}, {Class: "ring", Confidence: .3}}
	return []struct {
		name     string
		fragment viz.Fragment
	}{
		{"gallery", viz.Gallery{Title: "Gallery", Items: []viz.GalleryItem{{ID: "val/1", Truth: "heart", Picture: p, Mask: &m,
			Views: []viz.View{{Name: "before", Relevance: &m, Top: top}, {Name: "after", Relevance: &m, Top: top}}}}}},
		{"picture table", viz.PictureTable{Title: "Pictures", Columns: []string{"before", "after"}, Rows: []viz.PictureRow{{Label: "val/1",
			Cells: []viz.PictureCell{{Picture: p, Relevance: &m, Caption: "62 %", Mark: viz.Right}, {Picture: p, Relevance: &m}}}}}},
		{"layer strip", viz.LayerStrip{Title: "Layers", Picture: p, Rows: []viz.StripRow{{Name: "before", Maps: []viz.Map{m, m, m}}}}},
		{"live view", viz.Progress{Title: "Finetuning", Done: 3, Total: 10, Terms: []viz.Term{{Name: "loss", History: []float64{3, 2, 1}}},
			Strip: []viz.StripItem{{Name: "val/1", Picture: p, Relevance: m}}}},
	}
}

// TestUntrusted is H3: a notebook of somebody else's, whose outputs JupyterLab
// does not trust, shows its heatmaps all the same: nothing of them is stripped.
// What would run in them is.
func TestUntrusted(t *testing.T) {
	open := sync.OnceValue(func() *rod.Page { return openUntrusted(t) })
	for i, c := range shownFragments() {
		catalogue.Case(t, "H3", c.name, func(t *testing.T) {
			labRoot(t)
			if !browser.There() {
				t.Skip("no browser is installed; next: apt-get install chromium")
			}
			checkShown(t, open(), i, c.fragment)
		})
	}
}

// intruder stands in an output beside the heatmaps.
const intruder = `<p><b>intruder</b><script>document.title = "taken"</script><img src="x" onerror="document.title = 'taken'"><button data-commandlinker-command="terminal:create-new">x</button></p>`

// openUntrusted opens a notebook with the fragments as outputs in JupyterLab.
// Nobody has signed it, as if it came by mail.
func openUntrusted(t *testing.T) *rod.Page {
	t.Helper()
	root := standIn(t, labRoot(t))
	var cells []any
	show := func(html string) {
		cells = append(cells, map[string]any{"cell_type": "code", "id": fmt.Sprint("c", len(cells)), "metadata": map[string]any{}, "execution_count": 1, "source": "",
			"outputs": []any{map[string]any{"output_type": "display_data", "metadata": map[string]any{}, "data": map[string]any{"text/html": html}}}})
	}
	show(intruder)
	for _, c := range shownFragments() {
		html, err := viz.HTML(c.fragment)
		if err != nil {
			t.Fatal(err)
		}
		show(html)
	}
	text, err := json.Marshal(map[string]any{"nbformat": 4, "nbformat_minor": 5, "cells": cells,
		"metadata": map[string]any{"kernelspec": map[string]any{"name": "gonb", "display_name": "Go (gonb)", "language": "go"}}})
	if err == nil {
		err = os.MkdirAll(filepath.Join(root, "notebooks"), 0o755)
	}
	if err == nil {
		err = os.WriteFile(filepath.Join(root, "notebooks", "mailed.ipynb"), text, 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	base, token := startServer(t, root, 0)
	page := browser.Page(t, browser.Open(t), base+"/lab/tree/notebooks/mailed.ipynb?token="+token, 1400, 2200, "light")
	page.MustElementR(".jp-OutputArea-output b", "intruder")
	page.MustWaitDOMStable()
	picture(t, "untrusted", page.MustScreenshot())
	left := page.MustElementR(".jp-OutputArea-output", "intruder").MustHTML()
	if title := page.MustInfo().Title; title == "taken" || strings.Contains(left, "<script") || strings.Contains(left, "onerror") || strings.Contains(left, "commandlinker") {
		t.Errorf("what stands in an output can run: title %q, %s", title, left)
	}
	return page
}

// checkShown compares output i with its fragment: each element is there, each
// picture can be seen and has its size.
func checkShown(t *testing.T, page *rod.Page, i int, fragment viz.Fragment) {
	t.Helper()
	want, err := viz.HTML(fragment)
	if err != nil {
		t.Fatal(err)
	}
	output := page.MustElements(".jp-OutputArea-output .viz")[i]
	got := output.MustHTML()
	for _, tag := range []string{"div", "img", "span", "table", "td", "th", "strong", "figure"} {
		if had, has := strings.Count(want, "<"+tag+" "), strings.Count(got, "<"+tag+" "); had != has {
			t.Errorf("%d %s elements, the cell wrote %d", has, tag, had)
		}
	}
	output.MustScrollIntoView()
	seen := 0
	for _, img := range output.MustElements("img") {
		if img.MustEval(`() => { const r = this.getBoundingClientRect(); return this.complete && this.naturalWidth > 0 && r.width == this.getAttribute("width") && r.height == this.getAttribute("height") }`).Bool() {
			seen++
		}
	}
	if wrote := strings.Count(want, "<img "); seen != wrote || wrote == 0 {
		t.Errorf("%d pictures can be seen, the cell wrote %d", seen, wrote)
	}
}

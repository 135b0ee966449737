package viz_test

import (
	"bytes"
	"flag"
	"math"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/robustvit/workbench/viz"
)

var demoDir = flag.String("demo", "", "folder for the demonstration pages, to look at")

var (
	setNames = []string{"val", "v2", "A", "R", "Sketch", "ObjectNet", "SI location", "SI rotation", "SI size"}
	original = []float64{89.8, 80.6, 6.4, 18.2, 12.6, 21.4, 20.8, 14.0, 16.2}
	control  = []float64{-1.0, -0.5, 0.4, -0.6, 0.8, 0.2, 0.6, -0.4, 0.4}
	publish  = []float64{-1.9, -2.1, 2.6, 4.4, 1.0, 3.8, 4.0, 2.2, 3.0}
	ours     = []float64{-2.1, -1.1, 7.4, 6.2, 2.8, 8.2, 9.0, 5.4, 7.6}
	halves   = []float64{1.7, 1.3, 2.5, 1.9, 3.1, 2.2, 2.8, 2.4, 2.0}
)

func estimates(values []float64, scale float64) []viz.Estimate {
	var out []viz.Estimate
	for i, v := range values {
		out = append(out, viz.Around(v, halves[i]*scale))
	}
	return out
}

func sum(a, b []float64) []float64 {
	out := make([]float64, len(a))
	for i := range a {
		out[i] = a[i] + b[i]
	}
	return out
}

func accuracyTable() viz.Table {
	t := viz.Table{Title: "Top-1 accuracy, %", Corner: "set", Best: viz.BestOfRow,
		Note: "Small: 95 % interval over three splits. Bold: the best of its group. The paper's column is ViT-B on ImageNet: another model, another data set."}
	for _, g := range []string{"all classes", "set A (finetuned)", "set B (not finetuned)"} {
		for _, c := range []string{"original", "control", "published", "ours"} {
			t.Columns = append(t.Columns, viz.Column{Name: c, Group: g})
		}
	}
	t.Columns = append(t.Columns, viz.Column{Name: "gain", Group: "paper", Reference: true})
	for i, name := range setNames {
		row := viz.TableRow{Name: name, Rule: i == 2}
		for g := range 3 {
			shift := []float64{0, -0.4, 0.3}[g]
			row.Cells = append(row.Cells, viz.Number(original[i]+shift, 1).PlusMinus(halves[i]))
			for _, d := range [][]float64{control, publish, ours} {
				row.Cells = append(row.Cells, viz.Number(original[i]+shift+d[i], 1).PlusMinus(halves[i]))
			}
		}
		row.Cells = append(row.Cells, viz.Change([]float64{-.8, 2.1, 8.1, 6, 3, 7, 6, 7, 6}[i], 1))
		t.Rows = append(t.Rows, row)
	}
	return t
}

func changeTable() viz.Table {
	t := viz.Table{Title: "Change in points", Corner: "set", Columns: []viz.Column{{Name: "control"}, {Name: "published"}, {Name: "ours"}, {Name: "images"}}}
	for i, name := range setNames {
		t.Rows = append(t.Rows, viz.TableRow{Name: name, Cells: []viz.Cell{
			viz.Change(control[i], 1).PlusMinus(halves[i]), viz.Change(publish[i], 1).PlusMinus(halves[i]), viz.Change(ours[i], 1).PlusMinus(halves[i]), viz.Number(500, 0)}})
	}
	t.Rows = append(t.Rows, viz.TableRow{Name: "mean of seven shifts", Rule: true, Major: true, Cells: []viz.Cell{
		viz.Change(0.2, 1).PlusMinus(2.1), viz.Change(3.0, 1).PlusMinus(3.0), viz.Change(6.7, 1).PlusMinus(2.5), viz.Number(3500, 0)}})
	return t
}

func deltaPlot() viz.Deltas {
	return viz.Deltas{Title: "Change in top-1 accuracy", X: "points, with 95 % interval", Names: setNames, Rules: []int{2}, Series: []viz.Group{
		{Name: "control: cross-entropy", Values: estimates(control, 1), Color: viz.Grey},
		{Name: "ours, as published", Values: estimates(publish, 1.2), Color: viz.Blue},
		{Name: "ours, finetuned classes", Values: estimates(ours, 1), Color: viz.Orange},
	}, Caption: "Change against the original model on nine sets. The control saw the same images for the same steps."}
}

func barPlot() viz.Bars {
	return viz.Bars{Title: "Top-1 accuracy by set", Y: "top-1, %", Names: setNames, Reference: &viz.Reference{Value: 5, Label: "chance"}, Series: []viz.Group{
		{Name: "original", Values: estimates(original, .6), Color: viz.Grey},
		{Name: "control", Values: estimates(sum(original, control), .6), Color: viz.Teal},
		{Name: "published", Values: estimates(sum(original, publish), .6), Color: viz.Blue},
		{Name: "ours", Values: estimates(sum(original, ours), .6), Color: viz.Orange},
	}}
}

func lossCurves() viz.Curves {
	c := viz.Curves{Title: "Loss", X: viz.Axis{Label: "step"}, Y: viz.Axis{Label: "loss"}, Caption: "Terms of the objective, before their weights."}
	for k, name := range []string{"background", "foreground", "confidence"} {
		s := viz.Series{Name: name}
		for i := range 375 {
			t := float64(i) / 375
			s.Y = append(s.Y, []float64{.05, .52, .18}[k]*(0.35+0.65*math.Exp(-4*t))*(1+.12*math.Sin(float64(i*(k+3)))*math.Cos(float64(i)*1.7)))
		}
		c.Series = append(c.Series, s)
	}
	return c
}

func demoReport() viz.Report {
	var corrected, broken []viz.GalleryItem
	for i := range uint64(6) {
		corrected = append(corrected, item(i, true))
		broken = append(broken, item(i+20, false))
	}
	p, mask := scene(3, 64)
	strip := viz.LayerStrip{Title: "Relevance through the layers", Picture: p, Mask: &mask}
	for r, name := range []string{"before", "after"} {
		row := viz.StripRow{Name: name}
		for l := range uint64(4) {
			row.Maps = append(row.Maps, spread(l, mask, .2+.15*float64(l)+.2*float64(r)))
		}
		strip.Rows = append(strip.Rows, row)
	}
	logLoss := lossCurves()
	logLoss.Title, logLoss.Y.Log, logLoss.Width, logLoss.Caption = "Loss, logarithmic", true, 480, ""
	plain := lossCurves()
	plain.Width = 480
	return viz.Report{
		Title: "Does relevance on the object make the model robust?", Subtitle: "RobustViT on the embedded shapes: one demo ViT, 20 classes, 10 of them finetuned, nine evaluation sets.",
		Lead: []viz.Fragment{
			viz.Stats{{Label: "seven shifted sets, mean top-1", Value: "+6.7", Detail: "points ±2.5, 15.6 % before", Trend: viz.Rose}, {Label: "clean validation", Value: "−2.1", Detail: "points ±1.7, 89.8 % before", Trend: viz.Fell}, {Label: "relevance on the object (mIoU)", Value: "52.6", Detail: "48.8 before"}, {Label: "time", Value: "1:12", Detail: "2 cores, XLA:CPU"}},
			viz.Verdicts{{viz.Rose, "Accuracy rose on all seven shifted sets; on six of them beyond the noise of three splits."}, {viz.Fell, "Accuracy fell on the clean validation set by 2.1 points: more than the 0.8 points of the paper."}, {viz.Unchanged, "The control, finetuned on the same images with cross-entropy, did not move: its intervals hold zero on all nine sets."}},
		},
		Sections: []viz.Section{
			{Title: "What changed", Lead: "Each marker is the change against the original model; the line is the 95 % interval over three splits.", Fragments: []viz.Fragment{deltaPlot(), viz.Callout{Tone: viz.Note, Title: "Two confidence terms", Text: []string{"The published term takes the softmax over all classes. With few classes it pushes the logits of unseen classes down; ours takes the softmax over the finetuned classes only."}}, changeTable()}},
			{Title: "Accuracy", Fragments: []viz.Fragment{barPlot(), accuracyTable()}},
			{Title: "Galleries", Lead: "The same pictures before and after; the white line is the mask.", Fragments: []viz.Fragment{viz.Gallery{Title: "Corrected", Items: corrected, Total: 188}, viz.Gallery{Title: "Still wrong", Items: broken, Total: 312, Colors: viz.Jet, Blend: viz.Added, PageSize: 2}, strip}},
			{Title: "Training", Fragments: []viz.Fragment{viz.Row{plain, logLoss}, viz.Progress{Title: "finetune", Status: "running", Done: 240, Total: 375, Elapsed: 41 * time.Second, Terms: []viz.Term{{Name: "background", History: plain.Series[0].Y[:240]}, {Name: "foreground", History: plain.Series[1].Y[:240]}, {Name: "confidence", History: plain.Series[2].Y[:240]}}, Strip: []viz.StripItem{{Name: "heart", Picture: p, Relevance: strip.Rows[0].Maps[3]}}}, viz.Details{Summary: "Configuration", Fragments: []viz.Fragment{viz.KeyValues{{"batch", "8"}, {"rate", "4e-5 · 0.85^(epoch//2)"}, {"gradient", "first-order"}}}}}},
			{Title: "Limits", Fragments: []viz.Fragment{viz.Prose{"One object model under all of this, 20 classes, exact masks. It is a constructed demonstration of when the method helps.", "A better map is not by itself a more robust model."}, viz.Callout{Tone: viz.Warning, Text: []string{"The intervals cover splits of one pretrained model, not pretraining seeds."}}}},
		},
		Provenance: []viz.KeyValue{{"run", "runs/demo-3f2a"}, {"weights", "sha256 9b1c…77"}, {"backend", "XLA:CPU, 2 cores"}, {"protocol", "shapes 64 px"}, {"version", "v0.1.0"}},
	}
}

// TestDemoPages draws everything once; -demo DIR keeps the pages to look at.
func TestDemoPages(t *testing.T) {
	dir := *demoDir
	if dir == "" {
		dir = t.TempDir()
	}
	r := demoReport()
	var page, cell bytes.Buffer
	if err := viz.WriteReport(&page, r); err != nil {
		t.Fatal(err)
	}
	for _, s := range r.Sections {
		for _, f := range s.Fragments {
			if err := viz.WriteFragment(&cell, f); err != nil {
				t.Fatal(err)
			}
		}
	}
	for name, b := range map[string][]byte{"report.html": page.Bytes(), "cells.html": cell.Bytes()} {
		if err := os.WriteFile(filepath.Join(dir, name), b, 0o644); err != nil {
			t.Fatal(err)
		}
		t.Logf("%s: %d KB", name, len(b)/1024)
	}
	if *demoDir != "" {
		for _, table := range []viz.Table{accuracyTable(), changeTable()} {
			if err := table.WriteText(os.Stdout, viz.TextOptions{Width: 110, Color: true}); err != nil {
				t.Fatal(err)
			}
		}
	}
}

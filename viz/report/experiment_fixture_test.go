package report_test

import (
	"fmt"
	"image"
	"image/color"
	"math"
	"path/filepath"
	"testing"
)

// experiments writes a folder of two experiments, one with everything that a
// page can hold and one with a table alone, and a run that the first points to.
func experiments(t testing.TB, n names) string {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, map[string]any{"points/vit-ours/results.json": value{"models": []value{{"name": "a"}}, "sets": []value{{}}}, "points/vit-ours/report.html": "a page"})
	fullExperiment(t, filepath.Join(dir, "sensitivity"), n)
	put(t, dir, map[string]any{"tables-1-2/results.json": value{"kind": "experiment", "name": "tables-1-2", "title": "Robustness of six models", "question": "Does accuracy rise under shift?", "paper": "Tables 1 and 2",
		"claims":   []value{{"claim": "Robustness rises.", "source": "Table 1", "verdict": "held", "text": "By +6.1 points."}},
		"sections": []value{{"title": "Accuracy", "tables": []value{wideTable(n)}}}, "config_sha256": "abc", "commit": "def"}})
	return dir
}

func fullExperiment(t testing.TB, dir string, n names) {
	t.Helper()
	put(t, dir, map[string]any{"results.json": value{
		"kind": "experiment", "name": "sensitivity", "title": "How many samples and classes it takes, " + n.title, "question": "Do three images a class and half of the classes suffice? " + n.note, "paper": "Figure 7, Tables 10 and 11",
		"reading":       []string{"Generated silhouettes stand in for ImageNet; the sets carry the names of those they mirror. " + n.note, "The paper's numbers are those of ViT-B on ImageNet: compare directions, not heights."},
		"settings":      value{"models": []string{"demo:vit", n.data}, "data": n.data, "sets": []string{"val", "imagenet-a"}, "images_per_set": 500, "protocol": "native", "seed": 0, "backend": "xla:cpu", "objective": value{"lambda_relevance": 0.8, "order": "first-order"}},
		"config_sha256": "8f3d1c2b9a7e6f5d4c3b2a190817161514131211100f0e0d0c0b0a0908070605", "commit": "0123456789abcdef0123456789abcdef01234567",
		"points": []value{{"name": "vit-ours", "title": "ViT, " + n.title, "folder": "../points/vit-ours", "config_sha256": "8f3d1c2b9a7e6f5d", "weights_sha256": "105f4bc6aa00ff11"}, {"name": n.id, "title": n.title, "folder": "../points/" + n.id}},
		"claims": []value{
			{"claim": "Three samples for half of the classes suffice to reach the largest gain in robustness.", "source": "Section 5 / Figure 7", "verdict": "held", "text": "With three images a class shift accuracy rose by +6.1 points [4.6, 7.6], with fifteen by +6.3 [4.7, 7.9]. " + n.note},
			{"claim": "Two samples or considerably fewer classes hardly harm.", "source": n.set, "verdict": "not held", "text": "With two classes val fell by -8.4 points."},
			{"claim": "Set A and set B gain alike.", "source": "Figure 4", "verdict": "partly", "text": "On six of seven sets."},
			{"claim": "The same holds for DeiT.", "source": "Table 1", "verdict": "not tested", "text": "No DeiT among the embedded models."}},
		"sections": []value{
			{"title": "Samples a class " + n.set, "lead": "Each point is one finetuning; " + n.note, "tables": []value{wideTable(n)}, "plots": []value{curvesPlot(n), scatterPlot(n)}},
			{"title": "Changes", "plots": []value{barsPlot(n), changesPlot(n)}},
			{"title": "Calibration", "plots": []value{reliabilityPlot(n)}},
			{"title": "Classes", "plots": []value{sortedPlot(n, 20), sortedPlot(n, 1000)}},
			{"title": "What the models look at", "galleries": []value{{"title": "Drawn by seed " + n.title, "note": "Rule: " + n.note, "columns": []string{"Image", "Original", n.title}, "rows": galleryRows(n)}}},
			{"title": "All numbers", "collapsed": true, "tables": []value{{"name": "all", "columns": []value{{"name": "x"}}, "rows": []value{{"name": n.id, "cells": []value{{"value": 1}}}}}, {"name": "all"}}},
		}},
	})
	for i := range 3 {
		put(t, dir, map[string]any{fmt.Sprintf("pictures/%d.png", i): scene(64, i), fmt.Sprintf("pictures/%d-a.png", i): blob(16, 4+3*i, 8), fmt.Sprintf("pictures/%d-b.png", i): blob(16, 8, 8)})
	}
}

func galleryRows(n names) []value {
	var rows []value
	for i := range 3 {
		file := fmt.Sprintf("pictures/%d", i)
		rows = append(rows, value{"label": n.id, "pictures": []value{
			{"file": file + ".png", "caption": n.class}, {"file": file + ".png", "relevance": file + "-a.png", "caption": "star4 0.71", "mark": "wrong"},
			{"file": file + ".png", "relevance": file + "-b.png", "caption": n.class + " 0.62", "mark": "right"}}})
	}
	return append(rows, value{"label": "without maps", "pictures": []value{{"file": "pictures/0.png"}, {}}})
}

func wideTable(n names) value {
	var columns, rows []value
	for _, group := range []string{"ViT", "DeiT", n.title} {
		columns = append(columns, value{"name": "original", "group": group}, value{"name": "ours", "group": group}, value{"name": "change", "group": group})
	}
	columns = append(columns, value{"name": "ECE", "lower_is_better": true})
	for i, set := range []string{"INet val", n.set, "INet-R", "Sketch", "mean of 3 shift sets"} {
		var cells []value
		for g := range 3 {
			base, delta := 80-18*float64(i)+float64(g), 2.2*float64(i)-1.4
			cells = append(cells, value{"value": base, "low": base - 3, "high": base + 3, "digits": 1, "paper": base + 5}, value{"value": base + delta, "std": 0.64, "digits": 1, "paper": base + 9},
				value{"value": delta, "low": delta - 2, "high": delta + 2, "digits": 1, "change": true, "noise": math.Abs(delta) < 2, "paper": delta + 1.1, "paper_change": true})
		}
		if i == 3 {
			cells[7], cells[8] = value{"value": nil, "text": "not run"}, value{"value": nil, "digits": 1, "paper": -0.8, "paper_change": true}
		}
		cells = append(cells, value{"value": -1.4, "digits": 1, "change": true})
		rows = append(rows, value{"name": set, "rule": i == 1 || i == 4, "major": i == 4, "cells": cells})
	}
	return value{"name": "r1", "title": "R@1, %", "corner": "set", "columns": columns, "rows": rows, "note": "In brackets: 95 % intervals. ±: deviation over three seeds. " + n.note}
}

func curvesPlot(n names) value {
	x := []float64{1, 2, 3, 5, 15}
	return value{"kind": "curves", "title": "Mean accuracy under shift", "caption": "Dashed: the paper. " + n.note, "x": "images a class", "y": "R@1, %", "log_x": true, "series": []value{
		{"name": n.title, "x": x, "y": []any{22.1, 24.0, 26.2, 26.4, nil}, "low": []any{20.1, 22.0, 24.2, 24.4, nil}, "high": []any{24.1, 26.0, 28.2, 28.4, nil}},
		{"name": "Original", "x": x, "y": []float64{20, 20, 20, 20, 20}},
		{"name": n.title + ", paper", "x": x, "y": []float64{24, 27, 30, 30.2, 30.1}, "paper": true}}}
}

func scatterPlot(n names) value {
	return value{"kind": "scatter", "title": "Shift over val", "x": "change on val, points", "y": "change under shift, points", "diagonal": true, "series": []value{
		{"name": n.title, "fit": true, "x": []float64{-2, -1.1, -0.4, 0.3, 1, -0.35}, "y": []float64{7.5, 6.2, 3.1, 1.2, -0.4, 3.2}, "labels": []string{"λ 1.0", "λ 0.8", "λ 0.4 " + n.class, "λ 0.2", "λ 0", "λ 0.35"}},
		{"name": "paper", "paper": true, "x": []float64{-0.8}, "y": []float64{7.1}, "labels": []string{"ViT-B"}}}}
}

func barsPlot(n names) value {
	names := []string{"INet val", n.set, "INet-R", "Sketch", "ObjectNet", "SI location"}
	return value{"kind": "bars", "title": "R@1 by set", "y": "%", "names": names, "series": []value{
		{"name": "Original", "y": []float64{82, 16, 33, 35, 28, 33}, "low": []float64{80, 14, 31, 33, 26, 31}, "high": []float64{84, 18, 35, 37, 30, 35}},
		{"name": n.title, "y": []float64{80, 24, 39, 38, 35, 38}, "low": []float64{78, 22, 37, 36, 33, 36}, "high": []float64{82, 26, 41, 40, 37, 40}},
		{"name": n.title + ", paper", "paper": true, "y": []float64{81.3, 24.1, 39.5, 37.9, 35.1, 38.7}}}}
}

func changesPlot(n names) value {
	return value{"kind": "changes", "title": "Change in R@1", "x": "points", "names": []string{"INet val", n.set, "INet-R"}, "series": []value{
		{"name": "Control", "y": []float64{0.1, -0.2, 0.4}, "low": []float64{-1, -1.2, -0.9}, "high": []float64{1.2, 1, 1.6}},
		{"name": n.title, "y": []float64{-1.5, 6.2, 3}, "low": []float64{-2.5, 4.2, 1}, "high": []float64{-0.5, 8, 5}},
		{"name": "paper", "paper": true, "y": []float64{-0.8, 8.1, 6}}}}
}

func reliabilityPlot(n names) value {
	var x, over, good, few, many []any
	for i := range 10 {
		c := 0.05 + 0.1*float64(i)
		x, over, good = append(x, c), append(over, c*c), append(good, c*0.92)
		few, many = append(few, 5+i*i*4), append(many, 30+i*9)
	}
	over[0] = nil
	return value{"kind": "reliability", "title": "Reliability on val", "caption": "Red: the gap to the diagonal. " + n.note, "series": []value{
		{"name": "Original", "x": x, "y": over, "weights": few}, {"name": n.title, "x": x, "y": good, "weights": many}}}
}

func sortedPlot(n names, classes int) value {
	var names []string
	var y []float64
	for i := range classes {
		names = append(names, fmt.Sprintf("class %d", i))
		y = append(y, math.Round(300*math.Sin(float64(i*i))*math.Cos(float64(i))+4)/10)
	}
	names[0], names[1] = n.class, "black-footed ferret, a very long name of a class"
	return value{"kind": "sorted", "title": fmt.Sprintf("Change by class, %d classes", classes), "x": "points of accuracy", "names": names, "series": []value{{"name": n.title, "y": y}}}
}

// scene is a picture with an object on a striped ground.
func scene(size, k int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, size, size))
	for i := range size * size {
		x, y := i%size, i/size
		c := color.RGBA{uint8(70 + 60*((x/6+k)%2)), uint8(90 + 40*k), uint8(150 - 30*((y/9)%2)), 255}
		if math.Hypot(float64(x-size/2), float64(y-size/2)) < float64(size)*0.28 {
			c = color.RGBA{220, uint8(160 - 40*k), 60, 255}
		}
		img.SetRGBA(x, y, c)
	}
	return img
}

// blob is a relevance map of 16 bits around a point.
func blob(size, cx, cy int) image.Image {
	img := image.NewGray16(image.Rect(0, 0, size, size))
	for i := range size * size {
		d := math.Hypot(float64(i%size-cx), float64(i/size-cy)) / float64(size)
		img.SetGray16(i%size, i/size, color.Gray16{uint16(65535 * math.Exp(-18*d*d))})
	}
	return img
}

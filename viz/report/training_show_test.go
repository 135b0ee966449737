package report_test

import (
	"fmt"
	"image"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/viz"
	"github.com/robustvit/workbench/viz/report"
)

// watchedFiles is a run of 40 steps with 5 looks at an image of each set.
func watchedFiles() map[string]any {
	files := map[string]any{
		"watch/index.json": value{"rule": "by hash", "images": []value{
			{"class": 0, "class_name": "heart", "set": "A", "picture": "00.png"}, {"class": 1, "class_name": "star", "set": "B", "picture": "01.png"}}},
		"watch/00.png": image.NewRGBA(image.Rect(0, 0, 8, 8)), "watch/01.png": image.NewRGBA(image.Rect(0, 0, 8, 8)),
	}
	log := ""
	for step := 1; step <= 40; step++ {
		log += fmt.Sprintf("{\"step\":%d,\"epoch\":%d,\"background\":0.5,\"class\":1}\n", step, (step-1)/10)
	}
	files["log.jsonl"] = log
	for step := 0; step <= 40; step += 10 {
		dir := fmt.Sprintf("watch/step-%08d/", step)
		share := 0.2 + float64(step)/100
		files[dir+"00.png"], files[dir+"01.png"] = image.NewGray16(image.Rect(0, 0, 8, 8)), image.NewGray16(image.Rect(0, 0, 8, 8))
		files[dir+"index.json"] = value{"step": step, "maps": []value{
			{"relevance": "00.png", "predicted": 0, "on_mask": share}, {"relevance": "01.png", "predicted": 0}}}
	}
	return files
}

func TestTrainingShown(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, watchedFiles())
	plots, err := report.TrainingCurves(dir)
	if err != nil || len(plots) != 2 {
		t.Fatalf("%d plots, %v; want background and class, there is no foreground loss", len(plots), err)
	}
	strip, err := report.WatchedStrip(dir, 3)
	if err != nil {
		t.Fatal(err)
	}
	if got := strip.(viz.PictureTable).Columns; !slices.Equal(got, []string{"image", "before", "step 20", "step 40"}) {
		t.Errorf("looks %v, want three from the first to the last", got)
	}
	html, err := viz.HTML(strip)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"heart (A)", "star (B)", "20 %", "60 %", "by hash"} {
		if !strings.Contains(html, want) {
			t.Errorf("the strip lacks %q", want)
		}
	}
	curve, err := report.WatchedCurve(dir)
	if err != nil {
		t.Fatal(err)
	}
	series := curve.(viz.Curves).Series
	if len(series) != 1 || len(series[0].Y) != 5 || series[0].X[4] != 40 || series[0].Y[4] < 59.9 || series[0].Y[4] > 60.1 {
		t.Errorf("%+v, want set A alone, from 20 to 60 %%", series)
	}
}

func TestTrainingShownFaults(t *testing.T) {
	dir := t.TempDir()
	put(t, dir, map[string]any{"config.json": value{}})
	if _, err := report.TrainingCurves(dir); err == nil || !strings.Contains(err.Error(), "first step") {
		t.Errorf("no log: %v", err)
	}
	for _, look := range []func() error{
		func() error { _, err := report.WatchedStrip(dir, 9); return err },
		func() error { _, err := report.WatchedCurve(dir); return err },
	} {
		if err := look(); err == nil || !strings.Contains(err.Error(), "was not watched") {
			t.Errorf("no looks: %v", err)
		}
	}
}

package report_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/viz/report"
)

// says checks the words of a page, and those that it must not have.
func says(t *testing.T, what, text string, has, not []string) {
	t.Helper()
	for _, want := range has {
		if !strings.Contains(text, want) {
			t.Errorf("%s: the page does not say %q", what, want)
		}
	}
	for _, forbidden := range not {
		if strings.Contains(text, forbidden) {
			t.Errorf("%s: the page says %q", what, forbidden)
		}
	}
}

func TestFinetuningPage(t *testing.T) {
	n := plain()
	n.title = "demo:vit"
	dir := finetuned(t, n)
	tags, text := elements(t, page(t, report.Write, dir))
	says(t, "a stopped finetuning", text, []string{
		"Finetuning of demo:vit", "2 classes (data: shapes)", "40 of 60", // 160 images in batches of 8, three times
		"Mean background 0.5 last epoch; first epoch 1", "Not finished", "the checkpoint of step 30",
		"images of 8 × 8 pixels, patches of 4, 2 blocks of width 48 with 3 heads", "2 of its 4 classes, 80 images of each, 160 in all, over 3 epochs of batches of 8",
		"4e-05 × 0.85^(epoch/2). Augmentation: shift, pixels 4.", "0.8 × (2 × background + 0.3 × foreground) + 0.2 × class term", "class term confidence-all",
		"Whole loss (Eq. 5)", "mean over 20 steps", "Gradient norm", "Learning rate",
		"heart 0 100 100", "star4 1 60 50", "step 20", "✓ 50 %, on object 25 %", "✗ 50 %, on object 75 %", "heart, a training image", "Relevance on the object", "105f4bc6", "1.26",
	}, []string{"finished after"})
	// Four losses, gradient, rate and the share on the object; two pictures with two maps each and a colour bar.
	if svgs, imgs := count(tags, "svg"), count(tags, "img"); svgs != 7 || imgs != 7 {
		t.Errorf("%d plots and %d pictures, expected 7 and 7", svgs, imgs)
	}
	put(t, dir, map[string]any{"done.json": value{"weights_sha256": "after1234"}})
	_, text = elements(t, page(t, report.Write, dir))
	says(t, "a finished finetuning", text, []string{"after1234", "40 of 60 finished"}, []string{"Not finished", "checkpoint"})
}

// TestYoungFinetuning: before the first step there is only what was asked.
func TestYoungFinetuning(t *testing.T) {
	dir := finetuned(t, plain())
	for _, name := range []string{"log.jsonl", "manifest.jsonl", "watch", "checkpoints", ".command.json", "environment.jsonl"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	tags, text := elements(t, page(t, report.Write, dir))
	says(t, "a young finetuning", text, []string{"Finetuning of tiny", "begins anew: no checkpoint is saved yet", "What was asked"}, []string{"Losses", "Training images"})
	if count(tags, "svg") != 0 {
		t.Error("plots of no steps")
	}
}

func TestPretrainingPage(t *testing.T) {
	dir := pretrained(t, plain())
	put(t, dir, map[string]any{"evaluation/report.html": "a page"})
	text := page(t, report.Write, dir)
	_, words := elements(t, text)
	says(t, "a pretraining", words, []string{"Pretraining of tiny", "on shapes, then the paper's loss", "1 of 340", "regularisation of deit, mixup in 50 % of the batches, label smoothing 0.1", "Stage objects: 300 steps on 16000 images", "Each step."},
		[]string{"Not finished", "Background", "Training images"})
	if got := links(t, text); len(got) != 1 || got[0] != "./evaluation/report.html" {
		t.Errorf("links are %v", got)
	}
}

func TestTrainingFaults(t *testing.T) {
	for _, c := range []struct {
		name, file string
		content    any
		want       []string
	}{
		{"log", "log.jsonl", "nonsense\n", []string{"log.jsonl", "line 1"}},
		{"manifest", "manifest.jsonl", "{}\n[\n", []string{"manifest.jsonl", "line 2"}},
		{"done", "done.json", "[", []string{"done.json"}},
		{"config", "config.json", "{", []string{"config.json"}},
		{"kind", "config.json", value{"kind": "masks"}, []string{"masks.json"}},
		{"watched images", "watch/index.json", "{", []string{"watch", "index.json"}},
		{"a look of other images", "watch/step-00000020/index.json", value{"step": 20}, []string{"step-00000020/index.json", "0 maps, expected 2"}},
		{"a map", "watch/step-00000020/00.png", "text", []string{"step-00000020", "00.png"}},
		{"a way out", "watch/index.json", value{"images": []value{{"picture": "../../../x.png"}, {"picture": "00.png"}}}, []string{"inside the folder"}},
	} {
		dir := finetuned(t, plain())
		put(t, dir, map[string]any{c.file: c.content})
		_, err := report.Write(dir)
		for _, want := range c.want {
			if err == nil || !strings.Contains(filepath.ToSlash(err.Error()), want) {
				t.Errorf("%s: error is %v, expected %q in it", c.name, err, want)
			}
		}
	}
}

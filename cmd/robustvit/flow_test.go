package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/squares"
)

// TestWholeWay goes from a folder of images to exported weights.
func TestWholeWay(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	squares.Write(t, at("data"), squares.Options{Classes: 4, Images: 12})

	pretrain := []string{"pretrain", "--data", at("data"), "--size", "16", "--patch", "8", "--width", "16", "--depth", "2", "--heads", "2",
		"--steps", "30", "--batch", "8", "--rate", "0.003", "--out", at("base")}
	base := works(t, pretrain...)
	if again := works(t, pretrain...); again["weights_sha256"] != base["weights_sha256"] {
		t.Errorf("pretraining twice: %v, then %v", base["weights_sha256"], again["weights_sha256"])
	}

	finetune := []string{"finetune", "--weights", at("base"), "--data", at("data"), "--per-class", "2", "--keep", "all", "--epochs", "2", "--batch", "4",
		"--classes", "class1,class3", "--class-term", "confidence-finetuned", "--dir", at("ours")}
	works(t, finetune...)
	weights := readAll(t, at("ours/weights.safetensors"))
	works(t, finetune...)
	works(t, "finetune", "--resume", "--dir", at("ours"))
	if !bytes.Equal(weights, readAll(t, at("ours/weights.safetensors"))) {
		t.Error("running the finished run again changed its weights")
	}
	works(t, "finetune", "--resume", "--epochs", "3", "--dir", at("ours"))
	if bytes.Equal(weights, readAll(t, at("ours/weights.safetensors"))) {
		t.Error("a third epoch changed nothing")
	}

	auto := works(t, "finetune", "--weights", at("base"), "--data", at("data"), "--per-class", "1", "--keep", "all", "--epochs", "1", "--lr", "auto", "--dir", at("auto"))
	if rate, ok := auto["rate"].(float64); !ok || rate <= 0 {
		t.Errorf("--lr auto: %v", auto)
	}

	results := works(t, "evaluate", "--weights", at("base"), "--weights", at("ours"), "--data", at("data"), "--dir", at("eval"))
	if models, ok := results["models"].([]any); !ok || len(models) != 2 {
		t.Errorf("models: %v", results["models"])
	}
	table := string(readAll(t, at("eval/table.csv")))
	if lines := strings.Split(strings.TrimSpace(table), "\n"); len(lines) != 3 || !strings.HasPrefix(lines[2], "val,ours,48,") {
		t.Errorf("table.csv:\n%s", table)
	}
	for _, file := range []string{"records/val.base.jsonl", "records/val.ours.jsonl", "results.json", "report.html"} {
		readAll(t, at("eval/"+file))
	}
	segmentation := works(t, "segment", "--weights", at("base"), "--data", at("data"), "--dir", at("maps"))
	if s, ok := segmentation["segmentation"].(map[string]any); !ok || len(s) != 1 {
		t.Errorf("segmentation: %v", segmentation["segmentation"])
	}

	page := works(t, "explain", "--weights", at("base"), "--after", at("ours"), at("data/val/class1"), "--class", "class1", "--out", at("page"))
	if html := readAll(t, page["report"].(string)); !bytes.Contains(html, []byte("class1")) {
		t.Errorf("the page of the explanation, %d bytes, does not name the class", len(html))
	}
	if again := works(t, "report", at("page")); again["report"] != page["report"] {
		t.Errorf("report: %v, explain: %v", again["report"], page["report"])
	}

	masks := works(t, "masks", "--weights", at("base"), "--data", at("data"), "--min-separation", "0", "--max-sides", "4", "--min-area", "0", "--max-area", "1", "--out", at("made"))
	if masks["written"] == 0.0 {
		t.Errorf("masks: %v", masks)
	}
	cut := []string{"masks", "--method", "tokencut", "--weights", at("base"), "--data", at("data"), "--size", "full", "--solver", "off", "--min-separation", "0",
		"--max-sides", "4", "--min-area", "0", "--max-area", "1", "--min-gap", "0", "--out", at("cut")}
	if first, again := works(t, cut...), works(t, cut...); first["listed"] == 0.0 || fmt.Sprint(first) != fmt.Sprint(again) {
		t.Errorf("masks by tokencut: %v, then %v", first, again)
	}
	if again := works(t, "report", at("cut")); again["report"] != at("cut/masks.html") {
		t.Errorf("report of masks: %v", again)
	}
	if err := os.Remove(at("made/class0/train0.png")); err != nil {
		t.Fatal(err)
	}
	works(t, "finetune", "--weights", at("base"), "--data", at("data"), "--masks", at("made"), "--classes", "class0", "--per-class", "3",
		"--epochs", "1", "--keep", "all", "--dir", at("with-made"))
	if manifest := readAll(t, at("with-made/manifest.jsonl")); bytes.Contains(manifest, []byte("train0")) {
		t.Error("an image without a mask was chosen to train")
	}

	var sums []any
	for _, format := range []string{"timm", "transformers", "safetensors"} {
		result := works(t, "export", "--run", at("ours"), "--format", format, "--out", at("out-"+format))
		sums = append(sums, result["weights_sha256"])
		readAll(t, at("out-"+format+"/parity.safetensors"))
		works(t, "inspect", at("out-"+format))
	}
	converted := works(t, "convert", at("out-transformers/model.safetensors"), "--out", at("back.safetensors"), "--heads", "2")
	for _, sum := range append(sums, converted["weights_sha256"]) {
		if sum != sums[0] {
			t.Errorf("SHA-256 of the exports differ: %v, converted back %v", sums, converted["weights_sha256"])
		}
	}
	for _, path := range []string{"ours", "ours/weights.safetensors", "ours/manifest.jsonl", "data", "data/train/class1/train0.png", "data/train_masks/class1/train0.png"} {
		if finding := works(t, "inspect", at(path)); finding["kind"] == "" {
			t.Errorf("inspect %s: %v", path, finding)
		}
	}
	works(t, "data", "check", at("data"))
}

// TestDemo runs the main job on a folder with a model of its own, twice.
func TestDemo(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	squares.Write(t, at("data"), squares.Options{Classes: 4, Images: 4})
	works(t, "pretrain", "--data", at("data"), "--size", "16", "--patch", "8", "--width", "16", "--depth", "1", "--heads", "2",
		"--steps", "60", "--batch", "8", "--rate", "0.003", "--out", at("base"))
	demo := []string{"demo", "--offline", "--model", at("base"), "--data", at("data"), "--per-class", "1", "--epochs", "1", "--dir", at("run")}
	first := works(t, demo...)
	set := first["sets"].([]any)[0].(map[string]any)
	for _, key := range []string{"name", "top1_before", "top1_control", "top1_published", "top1_after", "top5_before", "top5_after"} {
		if _, ok := set[key]; !ok {
			t.Errorf("sets[0] has no %q: %v", key, set)
		}
	}
	for _, key := range []string{"segmentation", "set_a", "set_b", "seconds", "report", "verdict"} {
		if _, ok := first[key]; !ok {
			t.Errorf("the object has no %q", key)
		}
	}
	results := readAll(t, at("run/results.json"))
	second := works(t, demo...)
	if got, want := fmt.Sprint(second["sets"]), fmt.Sprint(first["sets"]); got != want {
		t.Errorf("running again: %s, before %s", got, want)
	}
	if !bytes.Equal(results, readAll(t, at("run/results.json"))) {
		t.Error("running again wrote results.json anew")
	}
}

func TestPrepare(t *testing.T) {
	dir := t.TempDir()
	squares.Square(t, filepath.Join(dir, "in.png"), 40, 1, 0)
	prepared := works(t, "prepare", filepath.Join(dir, "in.png"), "--protocol", "native", "--size", "32", "--out", filepath.Join(dir, "out.png"))
	if prepared["width"] != 40.0 || prepared["size"] != 32.0 {
		t.Errorf("%v", prepared)
	}
	if seen := works(t, "inspect", filepath.Join(dir, "out.png")); !strings.Contains(fmt.Sprint(seen["facts"]), "32 x 32 pixels") {
		t.Errorf("%v", seen)
	}
}

func TestDataWrite(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "shapes")
	works(t, "data", "write", dir, "--train", "20", "--per-set", "20")
	works(t, "data", "check", dir)
}

func readAll(t *testing.T, path string) []byte {
	t.Helper()
	content, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return content
}

package report_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"
)

// finetuned writes the folder of a finetuning on two classes, with three looks
// at two watched images of which the last is being written.
func finetuned(t testing.TB, n names) string {
	t.Helper()
	dir := t.TempDir()
	onMask := []any{0.25, nil}
	for i, step := range []string{"step-00000000", "step-00000020"} {
		var maps []value
		for k, on := range onMask {
			maps = append(maps, value{"relevance": fmt.Sprintf("0%d.png", k), "predicted": k + i, "confidence": 0.5, "on_mask": on})
		}
		onMask[0] = 0.75
		put(t, dir, map[string]any{"watch/" + step + "/index.json": value{"step": 20 * i, "maps": maps},
			"watch/" + step + "/00.png": relevance(8, 1+i), "watch/" + step + "/01.png": relevance(8, 2+i)})
	}
	put(t, dir, map[string]any{
		"config.json": value{"kind": "finetune", "variant": value{"name": "tiny", "image_size": 8, "patch": 4, "width": 48, "depth": 2, "heads": 3, "classes": 4}, "weights_sha256": "105f4bc6",
			"data": "train", "protocol": "native", "classes": []int{0, 1}, "per_class": 80, "epochs": 3, "batch": 8, "rate": 4e-5, "decay": 0.85, "seed": 7, "augment": value{"kind": "shift", "pixels": 4},
			"objective": value{"lambda_relevance": 0.8, "lambda_confidence": 0.2, "lambda_background": 2, "lambda_foreground": 0.3, "order": "first-order", "masks": "reference", "class_term": "confidence-all"},
			"optimizer": value{"beta1": 0.9}, "save_every": 15, "backend": "xla:cpu"},
		".command.json":                          value{"weights": n.title, "data": n.data},
		"environment.jsonl":                      `{"step":0,"environment":{"backend":"xla:cpu","versions":{"go":"1.26"}}}` + "\n",
		"log.jsonl":                              fullLog(),
		"manifest.jsonl":                         manifest(n),
		"checkpoints/step-00000030/state":        "x",
		"checkpoints/.step-00000045.tmp/x":       "x",
		"watch/index.json":                       value{"rule": n.note, "images": []value{{"id": n.id, "class": 0, "class_name": n.class, "set": "A", "trained": true, "picture": "00.png"}, {"id": "b", "class": 3, "class_name": "gear8", "set": "B", "picture": "01.png"}}},
		"watch/00.png":                           picture(8),
		"watch/01.png":                           picture(8),
		"watch/step-00000040/00.png":             relevance(8, 3),
		"step-rates/left/alone/deep/config.json": "{}",
	})
	return dir
}

// fullLog has two epochs of 20 steps; the background loss is 1 in the first and
// 0.5 in the second.
func fullLog() string {
	var b strings.Builder
	for step := 1; step <= 40; step++ {
		epoch := (step - 1) / 20
		text, _ := json.Marshal(value{"step": step, "epoch": epoch, "rate": 4e-5, "background": 1 - 0.5*float64(epoch), "foreground": 0.25, "class": 0.125, "total": 1.7, "gradient_norm": 2.5})
		fmt.Fprintf(&b, "%s\n", text)
	}
	return b.String()
}

// manifest lists 100 images of one class and 60 of another, 10 of them without a mask.
func manifest(n names) string {
	var b strings.Builder
	for i := range 160 {
		line := value{"id": fmt.Sprint(i), "class": 0, "class_name": n.class, "image_sha256": "aa", "mask_sha256": "bb"}
		if i >= 100 {
			line["class"], line["class_name"] = 1, "star4"
		}
		if i >= 150 {
			delete(line, "mask_sha256")
		}
		text, _ := json.Marshal(line)
		fmt.Fprintf(&b, "%s\n", text)
	}
	return b.String()
}

// pretrained writes the folder of a pretraining of two stages.
func pretrained(t testing.TB, n names) string {
	t.Helper()
	dir := t.TempDir()
	put(t, dir, map[string]any{"config.json": value{"kind": "pretrain", "variant": value{"name": "tiny", "image_size": 8, "patch": 4, "width": 48, "depth": 2, "heads": 3, "classes": 4}, "family": "deit", "batch": 64,
		"stages": []value{{"name": "objects", "source": n.data, "images": 16000, "steps": 300, "warmup": 10, "rate": 1e-3}, {"name": n.set, "source": n.note, "images": 8000, "steps": 40, "rate": 1e-3}},
		"mixup":  0.5, "smoothing": 0.1, "seed": 1, "backend": "xla:cpu"},
		"log.jsonl": `{"step":1,"epoch":0,"rate":0.0001,"class":2.9,"total":2.9,"gradient_norm":3}` + "\n", "weights.safetensors": "weights"})
	return dir
}

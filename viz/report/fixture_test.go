package report_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"image"
	"image/color"
	"image/png"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// value is any part of a JSON file.
type value = map[string]any

// put writes files of a run folder: JSON values, texts and pictures by name.
func put(t testing.TB, dir string, files map[string]any) {
	t.Helper()
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		var err error
		switch content := content.(type) {
		case string:
			b.WriteString(content)
		case image.Image:
			err = png.Encode(&b, content)
		default:
			err = json.NewEncoder(&b).Encode(content)
		}
		if err == nil {
			err = os.WriteFile(path, b.Bytes(), 0o644)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
}

func rate(percent float64) value {
	return value{"percent": percent, "low": percent - 4, "high": percent + 4, "hits": 1, "n": 500}
}

func change(points, half float64) value {
	return value{"points": points, "low": points - half, "high": points + half, "p": 0.01, "gained": 9, "lost": 3, "n": 500}
}

// names are what a job's files call things; tests put hostile text there.
type names struct{ set, class, id, title, note, data string }

func plain() names {
	return names{"INet-A", "heart", "imagenet-a/heart/000003", "Ours", "the paper's loss", "shapes"}
}

// mainJob writes the folder of a small main job: two sets, all four models, a
// gallery, logs.
func mainJob(t testing.TB, n names) string {
	t.Helper()
	dir := t.TempDir()
	models := []value{{"name": "before", "title": "Original", "note": "the pretrained model"}, {"name": "control", "title": "Control", "note": n.note},
		{"name": "published", "title": "As published", "note": n.note}, {"name": "after", "title": n.title, "note": n.note}}
	put(t, dir, map[string]any{"results.json": value{
		"models":  models,
		"sets":    []value{set("val", "INet val", false, -2.04), set("imagenet-a", n.set, true, 6.1)},
		"shift":   value{"control": change(0.2, 1), "published": change(3, 1), "after": change(6.1, 1.5)},
		"shift_a": value{"control": change(0.1, 1), "published": change(5, 1), "after": change(5.9, 1.5)},
		"shift_b": value{"control": change(-0.1, 1), "published": change(-0.04, 1), "after": change(6.3, 1.5)},
		"segmentation": value{"before": value{"pixel_accuracy": 70.8, "mean_iou": 51.1, "mean_average_precision": 59, "n": 500},
			"after": value{"pixel_accuracy": 72.8, "mean_iou": 53.2, "mean_average_precision": 60.7, "mean_average_precision_two_class": 78.4, "n": 500}},
		"set_a": []string{n.class, "star4"}, "set_b": []string{"gear8", "flower6"},
		"verdict": []value{{"model": "control", "kind": "noise", "text": "Control: nothing moved (95 % interval -0.8 to +1.2)."},
			{"model": "control", "kind": "noise", "text": "Control: nor there."},
			{"model": "after", "kind": "rose", "text": n.title + ": shift accuracy rose by 6.1 points."},
			{"model": "after", "kind": "fell", "text": n.title + ": val fell by 2.0 points."}},
		"backend": "xla:cpu", "images_per_set": value{"val": 500, "imagenet-a": 500}},
		"config.json": value{"kind": "main", "model": "demo:vit", "weights_sha256": "105f4bc6", "data": n.data,
			"class_names": []string{n.class, "star4", "gear8", "flower6"}, "arms": []value{{"title": "As published", "rate_factor": 0.5}},
			"finetune": value{"variant": value{"name": "tiny", "image_size": 8}, "protocol": "native", "per_class": 15, "epochs": 2, "batch": 8,
				"rate": 4e-5, "decay": 0.85, "seed": 7, "objective": value{"lambda_relevance": 0.8, "order": "first-order", "masks": "reference"}}},
		"environment.jsonl": `{"step":0,"environment":{"versions":{"go":"1.26"},"command":"robustvit demo"}}` + "\n",
	})
	for _, m := range []string{"control", "published", "after"} {
		put(t, dir, map[string]any{m + "/log.jsonl": trainingLog(m != "control"), m + "/done.json": value{"weights_sha256": "hash of " + m}})
	}
	putGallery(t, dir, n)
	return dir
}

func set(name, title string, shift bool, points float64) value {
	byModel := func(f func(step float64) value) value {
		return value{"before": f(0), "control": f(0.1), "published": f(0.5), "after": f(1)}
	}
	accuracy := func(base float64) value { return byModel(func(s float64) value { return rate(base + s*points) }) }
	delta := func(half float64) value {
		return value{"control": change(0.1*points, half), "published": change(0.5*points, half), "after": change(points, half)}
	}
	return value{"name": name, "title": title, "shift": shift, "top1": accuracy(40), "top5": accuracy(70), "top1_a": accuracy(41), "top1_b": accuracy(39),
		"delta": delta(1.5), "delta_a": delta(2), "delta_b": delta(2)}
}

// trainingLog has two epochs of 20 steps, and an unfinished line as a live run has.
func trainingLog(relevance bool) string {
	var b strings.Builder
	for step := 1; step <= 40; step++ {
		l := value{"step": step, "epoch": (step - 1) / 20, "background": 0.0, "foreground": 0.0, "class": 1 / float64(step)}
		if relevance {
			l["background"], l["foreground"] = 0.1/float64(step), 0.05
		}
		text, _ := json.Marshal(l)
		fmt.Fprintf(&b, "%s\n", text)
	}
	b.WriteString(`{"step":41,"epo`)
	return b.String()
}

func putGallery(t testing.TB, dir string, n names) {
	t.Helper()
	var items []value
	for _, kind := range []string{"corrected", "broken", "same"} {
		before, after := n.class, n.class
		switch kind {
		case "corrected":
			before = "star4"
		case "broken":
			after = "star4"
		}
		base := "gallery/imagenet-a/" + kind + "-1"
		view := func(said, model string) value {
			return value{"top": []value{{"class": 0, "name": said, "confidence": 0.625}, {"class": 3, "name": "gear8", "confidence": 0.2}},
				"relevance": base + "-" + model + ".png", "on_object": 43.4}
		}
		items = append(items, value{"set": "imagenet-a", "kind": kind, "id": n.id, "class_name": n.class, "image": base + ".png", "mask": base + "-mask.png",
			"views": value{"before": view(before, "before"), "published": view(before, "published"), "after": view(after, "after")}})
		put(t, dir, map[string]any{base + ".png": picture(8), base + "-mask.png": mask(8),
			base + "-before.png": relevance(8, 1), base + "-published.png": relevance(8, 2), base + "-after.png": relevance(8, 3)})
	}
	put(t, dir, map[string]any{"gallery.json": value{"rule": "Drawn by seed.", "seed": 7, "items": items,
		"models": []value{{"name": "before", "title": "Original"}, {"name": "published", "title": "As published"}, {"name": "after", "title": n.title}},
		"counts": []value{{"set": "val", "corrected": 1, "broken": 2, "same": 3, "images": 500}, {"set": "imagenet-a", "corrected": 4, "broken": 5, "same": 6, "images": 500}}}})
}

// explanation writes the folder of two explained images and a refused one.
func explanation(t testing.TB, n names) string {
	t.Helper()
	dir := t.TempDir()
	view := func(model string) value {
		top := []value{{"class": 0, "name": n.class, "logit": 3.1, "confidence": 0.625}, {"class": 1, "name": "star4", "logit": 1, "confidence": 0.2}}
		return value{"top": top, "explained": top[1], "relevance": "explain/0001-" + model + ".png"}
	}
	img := func(path string, orientation int) value {
		return value{"path": path, "width": 500, "height": 375, "orientation": orientation, "picture": "explain/0001.png",
			"views": value{"before": view("before"), "after": view("after")}}
	}
	put(t, dir, map[string]any{"explain.json": value{
		"models":   []value{{"name": "before", "title": "Before", "source": "demo:vit", "sha256": "1234"}, {"name": "after", "title": "After", "source": n.title, "sha256": "5678"}},
		"protocol": "native", "size": 8, "target": n.class, "listed": 3, "used": 2,
		"refused": []value{{"path": n.id, "error": "read image: " + n.note}},
		"images":  []value{img(n.id, 6), img("tench.JPEG", 0)}},
		"explain/0001.png": picture(8), "explain/0001-before.png": relevance(8, 1), "explain/0001-after.png": relevance(8, 2)})
	return dir
}

func picture(n int) image.Image {
	img := image.NewRGBA(image.Rect(0, 0, n, n))
	for i := range n * n {
		img.SetRGBA(i%n, i/n, color.RGBA{uint8(20 * (i % n)), 120, uint8(25 * (i / n)), 255})
	}
	return img
}

func mask(n int) image.Image {
	img := image.NewGray(image.Rect(0, 0, n, n))
	for i := range n * n / 2 {
		img.SetGray(i%n, i/n, color.Gray{255})
	}
	return img
}

func relevance(n, k int) image.Image {
	img := image.NewGray16(image.Rect(0, 0, n, n))
	for i := range n * n {
		img.SetGray16(i%n, i/n, color.Gray16{uint16(65535 * (i * k % (n * n)) / (n * n))})
	}
	return img
}

package main

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestImageNetLayouts runs every command on ImageNet's published layouts.
func TestImageNetLayouts(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	writeImageNet(t, at("imagenet"))
	tinyImageNetModel(t, at("vit.safetensors"))

	for _, quick := range []bool{true, false} {
		args := []string{"data", "check", at("imagenet")}
		if quick {
			args = append(args, "--quick")
		}
		got := command(t, args...)
		for _, says := range []string{"ImageNet-A, 2 folders named by WordNet id", "2 images used, 1 ignored", "a part of the set: 2 of 7500 images", "not there: SI-Score location, SI-Score size"} {
			if got.code != 0 || !strings.Contains(got.out, says) {
				t.Errorf("data check, quick %v: exit code %d, expected %q in\n%s%s", quick, got.code, says, got.out, got.stderr)
			}
		}
	}
	checked := works(t, "data", "check", "--quick", at("imagenet"))
	if sets, ok := checked["sets"].([]any); !ok || len(sets) != 9 || sets[0].(map[string]any)["recognised"] == nil {
		t.Errorf("data check --json: %v", checked)
	}

	list := works(t, "data", "manifest", at("imagenet"), "--out", at("train.jsonl"), "--validation", at("val.jsonl"), "--classes", "3", "--seed", "5")
	if list["images"] != 9.0 || list["validation_images"] != 1.0 {
		t.Errorf("data manifest: %v, expected 3 images of 3 classes and one of the other", list)
	}
	finetune := []string{"finetune", "--weights", at("vit.safetensors"), "--data", at("imagenet"), "--manifest", at("train.jsonl"), "--epochs", "1", "--dir", at("ours")}
	tuned := works(t, finetune...)
	if classes, ok := tuned["classes"].([]any); !ok || len(classes) != 3 {
		t.Errorf("finetune: %v", tuned)
	}
	if !bytes.Equal(readAll(t, at("train.jsonl")), readAll(t, at("ours/manifest.jsonl"))) {
		t.Error("the run's manifest is not the list that was asked for")
	}
	works(t, "finetune", "--resume", "--epochs", "2", "--dir", at("ours"))

	for protocol, want := range map[string][]string{"paper": {"1000-way", "first mapped class"}, "timm": {"200-way", "any mapped class"}} {
		results := works(t, "evaluate", "--weights", at("vit.safetensors"), "--weights", at("ours"), "--data", at("imagenet"), "--protocol", protocol, "--dir", at(protocol))
		text := string(readAll(t, at(protocol+"/results.json"))) + string(readAll(t, at(protocol+"/config.json")))
		page := string(readAll(t, at(protocol+"/report.html")))
		for _, rule := range want {
			if !strings.Contains(text, rule) || !strings.Contains(page, rule) {
				t.Errorf("%s: results, config or report do not name the rule %q", protocol, rule)
			}
		}
		if sets := results["sets"].([]any); len(sets) != 7 {
			t.Errorf("%s: %d sets, expected val, A, R, Sketch, v2, ObjectNet and SI-rotation", protocol, len(sets))
		}
		table := string(readAll(t, at(protocol+"/table.csv")))
		if !strings.Contains(table, "si-rotation/1,vit,1,") || !strings.Contains(table, "si-rotation/21,ours,2,") || !strings.Contains(page, "SI-rot.: top-1 by value") {
			t.Errorf("%s: no accuracy by angle in\n%s", protocol, table)
		}
	}
	records := string(readAll(t, at("timm/records/objectnet.vit.jsonl")))
	if !strings.Contains(records, `"accepted":[409,530]`) || strings.Contains(string(readAll(t, at("paper/records/objectnet.vit.jsonl"))), "accepted") {
		t.Errorf("accepted classes under timm alone: %s", records)
	}
}

// TestScoringEndToEnd: models whose answer is known, from files to accuracies.
func TestScoringEndToEnd(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	writeImageNet(t, at("imagenet"))
	for _, c := range []struct {
		says          string
		bias          map[int]float32
		set, protocol string
		hits, n       float64
	}{
		{"class 65", map[int]float32{65: 900}, "val", "paper", 1, 3}, // ILSVRC2012_val_00000001
		{"class 10", map[int]float32{10: 900}, "imagenet-v2", "paper", 1, 1},
		{"class 2", map[int]float32{2: 900}, "imagenet-v2", "paper", 0, 1}, // 10 is third among sorted strings
		{"class 0, then 6", map[int]float32{0: 900, 6: 500}, "imagenet-a", "paper", 0, 2},
		{"class 0, then 6", map[int]float32{0: 900, 6: 500}, "imagenet-a", "timm", 1, 2}, // 0 is not in A
		{"class 530", map[int]float32{530: 900}, "objectnet", "paper", 0, 2},
		{"class 530", map[int]float32{530: 900}, "objectnet", "timm", 1, 2}, // alarm_clock: 409 or 530
		{"class 340", map[int]float32{340: 900}, "si-rotation", "paper", 2, 3},
	} {
		name := strings.ReplaceAll(c.says+"-"+c.set+"-"+c.protocol, " ", "")
		biasedModel(t, at(name+".safetensors"), c.bias)
		results := works(t, "evaluate", "--weights", at(name+".safetensors"), "--data", at("imagenet"), "--sets", c.set, "--protocol", c.protocol, "--dir", at(name))
		set := results["sets"].([]any)[0].(map[string]any)
		for _, rate := range set["top1"].(map[string]any) {
			if r := rate.(map[string]any); r["hits"] != c.hits || r["n"] != c.n {
				t.Errorf("a model that says %s, %s under %s: %v of %v, expected %g of %g", c.says, c.set, c.protocol, r["hits"], r["n"], c.hits, c.n)
			}
		}
	}
}

// TestManifestRefusals: a changed image and doubtful flags end before training.
func TestManifestRefusals(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	writeImageNet(t, at("imagenet"))
	tinyImageNetModel(t, at("vit.safetensors"))
	works(t, "data", "manifest", at("imagenet"), "--out", at("train.jsonl"), "--classes", "2", "--per-class", "4")
	base := []string{"finetune", "--weights", at("vit.safetensors"), "--data", at("imagenet"), "--epochs", "1", "--dir", at("run")}
	refused := func(says string, more ...string) {
		t.Helper()
		got := command(t, append(base, more...)...)
		if got.code != 1 || !strings.Contains(got.stderr, says) {
			t.Errorf("%v: exit code %d, expected %q in %s", more, got.code, says, got.stderr)
		}
	}
	refused("leave out --classes", "--manifest", at("train.jsonl"), "--per-class", "2")
	refused("expected JSON Lines", "--manifest", at("imagenet/val/val.txt"))
	refused("no such file", "--manifest", at("none.jsonl"))
	line, _, _ := bytes.Cut(readAll(t, at("train.jsonl")), []byte("\n"))
	id := strings.Split(strings.SplitN(string(line), `"`, 5)[3], "/")
	writeObject(t, at("imagenet/train-semi/"+id[1]+"/"+id[2]+".JPEG"), 1, 20, 0)
	refused("other pixels in the image", "--manifest", at("train.jsonl"))
	if err := os.Remove(at("imagenet/train-semi/" + id[1] + "/" + id[2] + ".JPEG")); err != nil {
		t.Fatal(err)
	}
	refused("lacks sample", "--manifest", at("train.jsonl"))
}

// TestImageNetNeedsItsModel: the model's classes decide how folders are read.
func TestImageNetNeedsItsModel(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	writeImageNet(t, at("imagenet"))
	tinyImageNetModel(t, at("vit.safetensors"))
	got := command(t, "evaluate", "--weights", "demo:vit", "--data", at("imagenet"), "--dir", at("run"))
	if got.code != 1 || !strings.Contains(got.stderr, "1000 classes, the model has 20") {
		t.Errorf("a model of 20 classes: exit code %d, %s", got.code, got.stderr)
	}
	if err := os.Mkdir(at("plain"), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(at("imagenet/train-semi"), at("plain/train")); err != nil {
		t.Fatal(err)
	}
	got = command(t, "finetune", "--weights", at("vit.safetensors"), "--data", at("plain"), "--keep", "all", "--per-class", "1", "--epochs", "1", "--dir", at("run"))
	if got.code != 1 || !strings.Contains(got.stderr, "make masks with `robustvit masks`") {
		t.Errorf("training images without masks: exit code %d, %s", got.code, got.stderr)
	}
	got = command(t, "evaluate", "--weights", at("vit.safetensors"), "--data", at("plain"), "--dir", at("run"))
	if got.code != 1 || !strings.Contains(got.stderr, "no evaluation set") {
		t.Errorf("training images alone: exit code %d, %s", got.code, got.stderr)
	}
	works(t, "pretrain", "--data", at("plain/train"), "--size", "16", "--patch", "8", "--width", "16", "--depth", "1", "--heads", "2",
		"--steps", "2", "--batch", "4", "--rate", "0.003", "--out", at("four"))
	if results := works(t, "evaluate", "--weights", at("four"), "--data", at("plain/train"), "--dir", at("eval")); len(results["sets"].([]any)) != 1 {
		t.Errorf("a model of four WordNet classes on its own folders: %v", results)
	}
}

// TestDemoOnImageNet runs the whole main job from ImageNet's layouts.
func TestDemoOnImageNet(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	writeImageNet(t, at("imagenet"))
	tinyImageNetModel(t, at("vit.safetensors"))
	args := []string{"demo", "--offline", "--model", at("vit.safetensors"), "--data", at("imagenet"), "--per-class", "2", "--epochs", "1", "--dir", at("run")}
	got := command(t, args...)
	if got.code != 0 || !strings.Contains(got.stderr, "not there, left out: SI-Score location, SI-Score size") {
		t.Fatalf("exit code %d\n%s", got.code, got.stderr)
	}
	results := works(t, args...)
	var names []string
	for _, set := range results["sets"].([]any) {
		names = append(names, fmt.Sprint(set.(map[string]any)["name"]))
	}
	if got := strings.Join(names, " "); got != "val imagenet-a imagenet-r imagenet-sketch imagenet-v2 objectnet si-rotation" {
		t.Errorf("sets %s", got)
	}
	if s, ok := results["segmentation"].(map[string]any); !ok || len(s) != 4 {
		t.Errorf("segmentation test of %v", results["segmentation"])
	}
	setA := results["set_a"].(map[string]any)["classes"].([]any)
	if len(setA) != 2 {
		t.Errorf("set A %v, expected half of the four classes with training images", setA)
	}
	page := string(readAll(t, at("run/report.html")))
	if !strings.Contains(page, "1000-way") || !strings.Contains(page, fmt.Sprint(setA[0])) || strings.Contains(fmt.Sprint(setA[0]), "n0") {
		t.Errorf("the report does not name the rule, or %v by a readable name", setA)
	}
}

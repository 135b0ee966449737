package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/tests/squares"
)

// TestShiftedSetsAreEvaluated goes from a folder of classes to a table of shifts.
func TestShiftedSetsAreEvaluated(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	squares.Write(t, at("data"), squares.Options{Classes: 3, Images: 4})
	works(t, "pretrain", "--data", at("data"), "--size", "16", "--patch", "8", "--width", "16", "--depth", "1", "--heads", "2",
		"--steps", "5", "--batch", "4", "--cache", "none", "--out", at("base"))
	shifted := works(t, "data", "shift", at("data/val"), "--out", at("shifted"), "--sheet", at("sheet.png"), "--seed", "3")
	if sets, ok := shifted["sets"].([]any); !ok || len(sets) != 9 {
		t.Fatalf("%v", shifted)
	}
	if _, err := data.ReadImage(at("sheet.png")); err != nil {
		t.Error(err)
	}
	out := command(t, "evaluate", "--weights", at("base"), "--data", at("shifted"), "--cache", "64MiB", "--dir", at("eval"))
	if out.code != 0 {
		t.Fatal(out.stderr)
	}
	for _, want := range []string{"Original", "Background blurred", "Background replaced", "Background gray", "Object moved", "Rotated", "Picture moved", "Gray", "Noise", "Relevance against"} {
		if !strings.Contains(out.out, want) {
			t.Errorf("the table lacks %q:\n%s", want, out.out)
		}
	}
	config := string(readAll(t, at("eval/config.json")))
	for _, want := range []string{`"prepared"`, `"filter": "bilinear"`, `"mean"`} {
		if !strings.Contains(config, want) {
			t.Errorf("config.json lacks %s:\n%s", want, config)
		}
	}
	if checked := works(t, "data", "check", at("shifted")); len(checked["sets"].([]any)) != 9 {
		t.Errorf("%v", checked)
	}
	if out := command(t, "data", "shift", at("data/val"), "--out", at("shifted"), "--seed", "4"); out.code != 1 || !strings.Contains(out.stderr, "choose a new folder") {
		t.Errorf("%+v", out)
	}
}

func TestPrepareSaysWhatItDid(t *testing.T) {
	dir := t.TempDir()
	squares.Write(t, filepath.Join(dir, "data"), squares.Options{Classes: 1})
	file, mask := filepath.Join(dir, "data/val/class0/val0.png"), filepath.Join(dir, "data/val_masks/class0/val0.png")
	seen := filepath.Join(dir, "seen.png")
	out := command(t, "prepare", file, "--mask", mask, "--mask-rule", "strict", "--weights", "demo:vit", "--protocol", "timm", "--out", seen)
	if out.code != 0 || !strings.Contains(out.out, "bicubic") || !strings.Contains(out.out, "mask rule strict") {
		t.Fatalf("%+v", out)
	}
	img, err := data.ReadImage(seen)
	if err != nil || img.Width != 64 {
		t.Errorf("%v, %v", img, err)
	}
	if m, err := data.ReadMask(filepath.Join(dir, "seen_mask.png")); err != nil || m.CheckSize(img, "", "") != nil {
		t.Errorf("mask: %v", err)
	}
	turned := filepath.Join("..", "..", "data", "testdata", "exif", "turned6.png")
	for args, want := range map[string]string{"": "orientation 6 is not applied", "--rotate-exif": "orientation 6 was applied"} {
		if out := command(t, append([]string{"prepare", turned, "--size", "5", "--out", seen}, strings.Fields(args)...)...); out.code != 0 || !strings.Contains(out.out, want) {
			t.Errorf("%q: %+v", args, out)
		}
	}
	if out := command(t, "prepare", file, "--mask-rule", "soft", "--out", seen); out.code == 0 || !strings.Contains(out.stderr, "soft") {
		t.Errorf("%+v", out)
	}
}

func TestCacheSizesAreChecked(t *testing.T) {
	out := command(t, "evaluate", "--weights", "demo:vit", "--data", "shapes", "--cache", "much", "--dir", filepath.Join(t.TempDir(), "e"))
	if out.code != 2 || !strings.Contains(out.stderr, "2GiB") {
		t.Errorf("%+v", out)
	}
	if _, err := os.Stat("e"); err == nil {
		t.Error("a wrong size began a run")
	}
}

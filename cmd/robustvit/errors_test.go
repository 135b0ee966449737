package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/tests/squares"
)

// TestWrongInput: one clear text that names the file and the next step.
func TestWrongInput(t *testing.T) {
	dir := t.TempDir()
	at := func(name string) string { return filepath.Join(dir, name) }
	write := func(name, text string) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(at(name)), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(at(name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	write("text.png", "this is no picture\n")
	write("text.mat", "this is no set\n")
	write("broken.safetensors", "this is no weights file\n")
	write("flat/one.png", "x")
	write("foreign/letter.txt", "x")
	if err := os.MkdirAll(at("empty"), 0o755); err != nil {
		t.Fatal(err)
	}
	squares.Write(t, at("data"), squares.Options{Classes: 3})
	squares.Write(t, at("masked"), squares.Options{Classes: 20, MaskSide: 12, Names: shapes.ClassNames()})
	squares.Write(t, at("other"), squares.Options{Classes: 20})
	golden := filepath.Join("..", "..", "tests", "golden", "micro")

	for _, test := range []struct {
		name  string
		args  []string
		words []string // all of them in the message
	}{
		{"missing image", []string{"prepare", at("none.png"), "--out", at("x.png")}, []string{"none.png", "check the path"}},
		{"text named png", []string{"prepare", at("text.png"), "--out", at("x.png")}, []string{"text.png"}},
		{"text named png, inspected", []string{"inspect", at("text.png")}, []string{"text.png"}},
		{"missing weights", []string{"evaluate", "--weights", at("none.safetensors"), "--data", "shapes", "--dir", at("r1")}, []string{"none.safetensors", "check the path"}},
		{"text as weights", []string{"inspect", at("broken.safetensors")}, []string{"broken.safetensors"}},
		{"checkpoint as weights", []string{"evaluate", "--weights", filepath.Join(golden, "vit.pth.tar"), "--data", "shapes", "--dir", at("r2")}, []string{"vit.pth.tar", "robustvit convert"}},
		{"unknown embedded model", []string{"demo", "--model", "demo:none", "--dir", at("r3")}, []string{"demo:none", "demo:vit"}},
		{"missing data", []string{"finetune", "--weights", "demo:vit", "--data", at("none"), "--dir", at("r4")}, []string{"none", "check the path"}},
		{"folder without classes", []string{"finetune", "--weights", "demo:vit", "--data", at("flat"), "--dir", at("r5")}, []string{"flat", "class"}},
		{"empty folder", []string{"data", "check", at("empty")}, []string{"empty", "class"}},
		{"classes of another model", []string{"finetune", "--weights", "demo:vit", "--data", at("other"), "--dir", at("r6")}, []string{"class", "demo:vit", "trained on these classes"}},
		{"too few classes in the model", []string{"evaluate", "--weights", filepath.Join(golden, "vit.safetensors"), "--data", "shapes", "--dir", at("r7")}, []string{"vit.safetensors", "classes"}},
		{"mask of another size", []string{"finetune", "--weights", "demo:vit", "--data", at("masked"), "--keep", "all", "--per-class", "1", "--dir", at("r8")}, []string{"masked", "12 x 12"}},
		{"no masks", []string{"finetune", "--weights", "demo:vit", "--data", at("masked") + "/train", "--masks", at("none"), "--dir", at("r9")}, []string{"none", "check the path"}},
		{"foreign run folder", []string{"finetune", "--weights", "demo:vit", "--data", "shapes", "--keep", "all", "--dir", at("foreign")}, []string{"foreign", "letter.txt", "choose a new or empty folder"}},
		{"resume of nothing", []string{"finetune", "--resume", "--dir", at("empty")}, []string{"empty", "--weights"}},
		{"accuracy on a set without classes", []string{"evaluate", "--weights", "demo:vit", "--data", matlabFixture + "matlab.mat", "--dir", at("r14")}, []string{"matlab.mat", "no classes", "robustvit segment"}},
		{"training on a set without classes", []string{"finetune", "--weights", "demo:vit", "--data", matlabFixture + "matlab.mat", "--dir", at("r15")}, []string{"matlab.mat", "no classes", "robustvit segment"}},
		{"a set that is no .mat file", []string{"segment", "--weights", "demo:vit", "--data", at("text.mat"), "--dir", at("r16")}, []string{"text.mat", "MATLAB v7.3", "check the path"}},
		{"a peer that is not there", []string{"bench", "--models", "demo", "--cases", "forward", "--peer", at("none/python"), "--out", at("b2")}, []string{"none/python", "--peer names a Python"}},
		{"text named .mat, inspected", []string{"inspect", at("text.mat")}, []string{"text.mat", "MATLAB v7.3", "check the path"}},
		{"missing .mat file", []string{"data", "check", at("none.mat")}, []string{"none.mat", "check the path"}},
		{"neither weights nor data", []string{"finetune", "--dir", at("r10")}, []string{"--weights", "--data"}},
		{"export of an unfinished run", []string{"export", "--run", at("none"), "--out", at("e1")}, []string{"none", "check the path"}},
		{"export among other files", []string{"export", "--weights", "demo:vit", "--out", at("foreign")}, []string{"foreign", "letter.txt", "choose a new or empty folder"}},
		{"convert onto itself", []string{"convert", filepath.Join(golden, "vit.safetensors"), "--out", filepath.Join(golden, "vit.safetensors")}, []string{"vit.safetensors", "--out"}},
		{"no reference values", []string{"verify", at("empty")}, []string{"empty", "meta.json"}},
		{"no picture to explain", []string{"explain", "--weights", "demo:vit", at("text.png"), "--out", at("x1")}, []string{"text.png", "PNG"}},
		{"compare other models", []string{"explain", "--weights", "demo:vit", "--after", filepath.Join(golden, "vit.safetensors"), at("data/val/class0/val0.png"), "--out", at("x3")}, []string{"vit.safetensors", "same model"}},
		{"report of no run", []string{"report", at("empty")}, []string{"empty", "results.json"}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got := command(t, test.args...)
			if got.code != 1 {
				t.Errorf("exit code %d, expected 1\n%s", got.code, got.stderr)
			}
			message := got.stderr[max(strings.LastIndex(got.stderr, "robustvit: "), 0):]
			for _, word := range test.words {
				if !strings.Contains(message, word) {
					t.Errorf("%q is not in the message: %s", word, message)
				}
			}
			if strings.Contains(got.stderr, "goroutine ") || strings.Contains(got.stderr, "panic") {
				t.Errorf("a stack trace: %s", got.stderr)
			}
			t.Log(strings.TrimSpace(message))
		})
	}
}

package storage

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/internal/lab"
	"github.com/robustvit/workbench/tests/catalogue"
)

// roomy is a disk on which nothing here fails.
const roomy = "size=64m,nr_inodes=9999"

// fills is a command that writes to DISK/out, and how large the disk is when
// it fills up amid a certain file.
type fills struct {
	name string
	size string
	args []string // DISK stands for the disk
	file string   // the error names it
}

// theFills go through everything that is written: where each size ends is told
// by the file that the error must name.
func (f tiny) theFills() []fills {
	finetune := f.finetune("DISK/out")
	late := f.finetune("DISK/out", "--save-every", "1000")
	evaluate := f.evaluate("DISK/out")
	masks := []string{"masks", "--weights", f.path("base"), "--data", f.path("data"), "--out", "DISK/out"}
	export := func(format string) []string {
		return []string{"export", "--run", f.path("whole"), "--format", format, "--out", "DISK/out"}
	}
	return []fills{
		{"config of a run", "4k", finetune, "config.json"},
		{"manifest of a run", "8k", finetune, "manifest.jsonl"},
		{"first checkpoint", "64k", finetune, "checkpoints/step-00000004: state.safetensors"},
		{"manifest of a checkpoint", "108k", finetune, "checkpoints/step-00000004: manifest.json"},
		{"later checkpoint", "200k", finetune, "checkpoints/step-00000012: state.safetensors"},
		{"log", "20k", late, "log.jsonl"},
		{"final weights", "132k", late, "weights.safetensors"},
		{"records", "8k", evaluate, "records/"},
		{"results", "24k", evaluate, "results.json"},
		{"page of an evaluation", "36k", evaluate, "report.html"},
		{"masks", "40k", masks, ".png"},
		{"page of masks", "400k", masks, "masks.html"},
		{"export for timm", "16k", export("timm"), "model.safetensors"},
		{"parity file of an export", "36k", export("timm"), "parity.safetensors"},
		{"export for JAX", "16k", export("npz"), "model.npz"},
		{"converted weights", "16k", []string{"convert", f.path("whole/weights.safetensors"), "--out", "DISK/out"}, "DISK/out"},
		{"pretrained weights", "120k", []string{"pretrain", "--data", f.path("data"), "--size", "16", "--patch", "8", "--width", "16",
			"--depth", "1", "--heads", "2", "--steps", "5", "--batch", "8", "--out", "DISK/out"}, "weights.safetensors"},
		{"embedded data", "64k", []string{"data", "write", "DISK/out", "--train", "20", "--per-set", "4"}, ".png"},
		{"shifted data", "64k", []string{"data", "shift", f.path("data/val"), "--out", "DISK/out"}, ".png"},
		{"explanations", "16k", []string{"explain", "--weights", f.path("base"), f.path("data/val/class0"), "--out", "DISK/out"}, ".png"},
	}
}

// A disk fills up amid each of the files. The error says so and names the file;
// with room again the same command ends with the bytes of an unbroken one.
func TestFullDisk(t *testing.T) {
	f := theTiny(t)
	for _, c := range f.theFills() {
		catalogue.Case(t, "S2", c.name, func(t *testing.T) {
			disk := mounted(t, roomy)
			args, file := onDisk(c.args, disk), strings.ReplaceAll(c.file, "DISK", disk)
			works(t, args...)
			want := result(t, filepath.Join(disk, "out"))
			must(t, os.RemoveAll(filepath.Join(disk, "out")))
			remount(t, disk, "size="+c.size)
			o := catalogue.Run(t, nil, args...)
			catalogue.CheckRefused(t, o, "no space left on device", disk, file, "free some space")
			remount(t, disk, roomy)
			works(t, args...)
			sameResult(t, want, filepath.Join(disk, "out"))
		})
	}
}

func onDisk(args []string, disk string) []string {
	var out []string
	for _, arg := range args {
		out = append(out, strings.ReplaceAll(arg, "DISK", disk))
	}
	return out
}

// result is a folder's files, or the file itself.
func result(t *testing.T, path string) map[string]string {
	t.Helper()
	if info, err := os.Stat(path); err == nil && !info.IsDir() {
		text, err := os.ReadFile(path)
		must(t, err)
		return map[string]string{"": string(text)}
	}
	return contract(t, path)
}

func sameResult(t *testing.T, want map[string]string, path string) {
	t.Helper()
	got := result(t, path)
	for name, text := range want {
		if got[name] != text {
			t.Errorf("%s differs from the unbroken one", name)
		}
	}
	if len(got) != len(want) {
		t.Errorf("%d files, the unbroken one has %d", len(got), len(want))
	}
}

// limited runs the command under a shell's limit ("-f 1": files of 512 bytes).
func limited(t *testing.T, limit string, env []string, args ...string) catalogue.Outcome {
	t.Helper()
	shell := append([]string{"-c", "ulimit " + limit + `; exec "$@"`, "sh", catalogue.Command(t)}, args...)
	return catalogue.StartProgram(t, "/bin/sh", "", env, shell...).Wait(t)
}

// A limit of file sizes stops a write amid a file where no file system may be
// mounted: as a full disk, with another next step.
func TestFileSizeLimit(t *testing.T) {
	f := theTiny(t)
	for _, c := range []struct {
		name, blocks string
		args         []string
		file         string
	}{
		{"config", "1", f.finetune("OUT"), "config.json"},
		{"manifest", "3", f.finetune("OUT"), "manifest.jsonl"},
		{"log", "6", f.finetune("OUT", "--save-every", "1000"), "log.jsonl"},
		{"checkpoint", "100", f.finetune("OUT"), "checkpoints/step-00000004: state.safetensors"},
	} {
		catalogue.Case(t, "S2", "limit of file sizes, "+c.name, func(t *testing.T) {
			run := filepath.Join(t.TempDir(), "run")
			args := replaced(c.args, "OUT", run)
			o := limited(t, "-f "+c.blocks, nil, args...)
			catalogue.CheckRefused(t, o, "file too large", filepath.Join(run, c.file), "ulimit -f")
			works(t, args...)
			sameResult(t, f.alone(t, c.args), run)
		})
	}
}

// The executed notebook and its page are written as everything else is.
func TestNotebookOnAFullDisk(t *testing.T) {
	if !lab.Ready(catalogue.Root()) {
		without(t, errors.New("JupyterLab with the GoNB kernel is not set up; next: go run ./cmd/robustvit lab --setup"))
	}
	notebook := filepath.Join(t.TempDir(), "short.ipynb")
	write(t, notebook, []byte(`{"cells": [{"cell_type": "markdown", "id": "a", "metadata": {}, "source": ["# Short"]}],
		"metadata": {"kernelspec": {"name": "gonb", "display_name": "Go (gonb)"}}, "nbformat": 4, "nbformat_minor": 5}`))
	disk := mounted(t, roomy)
	out := filepath.Join(disk, "out")
	args := []string{"notebook", "run", notebook, "--out", out}
	must(t, os.Mkdir(out, 0o755))
	for _, file := range []string{"short.ipynb", "short.html"} {
		write(t, filepath.Join(out, file), []byte("old"))
	}
	for _, c := range []struct {
		name, file string
		room       int64 // that is left: a page of memory takes the notebook, but not its page
	}{{"executed notebook", "short.ipynb", 0}, {"page of a notebook", "short.html", 4096}} {
		catalogue.Case(t, "S2", c.name, func(t *testing.T) {
			remount(t, disk, roomy)
			leave(t, disk, c.room)
			o := catalogue.Run(t, nil, args...)
			catalogue.CheckRefused(t, o, "No space left on device", filepath.Join(out, "short.ipynb"), "free some space", "--out")
			if text, err := os.ReadFile(filepath.Join(out, c.file)); err != nil || string(text) != "old" {
				t.Errorf("the old file holds %q, %v", text, err)
			}
			if left, err := filepath.Glob(filepath.Join(out, "*.tmp")); err != nil || len(left) > 0 {
				t.Errorf("left behind: %v, %v", left, err)
			}
		})
	}
	remount(t, disk, roomy)
	works(t, args...)
}

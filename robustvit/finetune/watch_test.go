package finetune_test

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/robustvit/workbench/robustvit/finetune"
)

// TestWatch stops a watched run after every number of steps and resumes it: the
// looks equal those of the unbroken run, and the weights those of one that
// nobody watched.
func TestWatch(t *testing.T) {
	base := t.TempDir()
	at := func(name string) string { return filepath.Join(base, name) }
	watched := func(dir string) finetune.Job {
		job := tinyJob(t, dir)
		job.Watch = finetune.Watch{Images: 2, Every: 2}
		return job
	}
	for name, job := range map[string]finetune.Job{"plain": tinyJob(t, at("plain")), "whole": watched(at("whole"))} {
		if _, err := finetune.Run(context.Background(), job); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
	}
	if !bytes.Equal(read(t, at("plain/weights.safetensors")), read(t, at("whole/weights.safetensors"))) {
		t.Error("watching changes the weights")
	}
	if _, err := os.Stat(at("plain/watch")); err == nil {
		t.Error("a run that nobody watches has looks")
	}
	want := folder(t, at("whole/watch"))
	for _, step := range []int{0, 2, 4, 6} {
		if _, ok := want[filepath.FromSlash(fmt.Sprintf("step-%08d/index.json", step))]; !ok {
			t.Errorf("no look at step %d: %v", step, len(want))
		}
	}
	for after := 1; after < 6; after++ {
		dir := at(fmt.Sprint("stopped", after))
		ctx, cancel := context.WithCancelCause(context.Background())
		job := watched(dir)
		job.Listen.Step = func(e finetune.Event) {
			if e.Step == after {
				cancel(errors.New("the test pulled the plug"))
			}
		}
		if _, err := finetune.Run(ctx, job); err == nil {
			t.Fatal("not stopped")
		}
		if after == 3 { // a kill amid the writing of a look leaves it without index
			os.Remove(filepath.Join(dir, "watch", "step-00000002", "index.json"))
		}
		if _, err := finetune.Run(context.Background(), watched(dir)); err != nil {
			t.Fatal(err)
		}
		got := folder(t, filepath.Join(dir, "watch"))
		for name, text := range want {
			if !bytes.Equal(got[name], text) {
				t.Errorf("stopped after step %d: watch/%s differs", after, name)
			}
		}
		if len(got) != len(want) {
			t.Errorf("stopped after step %d: %d files, want %d", after, len(got), len(want))
		}
	}
}

// TestWatchedImages: both sets, one image a class; without
// masks set A alone.
func TestWatchedImages(t *testing.T) {
	job := tinyJob(t, filepath.Join(t.TempDir(), "run"))
	job.Config.Epochs, job.Watch.Images = 1, 3
	if _, err := finetune.Run(context.Background(), job); err != nil {
		t.Fatal(err)
	}
	var index finetune.WatchIndex
	decode(t, filepath.Join(job.Dir, "watch", "index.json"), &index)
	sets, classes := "", map[int]bool{}
	for _, image := range index.Images {
		sets += image.Set
		classes[image.Class] = true
		if (image.Set == "A") != slices.Contains(job.Config.Classes, image.Class) {
			t.Errorf("%s of class %d counts to set %s", image.ID, image.Class, image.Set)
		}
	}
	if sets != "AAABBB" || len(classes) != 6 {
		t.Errorf("sets %s, %d classes; want three of A, then three of B, each of another class", sets, len(classes))
	}
	var look finetune.Look
	decode(t, filepath.Join(job.Dir, "watch", "step-00000002", "index.json"), &look)
	if len(look.Maps) != 6 || look.Step != 2 {
		t.Fatalf("%+v, want 6 maps at step 2", look)
	}
	for i, m := range look.Maps {
		if m.OnMask == nil || *m.OnMask < 0 || *m.OnMask > 1 || m.Confidence <= 0 || m.Confidence > 1 {
			t.Errorf("map %d: %+v", i, m)
		}
	}
	job.Train = unmasked{job.Train}
	job.Config.Objective.Relevance, job.Dir = 0, filepath.Join(t.TempDir(), "run")
	if _, err := finetune.Run(context.Background(), job); err != nil {
		t.Fatal(err)
	}
	decode(t, filepath.Join(job.Dir, "watch", "index.json"), &index)
	if len(index.Images) != 3 {
		t.Errorf("without masks %d images, want 3 of set A alone", len(index.Images))
	}
}

func read(t *testing.T, path string) []byte {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func decode(t *testing.T, path string, v any) {
	t.Helper()
	if err := json.Unmarshal(read(t, path), v); err != nil {
		t.Fatal(err)
	}
}

// folder is what the files in a folder hold.
func folder(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
		if err != nil || e.IsDir() {
			return err
		}
		name, err := filepath.Rel(dir, path)
		files[name] = read(t, path)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

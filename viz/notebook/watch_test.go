package notebook

import (
	"bytes"
	"context"
	"fmt"
	"image"
	"image/png"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/run"
)

const soon = 20 * time.Millisecond

// begin makes the folder of a watched run of 6 steps that this process writes.
func begin(t *testing.T) *run.Run {
	t.Helper()
	r, err := run.Create(filepath.Join(t.TempDir(), "run"), finetune.Config{Kind: "finetune", Epochs: 3, Batch: 2})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { r.Close() })
	if _, _, _, err := r.Resume(); err != nil {
		t.Fatal(err)
	}
	write(t, r, run.ManifestFile, []byte("{}\n{}\n{}\n"))
	index := finetune.WatchIndex{Rule: "by hash", Images: []finetune.WatchedImage{{Set: "A", Picture: "00.png"}}}
	index.Images[0].ClassName = "heart"
	if err := r.WriteJSON("watch/index.json", index); err != nil {
		t.Fatal(err)
	}
	write(t, r, "watch/00.png", square(t, image.NewNRGBA(image.Rect(0, 0, 8, 8))))
	return r
}

func write(t *testing.T, r *run.Run, name string, content []byte) {
	t.Helper()
	if err := r.WriteFile(name, content); err != nil {
		t.Fatal(err)
	}
}

func square(t *testing.T, img image.Image) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := png.Encode(&b, img); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// train logs a step and looks at the image after it.
func train(t *testing.T, r *run.Run, step int) {
	t.Helper()
	line := finetune.LogLine{Step: step, Epoch: (step - 1) / 2, Losses: robustvit.Losses{Total: 1, Relevance: 1, Background: 0.25}}
	if err := r.Append(line); err != nil {
		t.Fatal(err)
	}
	share := float64(step) / 10
	write(t, r, finetune.LookDir(step)+"/00.png", square(t, image.NewGray16(image.Rect(0, 0, 8, 8))))
	if err := r.WriteJSON(finetune.LookDir(step)+"/index.json", finetune.Look{Step: step, Maps: []finetune.LookedAt{{Relevance: "00.png", OnMask: &share}}}); err != nil {
		t.Fatal(err)
	}
}

// following runs watch beside the test.
func following(t *testing.T, ctx context.Context, dir string) (*fake, chan error) {
	f, over := &fake{}, make(chan error, 1)
	go func() { over <- watch(ctx, f.screen(true), dir, "id1", soon) }()
	return f, over
}

func ends(t *testing.T, f *fake, over chan error, want ...string) {
	t.Helper()
	select {
	case err := <-over:
		if err != nil {
			t.Fatal(err)
		}
	case <-time.After(10 * time.Second):
		t.Fatal("the watching does not end")
	}
	last := f.updated[len(f.updated)-1]
	for _, text := range want {
		if !strings.Contains(last, text) {
			t.Errorf("the last view lacks %q", text)
		}
	}
	if strings.Contains(last, "<script") || len(f.updated) > 20 {
		t.Errorf("%d updates, %.200s", len(f.updated), last)
	}
	for _, id := range f.ids {
		if id != "id1" {
			t.Errorf("updates block %q", id)
		}
	}
}

func TestWatchToTheEnd(t *testing.T) {
	r := begin(t)
	f, over := following(t, t.Context(), r.Dir())
	for step := 1; step <= 6; step++ {
		train(t, r, step)
		time.Sleep(2 * soon)
	}
	if err := r.Done(finetune.Result{Steps: 6}); err != nil {
		t.Fatal(err)
	}
	ends(t, f, over, "finished", "step 6 of 6", "background", "heart (A)", ">step 1<", ">step 6<", "60 %", "by hash")
	if !strings.Contains(strings.Join(f.updated, ""), "finetuning, epoch 2 of 3") {
		t.Error("it did not follow the epochs")
	}
	// Watched again, and in a terminal, a finished run is shown at once.
	f, over = following(t, t.Context(), r.Dir())
	ends(t, f, over, "finished")
	var plain fake
	if err := watch(t.Context(), plain.screen(false), r.Dir(), "", soon); err != nil || !strings.Contains(plain.out.String(), "finished, 6 of 6") {
		t.Errorf("terminal: %v, %q", err, &plain.out)
	}
}

func TestWatchOfARunThatStopped(t *testing.T) {
	r := begin(t)
	train(t, r, 1)
	train(t, r, 2)
	f, over := following(t, t.Context(), r.Dir())
	time.Sleep(5 * soon)
	r.Close()
	ends(t, f, over, "stopped after step 2", "robustvit finetune --resume --dir "+r.Dir(), "step 2 of 6", "heart (A)")
}

func TestStoppedWatching(t *testing.T) {
	r := begin(t)
	train(t, r, 1)
	ctx, cancel := context.WithCancel(t.Context())
	f, over := following(t, ctx, r.Dir())
	time.Sleep(5 * soon)
	cancel()
	ends(t, f, over, "the run goes on", "robustvit stop "+r.Dir())
}

func TestWatchOfNothing(t *testing.T) {
	var f fake
	dir := filepath.Join(t.TempDir(), "none")
	if err := watch(t.Context(), f.screen(true), dir, "id", soon); err == nil || !strings.Contains(err.Error(), "nothing to watch") {
		t.Errorf("got %v", err)
	}
	if _, err := detach(t.Context(), []string{"finetune"}); err == nil || !strings.Contains(err.Error(), "--dir") {
		t.Errorf("detached without a folder: %v", err)
	}
	r := begin(t)
	if said, err := detach(t.Context(), []string{"finetune", "--dir=" + r.Dir()}); err != nil || !strings.Contains(said, "already") {
		t.Errorf("detached twice: %q, %v", said, err)
	}
}

func TestProgressShowsMaps(t *testing.T) {
	r := begin(t)
	train(t, r, 1)
	var f fake
	p := newProgress("Finetune", f.screen(true), "id", (&clock{time.Unix(0, 0)}).now)
	p.Maps(r.Dir())
	p.Step(1, 1, Term{"loss", 1})
	if last := fmt.Sprint(f.updated); !strings.Contains(last, "heart (A)") {
		t.Error("the heatmaps of the watched run are not shown")
	}
}

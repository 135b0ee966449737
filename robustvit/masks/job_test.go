package masks_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/masks"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// The Go backend compiles nothing: the jobs here are small and start often.
var openGo = sync.OnceValues(func() (compute.Backend, error) {
	b, _, err := backend.Open(backend.Options{Name: backend.Go})
	return b, err
})

// mixed is n shapes, cut to several sizes so that there are several grids.
type mixed struct {
	data.Dataset
	n      int
	broken int // index that cannot be read, -1 = none
}

func (m mixed) Len() int { return m.n }

func (m mixed) Load(i int) (data.Sample, error) {
	if i == m.broken {
		return data.Sample{}, fmt.Errorf("read image %q: it is cut", m.Entry(i).ID)
	}
	sample, err := m.Dataset.Load(i)
	if err != nil {
		return sample, err
	}
	sample.Mask = nil
	sample.Image, err = data.Resize(sample.Image, 64, []int{64, 80, 48}[i%3], data.Bilinear)
	return sample, err
}

func job(t testing.TB, dir, method string, images data.Dataset) masks.Job {
	t.Helper()
	b, err := openGo()
	if err != nil {
		t.Fatal(err)
	}
	m, err := pretrained.Open("demo:vit")
	if err != nil {
		t.Fatal(err)
	}
	return masks.Job{Backend: b, Model: m, Images: images, Source: "shapes", Dir: dir, Settings: masks.Defaults(method)}
}

func training(t testing.TB, n int) data.Dataset {
	t.Helper()
	d, err := shapes.NewCollection(shapes.Options{TrainImages: n}).Train()
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// files reads all of a folder but the lock and the notes of each start.
func files(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, e os.DirEntry, err error) error {
		if err != nil || e.IsDir() || e.Name() == "lock" || e.Name() == "environment.jsonl" {
			return err
		}
		content, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		all[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// TestStoppedJobEndsWithTheSameBytes: stopped again and again, with files
// damaged between, a job ends as one that nobody stopped.
func TestStoppedJobEndsWithTheSameBytes(t *testing.T) {
	images := mixed{training(t, 60), 60, -1}
	whole, stopped := filepath.Join(t.TempDir(), "whole"), filepath.Join(t.TempDir(), "stopped")
	want, err := masks.Run(t.Context(), job(t, whole, masks.TokenCut, images))
	if err != nil {
		t.Fatal(err)
	}
	if want.Listed != 60 || want.Written == 0 || want.Grids != 3 || len(want.Shown) == 0 {
		t.Fatalf("report %+v", want)
	}
	stop := errors.New("stopped here")
	for range 10 {
		ctx, cancel := context.WithCancelCause(t.Context())
		again := job(t, stopped, masks.TokenCut, images)
		again.Workers = 1
		begun := -1
		again.Progress = func(done, total int) {
			if begun < 0 {
				begun = done
			}
			if done >= begun+20 { // one chunk is finished, the next is in work
				cancel(stop)
			}
		}
		_, err := masks.Run(ctx, again)
		cancel(nil)
		if err == nil {
			break
		}
		if !errors.Is(err, stop) {
			t.Fatal(err)
		}
		if _, err := os.Stat(filepath.Join(stopped, masks.ListFile)); err == nil {
			t.Fatal("masks.jsonl is there before the end")
		}
		damage(t, stopped)
	}
	got, err := masks.Run(t.Context(), job(t, stopped, masks.TokenCut, images))
	if err != nil {
		t.Fatal(err)
	}
	if fmt.Sprint(got) != fmt.Sprint(want) {
		t.Errorf("report %+v, want %+v", got, want)
	}
	one, other := files(t, whole), files(t, stopped)
	if len(one) != len(other) {
		t.Errorf("%d files, want %d", len(other), len(one))
	}
	for name, content := range one {
		if other[name] != content {
			t.Errorf("%s differs", name)
		}
	}
}

// damage cuts one of the masks that are there.
func damage(t *testing.T, dir string) {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(dir, "*", "*.png"))
	if err != nil {
		t.Fatal(err)
	}
	if len(found) > 0 {
		if err := os.Truncate(found[0], 10); err != nil {
			t.Fatal(err)
		}
	}
}

// TestTheListIsTheFolder: a line an image in the data set's order, a file for
// each kept mask at the size of its image, none for the rejected.
func TestTheListIsTheFolder(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "masks")
	images := mixed{training(t, 40), 40, -1}
	j := job(t, dir, masks.Attention, images)
	j.Settings.Rule.MinSeparation = 0.75 // rejects some
	report, err := masks.Run(t.Context(), j)
	if err != nil {
		t.Fatal(err)
	}
	if report.Written == 0 || report.Rejected == 0 {
		t.Fatalf("report %+v, want both kinds", report)
	}
	list, err := os.ReadFile(filepath.Join(dir, masks.ListFile))
	if err != nil {
		t.Fatal(err)
	}
	made, err := data.MasksFrom(images, dir)
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(strings.TrimSpace(string(list)), "\n")
	if len(lines) != images.Len() {
		t.Fatalf("%d lines of %d images", len(lines), images.Len())
	}
	for i, line := range lines {
		var m masks.Mask
		if err := json.Unmarshal([]byte(line), &m); err != nil {
			t.Fatal(err)
		}
		sample, err := made.Load(i) // checks the size
		if err != nil {
			t.Fatal(err)
		}
		if m.ID != sample.ID || m.ImageSHA256 != sample.Image.SHA256() || m.Method != masks.Attention {
			t.Errorf("line %d is %+v", i, m)
		}
		if (sample.Mask == nil) != (m.Rejected != "") || (m.File == "") != (m.Rejected != "") {
			t.Errorf("%s: rejected %q, file %q, mask %v", m.ID, m.Rejected, m.File, sample.Mask != nil)
		}
		if sample.Mask != nil && (sample.Mask.Foreground()-m.Area > 1e-6 || m.Area-sample.Mask.Foreground() > 1e-6) {
			t.Errorf("%s: area %g, the file has %g", m.ID, m.Area, sample.Mask.Foreground())
		}
	}
	for _, s := range report.Shown {
		for _, name := range []string{s.Picture, s.Heat, s.Coarse, s.Final} {
			if _, err := os.Stat(filepath.Join(dir, name)); err != nil {
				t.Error(err)
			}
		}
	}
}

// TestAnotherJobIsRefusedByName: settings, weights or images that differ from
// those of the folder.
func TestAnotherJobIsRefusedByName(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "masks")
	images := mixed{training(t, 8), 8, -1}
	if _, err := masks.Run(t.Context(), job(t, dir, masks.TokenCut, images)); err != nil {
		t.Fatal(err)
	}
	for name, change := range map[string]func(j *masks.Job){
		"tau":            func(j *masks.Job) { cut := *j.Settings.Cut; cut.Tau = 0.3; j.Settings.Cut = &cut },
		"sigma_chroma":   func(j *masks.Job) { s := *j.Settings.Solver; s.Chroma = 4; j.Settings.Solver = &s },
		"min_area":       func(j *masks.Job) { j.Settings.Rule.MinArea = 0.1 },
		"max_tokens":     func(j *masks.Job) { j.Settings.MaxTokens = 50 },
		"method":         func(j *masks.Job) { j.Settings = masks.Defaults(masks.Attention) },
		"weights_sha256": func(j *masks.Job) { other := *j.Model; other.SHA256 = "other"; j.Model = &other },
		"manifest.jsonl": func(j *masks.Job) { j.Images = mixed{training(t, 9), 9, -1} },
	} {
		j := job(t, dir, masks.TokenCut, images)
		change(&j)
		if _, err := masks.Run(t.Context(), j); err == nil || !strings.Contains(err.Error(), name) {
			t.Errorf("%s changed: %v", name, err)
		}
	}
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "holiday.jpg"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := masks.Run(t.Context(), job(t, foreign, masks.TokenCut, images)); err == nil || !strings.Contains(err.Error(), "holiday.jpg") {
		t.Errorf("a folder with something else in it: %v", err)
	}
	broken := mixed{training(t, 8), 8, 5}
	if _, err := masks.Run(t.Context(), job(t, filepath.Join(t.TempDir(), "m"), masks.TokenCut, broken)); err == nil || !strings.Contains(err.Error(), broken.Entry(5).ID) {
		t.Errorf("a broken image: %v", err)
	}
}

// pngMask reads a written mask.
func pngMask(t *testing.T, path string) []bool {
	t.Helper()
	m, err := data.ReadMask(path)
	if err != nil {
		t.Fatal(err)
	}
	return foreground(m.Pix)
}

func foreground(values []float32) []bool {
	mask := make([]bool, len(values))
	for i, v := range values {
		mask[i] = v >= 0.5
	}
	return mask
}

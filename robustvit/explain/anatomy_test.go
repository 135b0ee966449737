package explain_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/explain"
)

func tinyAnatomy(t *testing.T, dir string) explain.Anatomy {
	t.Helper()
	job := tinyJob(t)
	size := tiny.ImageSize
	img, mask := &data.Image{Width: size, Height: size, Pix: make([]uint8, 3*size*size)}, &data.Mask{Width: size, Height: size, Pix: make([]float32, size*size)}
	for i := range img.Pix {
		img.Pix[i] = uint8(i * 7)
	}
	for i := range mask.Pix[:len(mask.Pix)/2] {
		mask.Pix[i] = 1
	}
	return explain.Anatomy{Backend: job.Backend, Model: job.Before, Dir: dir,
		Sample: data.Sample{Entry: data.Entry{ID: "a/b", Class: 3}, Image: img, Mask: mask}}
}

// TestAnatomy: the last layer is GAE's raw map, everything has its size, each
// explainer is scored, and asking the same again computes nothing.
func TestAnatomy(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	a := tinyAnatomy(t, dir)
	parts, err := a.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if len(parts.Classes) != 2 || parts.Classes[0].Class != parts.Top[0] || parts.Classes[1].Class.Name != "sock" || parts.Truth != "sock" {
		t.Errorf("explained %+v of %+v, truth %q; want the predicted class and the true one, sock", parts.Classes, parts.Top, parts.Truth)
	}
	for _, class := range parts.Classes {
		if len(class.Layers) != tiny.Depth || len(class.Heads) != tiny.Depth || len(class.Heads[1]) != tiny.Heads || len(class.Heads[1][2]) != tiny.Patches() {
			t.Fatalf("%d layers, heads of %d layers", len(class.Layers), len(class.Heads))
		}
		if len(class.Explainers) != len(robustvit.Explainers()) || class.Explainers[0].Name != "gae" {
			t.Fatalf("explainers %+v", class.Explainers)
		}
		for i, value := range class.Layers[tiny.Depth-1] {
			if off := value - class.Explainers[0].Patches[i]; off > 1e-6 || off < -1e-6 {
				t.Errorf("patch %d: last layer %g, GAE %g", i, value, class.Explainers[0].Patches[i])
			}
		}
		for _, e := range class.Explainers {
			if e.Score == nil || e.Score.MassOnObject < 0 || e.Score.MassOnObject >= 100 || e.Name == "gae" && e.Score.MassOnObject == 0 {
				t.Errorf("%s: score %+v", e.Name, e.Score)
			}
			if _, err := os.Stat(filepath.Join(dir, e.Relevance)); err != nil {
				t.Error(err)
			}
		}
	}
	if diff := cmp.Diff(parts.Classes[0].Explainers[1].Patches, parts.Classes[1].Explainers[1].Patches); diff != "" {
		t.Error("rollout depends on the class")
	}
	picture := filepath.Join(dir, parts.Picture)
	if err := os.WriteFile(picture, nil, 0o644); err != nil { // would be written again
		t.Fatal(err)
	}
	again, err := a.Run(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(parts, again); diff != "" {
		t.Errorf("asked again: %s", diff)
	}
	if info, err := os.Stat(picture); err != nil || info.Size() != 0 {
		t.Error("asked again, it was computed again")
	}
	a.Classes = []string{"tench", ""}
	if again, err = a.Run(t.Context()); err != nil {
		t.Fatal(err)
	}
	if again.Classes[0].Class.Name != "tench" || again.Classes[1].Class != parts.Top[0] {
		t.Errorf("explained %s and %s, want tench and the prediction", again.Classes[0].Class.Name, again.Classes[1].Class.Name)
	}
}

func TestAnatomyFaults(t *testing.T) {
	for want, change := range map[string]func(*explain.Anatomy){
		"no image":   func(a *explain.Anatomy) { a.Sample.Image = nil },
		"no model":   func(a *explain.Anatomy) { a.Model = nil },
		"none of":    func(a *explain.Anatomy) { a.Classes = []string{"lorry"} },
		"protocol":   func(a *explain.Anatomy) { a.Protocol = "upside-down" },
		"run folder": func(a *explain.Anatomy) { a.Dir = "anatomy_test.go" },
	} {
		a := tinyAnatomy(t, filepath.Join(t.TempDir(), "run"))
		change(&a)
		if _, err := a.Run(t.Context()); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want an error with %q", err, want)
		}
	}
}

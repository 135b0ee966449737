package mainjob

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/weights"
)

var tiny = robustvit.Variant{
	Name: "tiny", ImageSize: 64, Patch: 16, Width: 24, Depth: 2, Heads: 3, MLP: 48, Classes: 20, PrefixTokens: 1,
	Mean: [3]float32{.5, .5, .5}, Std: [3]float32{.5, .5, .5},
}

func tinyFile(seed uint64) *weights.File {
	file := &weights.File{Metadata: map[string]string{"heads": "3", "architecture": "tiny"}}
	values := finetune.Initialise(tiny, seed)
	for _, spec := range tiny.WeightSpecs() {
		file.Tensors = append(file.Tensors, weights.Float32Tensor(spec.Name, spec.Shape, values[spec.Name]))
	}
	return file
}

const galleryImages = 40

// record says class or, where it is wrong, the next one.
func record(id string, class int, right bool) evaluate.Record {
	said, other := class, (class+1)%20
	if !right {
		said, other = other, class
	}
	return evaluate.Record{ID: id, Class: class, Top: []int{said, other}, Confidence: []float64{0.7, 0.2}}
}

// galleryWorker is a job in dir that has measured its models on two sets: of
// four images in turn one is corrected, one broken, one right and one wrong.
func galleryWorker(t *testing.T, dir string) *worker {
	t.Helper()
	b, _, err := backend.Open(backend.Options{Name: backend.Go})
	if err != nil {
		t.Fatal(err)
	}
	m, err := pretrained.New(tinyFile(1), "tiny")
	if err != nil {
		t.Fatal(err)
	}
	job := NewMain(m, shapes.NewCollection(shapes.Options{EvalImages: galleryImages}), finetune.Embedded(tiny), true)
	job.Config.Sets, job.Config.Gallery = []string{"val", "imagenet-a"}, 2
	job.Dir, job.Backend = dir, b
	r, err := run.Create(dir, job.Config)
	if err != nil {
		t.Fatal(err)
	}
	w := &worker{Main: job, run: r}
	t.Cleanup(func() { w.close(); r.Close() })
	for _, set := range job.Config.Sets {
		d, err := job.Data.Set(set)
		if err != nil {
			t.Fatal(err)
		}
		for _, model := range []string{Before, Published, After} {
			var records []evaluate.Record
			for i := range d.Len() {
				right := i%4 == 2 || model == Before && i%4 == 1 || model != Before && i%4 == 0
				records = append(records, record(d.Entry(i).ID, d.Entry(i).Class, right))
			}
			if err := run.WriteRecords(r, set, model, records); err != nil {
				t.Fatal(err)
			}
		}
	}
	for i, arm := range []string{Published, After} {
		if err := r.WriteWeights(filepath.Join(arm, run.WeightsFile), tinyFile(uint64(i+2))); err != nil {
			t.Fatal(err)
		}
	}
	return w
}

func TestGalleryShowsWhatTheRecordsSay(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	w := galleryWorker(t, dir)
	if err := w.gallery(context.Background()); err != nil {
		t.Fatal(err)
	}
	var g Gallery
	if err := w.run.ReadJSON(GalleryFile, &g); err != nil {
		t.Fatal(err)
	}
	if len(g.Items) != 2*3*2 || len(g.Models) != 3 || g.Models[0].Name != Before || g.Models[2].Name != After {
		t.Fatalf("%d items of models %v, want 2 of 3 kinds on 2 sets, original first and ours last", len(g.Items), g.Models)
	}
	for _, c := range g.Counts {
		if c.Corrected != 10 || c.Broken != 10 || c.Same != 10 || c.Images != galleryImages {
			t.Errorf("counts %+v, want 10 of each kind in %d images", c, galleryImages)
		}
	}
	for _, item := range g.Items {
		right := func(model string) bool { return item.Views[model].Top[0].Class == item.Class }
		want := map[string][2]bool{Corrected: {false, true}, Broken: {true, false}, Same: {true, true}}[item.Kind]
		if right(Before) != want[0] || right(After) != want[1] {
			t.Errorf("%s of %s is %s: right before %v, after %v", item.ID, item.Set, item.Kind, right(Before), right(After))
		}
		if !strings.Contains(item.ID, item.ClassName) || item.Views[Before].Top[0].Confidence != 0.7 {
			t.Errorf("%s: class %q, predictions %+v", item.ID, item.ClassName, item.Views[Before].Top)
		}
		checkGalleryFiles(t, dir, item)
	}
}

// checkGalleryFiles decodes the PNGs and compares the share on the object with
// one worked out from them.
func checkGalleryFiles(t *testing.T, dir string, item GalleryItem) {
	t.Helper()
	read := func(name string) [][2]uint32 {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		img, err := png.Decode(bytes.NewReader(content))
		if err != nil || img.Bounds().Dx() != tiny.ImageSize || img.Bounds().Dy() != tiny.ImageSize {
			t.Fatalf("%s: %v, %v", name, img.Bounds(), err)
		}
		var pix [][2]uint32
		for y := range tiny.ImageSize {
			for x := range tiny.ImageSize {
				r, g, _, _ := img.At(x, y).RGBA()
				pix = append(pix, [2]uint32{r, g})
			}
		}
		return pix
	}
	read(item.Image)
	mask := read(item.Mask)
	maps := map[string][][2]uint32{}
	for model, view := range item.Views {
		maps[model] = read(view.Relevance)
		inside, all, highest := 0.0, 0.0, uint32(0)
		for i, v := range maps[model] {
			all += float64(v[0])
			highest = max(highest, v[0])
			if mask[i][0] > 0 {
				inside += float64(v[0])
			}
		}
		if highest != 65535 {
			t.Errorf("%s: highest relevance %d, want 65535: the map is scaled to 0 to 1", view.Relevance, highest)
		}
		if share := 100 * inside / all; view.OnObject == nil || share-*view.OnObject > 0.01 || *view.OnObject-share > 0.01 {
			t.Errorf("%s: %.3f %% on the object, the files give %.3f", view.Relevance, *view.OnObject, share)
		}
	}
	if reflect.DeepEqual(maps[Before], maps[After]) {
		t.Errorf("%s: the maps before and after are the same though the weights differ", item.ID)
	}
}

// TestGalleryIsReproducible: another process with the same folder writes the
// same bytes, and a complete gallery is not made again.
func TestGalleryIsReproducible(t *testing.T) {
	first, second := filepath.Join(t.TempDir(), "a"), filepath.Join(t.TempDir(), "b")
	for _, dir := range []string{first, second} {
		if err := galleryWorker(t, dir).gallery(context.Background()); err != nil {
			t.Fatal(err)
		}
	}
	files := 0
	err := filepath.WalkDir(filepath.Join(first, "gallery"), func(path string, entry os.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		files++
		return sameFile(path, strings.Replace(path, first, second, 1))
	})
	if err != nil || files != 12*5 {
		t.Errorf("%d pictures, %v; want 60 with the same bytes", files, err)
	}
	if err := sameFile(filepath.Join(first, GalleryFile), filepath.Join(second, GalleryFile)); err != nil {
		t.Error(err)
	}
}

func sameFile(a, b string) error {
	one, err := os.ReadFile(a)
	if err != nil {
		return err
	}
	other, err := os.ReadFile(b)
	if err == nil && !bytes.Equal(one, other) {
		err = fmt.Errorf("%s and %s differ", a, b)
	}
	return err
}

func TestGalleryStops(t *testing.T) {
	w := galleryWorker(t, filepath.Join(t.TempDir(), "run"))
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	if err := w.gallery(ctx); err == nil {
		t.Error("a stopped gallery gave no error")
	}
	if w.run.Has(GalleryFile) {
		t.Error("a stopped gallery counts as complete")
	}
}

func TestGalleryWithoutFinetunedModel(t *testing.T) {
	w := galleryWorker(t, filepath.Join(t.TempDir(), "run"))
	w.Config.Arms = nil
	if err := w.gallery(context.Background()); err != nil || w.run.Has(GalleryFile) {
		t.Errorf("error %v, gallery %v; want neither", err, w.run.Has(GalleryFile))
	}
}

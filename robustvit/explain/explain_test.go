package explain_test

import (
	"bytes"
	"context"
	"errors"
	"image"
	"image/color"
	"image/gif"
	"image/jpeg"
	"image/png"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/gomlx/compute"
	"github.com/google/go-cmp/cmp"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/explain"
	"github.com/robustvit/workbench/robustvit/finetune"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/weights"
)

var tiny = robustvit.Variant{
	Name: "tiny", ImageSize: 32, Patch: 8, Width: 24, Depth: 2, Heads: 3, MLP: 48, Classes: 6, PrefixTokens: 1,
	Mean: [3]float32{.5, .5, .5}, Std: [3]float32{.5, .5, .5},
}

const classNames = `["tench","Great White","great white","sock","potter's wheel","7"]`

var openGo = sync.OnceValues(func() (compute.Backend, error) {
	b, _, err := backend.Open(backend.Options{Name: backend.Go})
	return b, err
})

func tinyModel(t testing.TB, source string, v robustvit.Variant, seed uint64) *pretrained.Model {
	t.Helper()
	file := &weights.File{Metadata: map[string]string{"heads": "3", "architecture": "tiny", weights.MetadataClassNames: classNames}}
	values := finetune.Initialise(v, seed)
	for _, spec := range v.WeightSpecs() {
		file.Tensors = append(file.Tensors, weights.Float32Tensor(spec.Name, spec.Shape, values[spec.Name]))
	}
	m, err := pretrained.New(file, source)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func tinyJob(t testing.TB, paths ...string) explain.Job {
	t.Helper()
	b, err := openGo()
	if err != nil {
		t.Fatal(err)
	}
	return explain.Job{
		Backend: b, Before: tinyModel(t, "before.safetensors", tiny, 1), After: tinyModel(t, "after.safetensors", tiny, 2),
		Paths: paths, Dir: filepath.Join(t.TempDir(), "out"), Batch: 2,
	}
}

// photograph is a picture with a bright disc left of the middle.
func photograph(w, h int) *image.RGBA {
	img := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			c := color.RGBA{uint8(40 + x*60/w), uint8(90 - y*50/h), 70, 255}
			if math.Hypot(float64(x-w/3), float64(y-h/2)) < float64(min(w, h))/4 {
				c = color.RGBA{230, 200, 40, 255}
			}
			img.SetRGBA(x, y, c)
		}
	}
	return img
}

// folder holds five good images and six bad ones among files that are none.
func folder(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	write := func(name string, content []byte) {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	encoded := func(encode func(b *bytes.Buffer) error) []byte {
		var b bytes.Buffer
		if err := encode(&b); err != nil {
			t.Fatal(err)
		}
		return b.Bytes()
	}
	jpg := encoded(func(b *bytes.Buffer) error { return jpeg.Encode(b, photograph(90, 60), nil) })
	gray := image.NewGray(image.Rect(0, 0, 50, 70))
	write("a photo's name.JPEG", jpg)
	write("gray.png", encoded(func(b *bytes.Buffer) error { return png.Encode(b, gray) }))
	write("one pixel.gif", encoded(func(b *bytes.Buffer) error { return gif.Encode(b, photograph(1, 1), nil) }))
	write("class/sub/<b>deep.png", encoded(func(b *bytes.Buffer) error { return png.Encode(b, photograph(32, 32)) }))
	write("wide.png", encoded(func(b *bytes.Buffer) error { return png.Encode(b, photograph(400, 9)) }))
	write("cut.jpg", jpg[:len(jpg)/2])
	write("empty.png", nil)
	write("text.png", []byte("not a picture"))
	write("notes.txt", []byte("no image by name"))
	write(".hidden.png", jpg)
	write(".hidden/inside.png", jpg)
	return dir
}

func TestGoodAndBadFiles(t *testing.T) {
	dir := folder(t)
	missing := filepath.Join(dir, "missing.png")
	job := tinyJob(t, dir, missing, filepath.Join(dir, ".", "gray.png"))
	var heard []int
	job.Progress = func(done, total int) { heard = append(heard, done, total) }
	result, err := explain.Run(context.Background(), job)
	if err != nil {
		t.Fatal(err)
	}
	if result.Listed != 9 || result.Used != 5 || result.Used+len(result.Refused) != result.Listed || len(result.Images) != result.Used {
		t.Fatalf("listed %d, used %d, refused %d, images %d; want 9 = 5 + 4", result.Listed, result.Used, len(result.Refused), len(result.Images))
	}
	var bad []string
	for _, r := range result.Refused {
		bad = append(bad, filepath.Base(r.Path))
		if !strings.Contains(r.Error, filepath.Base(r.Path)) {
			t.Errorf("the error of %s does not name it: %s", r.Path, r.Error)
		}
	}
	if diff := cmp.Diff([]string{"cut.jpg", "empty.png", "text.png", "missing.png"}, bad); diff != "" {
		t.Errorf("refused (-want +got):\n%s", diff)
	}
	if heard[len(heard)-2] != 9 || heard[len(heard)-1] != 9 {
		t.Errorf("progress %v, want it to end at 9 of 9", heard)
	}
	var there explain.Result
	r, err := run.Open(job.Dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := r.ReadJSON(explain.File, &there); err != nil || !r.IsDone() {
		t.Fatalf("%s: %v, done %v", explain.File, err, r.IsDone())
	}
	if diff := cmp.Diff(result, &there); diff != "" {
		t.Errorf("%s differs from the result:\n%s", explain.File, diff)
	}
	for _, img := range result.Images {
		checkImage(t, job.Dir, img)
	}
}

// checkImage holds the files of an image against what they are said to be.
func checkImage(t *testing.T, dir string, img explain.Image) {
	t.Helper()
	original, err := data.ReadImage(img.Path)
	if err != nil {
		t.Fatal(err)
	}
	if original.Width != img.Width || original.Height != img.Height {
		t.Errorf("%s is %d x %d, listed as %d x %d", img.Path, original.Width, original.Height, img.Width, img.Height)
	}
	seen, err := data.Native().Apply(original, tiny.ImageSize)
	if err != nil {
		t.Fatal(err)
	}
	picture, err := data.ReadImage(filepath.Join(dir, img.Picture))
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(seen, picture); diff != "" {
		t.Errorf("%s is not what the model sees", img.Picture)
	}
	for name, view := range img.Views {
		sum := 0.0
		for _, p := range view.Top {
			sum += p.Confidence
		}
		if len(view.Top) != 5 || sum > 1+1e-9 || view.Explained != view.Top[0] || view.Top[0].Confidence < view.Top[4].Confidence {
			t.Errorf("%s, %s: predictions %+v, explained %+v", img.Path, name, view.Top, view.Explained)
		}
		content, err := os.ReadFile(filepath.Join(dir, view.Relevance))
		if err != nil {
			t.Fatal(err)
		}
		relevance, err := png.Decode(bytes.NewReader(content))
		if err != nil {
			t.Fatal(err)
		}
		if _, ok := relevance.(*image.Gray16); !ok || relevance.Bounds() != image.Rect(0, 0, tiny.ImageSize, tiny.ImageSize) {
			t.Errorf("%s is a %T of %v, want 16-bit gray of the model's size", view.Relevance, relevance, relevance.Bounds())
		}
	}
	if before, after := img.Views[explain.Before].Top, img.Views[explain.After].Top; slices.Equal(before, after) {
		t.Errorf("%s: two models with other weights agree in every digit: %+v", img.Path, before)
	}
}

// TestBatchesDoNotShow: the same numbers, one image a step or all at once.
func TestBatchesDoNotShow(t *testing.T) {
	dir := folder(t)
	var results []*explain.Result
	for _, batch := range []int{1, 3, 50} {
		job := tinyJob(t, dir)
		job.Batch = batch
		result, err := explain.Run(context.Background(), job)
		if err != nil {
			t.Fatal(err)
		}
		results = append(results, result)
	}
	for _, other := range results[1:] {
		if diff := cmp.Diff(results[0], other); diff != "" {
			t.Errorf("another batch gives other results:\n%s", diff)
		}
	}
}

func TestNothingReadable(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "text.png"), []byte("text"), 0o644); err != nil {
		t.Fatal(err)
	}
	job := tinyJob(t, filepath.Join(dir, "text.png"), filepath.Join(dir, "none"))
	_, err := explain.Run(context.Background(), job)
	if err == nil || !strings.Contains(err.Error(), "none of the 2 images") || !strings.Contains(err.Error(), "text.png") || !strings.Contains(err.Error(), "no such file") {
		t.Errorf("error %v, want one that names both files", err)
	}
	if _, err := os.Stat(filepath.Join(job.Dir, run.DoneFile)); err == nil {
		t.Error("an explanation of nothing counts as done")
	}
	if _, err := explain.Run(context.Background(), tinyJob(t)); err == nil {
		t.Error("no path gave no error")
	}
	if _, err := explain.Run(context.Background(), tinyJob(t, t.TempDir())); err == nil || !strings.Contains(err.Error(), "holds no image") {
		t.Errorf("an empty folder gave %v", err)
	}
}

func TestFolderIsReplaced(t *testing.T) {
	dir := folder(t)
	job := tinyJob(t, dir)
	if _, err := explain.Run(context.Background(), job); err != nil {
		t.Fatal(err)
	}
	job.Paths, job.After = []string{filepath.Join(dir, "wide.png")}, nil
	result, err := explain.Run(context.Background(), job)
	if err != nil || result.Used != 1 || len(result.Models) != 1 {
		t.Fatalf("%+v, %v", result, err)
	}
	files, err := filepath.Glob(filepath.Join(job.Dir, "explain", "*"))
	if err != nil || len(files) != 2 {
		t.Errorf("the folder holds %v, want the picture and the map of the last call only", files)
	}
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "holiday.jpg"), []byte("mine"), 0o644); err != nil {
		t.Fatal(err)
	}
	job.Dir = foreign
	if _, err := explain.Run(context.Background(), job); err == nil {
		t.Error("files were written among somebody's photographs")
	}
}

func TestStops(t *testing.T) {
	job := tinyJob(t, folder(t))
	pulled := errors.New("pulled the plug")
	ctx, cancel := context.WithCancelCause(context.Background())
	cancel(pulled)
	if _, err := explain.Run(ctx, job); !errors.Is(err, pulled) {
		t.Errorf("error %v, want the cause", err)
	}
	if _, err := os.Stat(filepath.Join(job.Dir, explain.File)); err == nil {
		t.Error("a stopped explanation left explain.json")
	}
}

package data_test

import (
	"context"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
)

// The listing order of the file system decides nothing.
func TestFolderOrderDoesNotDependOnCreation(t *testing.T) {
	names := []string{"s/a/1.png", "s/a/2.png", "s/b/1.png", "s/c/3.png", "s/c/1.png"}
	first := tree(t, names...)
	slices.Reverse(names)
	second := tree(t, names...)
	var got [2][]string
	for i, dir := range []string{first, second} {
		d, err := data.OpenFolder(filepath.Join(dir, "s"), data.FolderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		got[i] = ids(d)
	}
	if !slices.Equal(got[0], got[1]) {
		t.Errorf("order differs: %v and %v", got[0], got[1])
	}
}

func TestClassListFixesTheIndices(t *testing.T) {
	dir := tree(t, "d/cat/1.png", "d/dog/1.png")
	write(t, filepath.Join(dir, "d", "classes.txt"), []byte("\xef\xbb\xbfdog\r\n\r\ncat\r\n"))
	d, err := data.OpenFolder(filepath.Join(dir, "d"), data.FolderOptions{Name: "test"})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := ids(d), []string{"test/dog/1", "test/cat/1"}; !slices.Equal(got, want) {
		t.Errorf("samples %v, want %v", got, want)
	}
}

func TestOpenRoot(t *testing.T) {
	dir := tree(t, "train/cat/1.png", "train/dog/1.png", "train_masks/cat/1.png", "zoo/dog/1.png", "si-size/cat/1.png", "imagenet-a/dog/1.png",
		"val/cat/1.png", "val/dog/1.png", "val_masks/dog/1.png", "readme.txt")
	c, err := data.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	if got, want := c.SetNames(), []string{"val", "imagenet-a", "si-size", "zoo"}; !slices.Equal(got, want) {
		t.Errorf("sets %v, want %v", got, want)
	}
	a, err := c.Set("imagenet-a")
	if err != nil || a.Len() != 1 || a.Entry(0).Class != 1 {
		t.Errorf("imagenet-a: %v, %v", a, err)
	}
	if s, err := c.Segmentation(); err != nil || s == nil || s.Name() != "val" {
		t.Errorf("segmentation set %v, %v", s, err)
	}
	if train, err := c.Train(); err != nil || train.Len() != 2 {
		t.Errorf("train %v, %v", train, err)
	}
	if _, err := c.Set("nope"); err == nil || !strings.Contains(err.Error(), "zoo") {
		t.Errorf("error %v", err)
	}
	for name, test := range map[string]struct {
		names []string
		want  string
	}{
		"no train":          {[]string{"val/cat/1.png"}, `no folder "train"`},
		"train misspelt":    {[]string{"trian/cat/1.png", "val/cat/1.png"}, `rename "trian"`},
		"nothing":           {[]string{"readme.txt"}, "no folder"},
		"nothing to test":   {[]string{"train/cat/1.png"}, "val or test"},
		"val lacks a class": {[]string{"train/cat/1.png", "train/dog/1.png", "val/cat/1.png"}, `"dog"`},
		"other class":       {[]string{"train/cat/1.png", "val/kat/1.png"}, `did you mean "cat"`},
	} {
		if _, err := data.OpenRoot(tree(t, test.names...)); err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, want %q", name, err, test.want)
		}
	}
}

// The generated default and its copy on disk are the same data: names, order,
// pixels, masks.
func TestWrittenShapesReadBackTheSame(t *testing.T) {
	if testing.Short() {
		t.Skip("writes and reads 600 files")
	}
	ctx, dir := context.Background(), filepath.Join(t.TempDir(), "shapes")
	generated := shapes.NewCollection(shapes.Options{TrainImages: 41, EvalImages: 21})
	if err := shapes.Write(ctx, dir, generated, nil); err != nil {
		t.Fatal(err)
	}
	written, err := data.OpenRoot(dir)
	if err != nil {
		t.Fatal(err)
	}
	if !slices.Equal(written.SetNames(), generated.SetNames()) || !slices.Equal(written.Classes(), generated.Classes()) {
		t.Fatalf("sets %v, want %v", written.SetNames(), generated.SetNames())
	}
	pairs := map[string][2]func() (data.Dataset, error){
		"train":        {generated.Train, written.Train},
		"segmentation": {generated.Segmentation, written.Segmentation},
	}
	for _, name := range generated.SetNames() {
		pairs[name] = [2]func() (data.Dataset, error){
			func() (data.Dataset, error) { return generated.Set(name) },
			func() (data.Dataset, error) { return written.Set(name) },
		}
	}
	for name, open := range pairs {
		var manifests [2][]data.ManifestItem
		for i := range open {
			d, err := open[i]()
			if err != nil || d == nil {
				t.Fatal(name, err)
			}
			if manifests[i], err = data.BuildManifest(ctx, d, nil); err != nil {
				t.Fatal(err)
			}
		}
		if !slices.Equal(manifests[0], manifests[1]) {
			t.Errorf("%s: the written data set differs from the generated one", name)
		}
		if manifests[0][0].MaskSHA256 == "" {
			t.Errorf("%s: no mask", name)
		}
	}
}

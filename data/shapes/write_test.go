package shapes

import (
	"context"
	"errors"
	"image"
	"image/png"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// small is a collection of few images and sets: files cost more time than images.
func small() *Collection {
	c := NewCollection(Options{TrainImages: 23, EvalImages: 11})
	c.sets = c.sets[:2]
	return c
}

func write(t *testing.T, dir string) {
	t.Helper()
	if err := Write(context.Background(), dir, small(), nil); err != nil {
		t.Fatal(err)
	}
}

// snapshot maps every file below dir to its content.
func snapshot(t *testing.T, dir string) map[string]string {
	t.Helper()
	files := make(map[string]string)
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		content, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		files[filepath.ToSlash(name)] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func sameFiles(t *testing.T, got, want map[string]string) {
	t.Helper()
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s should not be there", name)
		}
	}
	for name, content := range want {
		if got[name] != content {
			t.Errorf("%s is missing or differs", name)
		}
	}
}

func TestWriteHoldsTheSamples(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	var last, total int
	err := Write(context.Background(), dir, small(), func(done, of int) { last, total = done, of })
	if err != nil {
		t.Fatal(err)
	}
	if want := 23 + 2*11; last != want || total != want {
		t.Errorf("progress ended at %d of %d, expected %d", last, total, want)
	}
	files := snapshot(t, dir)
	if want := 2*(23+2*11) + 2; len(files) != want {
		t.Errorf("%d files, expected %d", len(files), want)
	}
	if got := strings.Split(strings.TrimSuffix(files[classesFile], "\n"), "\n"); len(got) != NumClasses || got[9] != "heart" {
		t.Errorf("classes.txt holds %q", got)
	}
	sets, err := small().datasets()
	if err != nil {
		t.Fatal(err)
	}
	for _, set := range sets {
		for i := 0; i < set.Len(); i += 7 {
			checkFiles(t, dir, set.Name(), strings.TrimPrefix(set.Entry(i).ID, set.Name()), load(t, set, i))
		}
	}
}

// checkFiles compares the image and the mask on disk with the sample's fingerprint.
func checkFiles(t *testing.T, dir, set, rest, want string) {
	t.Helper()
	decode := func(folder string) image.Image {
		f, err := os.Open(filepath.Join(dir, folder+rest+".png"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		img, err := png.Decode(f)
		if err != nil {
			t.Fatal(err)
		}
		return img
	}
	picture, isMask := decode(set), decode(set+"_masks")
	grayMask, ok := isMask.(*image.Gray)
	if !ok {
		t.Fatalf("%s%s: mask is %T, expected 8-bit gray", set, rest, isMask)
	}
	img, mask, _, _ := Generate(DefaultConfig(), 0, 0) // to be overwritten
	for i := range Size * Size {
		r, g, b, _ := picture.At(i%Size, i/Size).RGBA()
		img.Pix[3*i], img.Pix[3*i+1], img.Pix[3*i+2] = uint8(r>>8), uint8(g>>8), uint8(b>>8)
		if mask.Pix[i] = 0; grayMask.Pix[i] == 255 {
			mask.Pix[i] = 1
		}
	}
	if fingerprint(img, mask) != want {
		t.Errorf("%s%s: files differ from the sample", set, rest)
	}
}

func TestWriteAgainWritesNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	write(t, dir)
	image := filepath.Join(dir, "val", "heart", "000009.png")
	before, err := os.Stat(image)
	if err != nil {
		t.Fatal(err)
	}
	write(t, dir)
	after, err := os.Stat(image)
	if err != nil {
		t.Fatal(err)
	}
	if !os.SameFile(before, after) {
		t.Error("a finished image was written again")
	}
}

func TestWriteRepairs(t *testing.T) {
	t.Parallel()
	whole := t.TempDir()
	write(t, whole)
	want := snapshot(t, whole)
	for name, harm := range map[string]func(dir string) error{
		"image deleted": func(dir string) error { return os.Remove(filepath.Join(dir, "val/heart/000009.png")) },
		"mask emptied":  func(dir string) error { return os.Truncate(filepath.Join(dir, "val_masks/heart/000009.png"), 0) },
		"killed with an image cut short": func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, classesFile)), os.Truncate(filepath.Join(dir, "train/fish/000018.png"), 500))
		},
		"killed while writing": func(dir string) error {
			return errors.Join(os.Remove(filepath.Join(dir, classesFile)),
				os.Rename(filepath.Join(dir, "train/fish/000018.png"), filepath.Join(dir, "train/fish/.000018.png.tmp")))
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			if err := os.CopyFS(dir, os.DirFS(whole)); err != nil {
				t.Fatal(err)
			}
			if err := harm(dir); err != nil {
				t.Fatal(err)
			}
			write(t, dir)
			sameFiles(t, snapshot(t, dir), want)
		})
	}
}

func TestWriteStopsAndGoesOn(t *testing.T) {
	t.Parallel()
	dir, whole := t.TempDir(), t.TempDir()
	ctx, stop := context.WithCancel(context.Background())
	err := Write(ctx, dir, small(), func(done, _ int) {
		if done == 30 {
			stop()
		}
	})
	if !errors.Is(err, context.Canceled) {
		t.Fatalf("error %v, expected context.Canceled", err)
	}
	if _, err := os.Stat(filepath.Join(dir, classesFile)); !errors.Is(err, fs.ErrNotExist) {
		t.Error("classes.txt is there although the folder is unfinished")
	}
	write(t, dir)
	write(t, whole)
	sameFiles(t, snapshot(t, dir), snapshot(t, whole))
}

func TestWriteRefuses(t *testing.T) {
	t.Parallel()
	other := t.TempDir()
	write(t, other)
	foreign := t.TempDir()
	if err := os.WriteFile(filepath.Join(foreign, "thesis.tex"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(foreign, "thesis.tex")
	for name, test := range map[string]struct{ dir, want string }{
		"other seed":     {other, "holds other data"},
		"foreign folder": {foreign, "is not empty (it holds thesis.tex)"},
		"a file":         {file, "thesis.tex"},
	} {
		before := snapshot(t, filepath.Dir(test.dir))
		asked := small()
		asked.options.TestSeed = 1
		err := Write(context.Background(), test.dir, asked, nil)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s: error %v, expected %q in it", name, err, test.want)
		}
		sameFiles(t, snapshot(t, filepath.Dir(test.dir)), before)
	}
}

package pictures

import (
	"fmt"
	"path/filepath"
	"slices"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/images"
)

// TestStrayFiles are ignored and counted, wherever they lie.
func TestStrayFiles(t *testing.T) {
	for _, stray := range []string{"val/.DS_Store", "val/cat/.DS_Store", "val/cat/Thumbs.db", "val/dog/desktop.ini", "val/dog/notes.txt", "val/README",
		"val/cat/.hidden.png", "val/cat/._1.png", "val/__MACOSX/cat/x.png", "val/dog/labels.csv", "val/dog/1.png.part", "val/dog/no ending"} {
		catalogue.Case(t, "I6", stray, func(t *testing.T) {
			dir := tree(t, "val/dog/b.png", "val/dog/a.JPG", "val/cat/10.png", "val/cat/9.png", stray)
			sets, o := check(t, filepath.Join(dir, "val"))
			if o.Code != 0 || sets[0].Listed != 5 || sets[0].Used != 4 || sets[0].Skipped != 1 {
				t.Errorf("expected 4 used and 1 skipped of 5\n%s", o)
			}
			d, err := data.OpenFolder(filepath.Join(dir, "val"), data.FolderOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if got, want := ids(d), []string{"val/cat/10", "val/cat/9", "val/dog/a", "val/dog/b"}; !slices.Equal(got, want) {
				t.Errorf("samples %v, want %v", got, want)
			}
		})
	}
}

// TestWrongEndings: a picture is what it holds, whatever its name says.
func TestWrongEndings(t *testing.T) {
	endings := []string{"png", "jpg", "gif", "bmp", "webp", "tif", "JPEG"}
	for ending, content := range images.Sound(t) {
		catalogue.Case(t, "I6", ending+" under every ending", func(t *testing.T) {
			dir, hash := t.TempDir(), ""
			for i, name := range endings {
				path := write(t, dir, fmt.Sprintf("cat/%d.%s", i, name), content)
				img, err := data.ReadImage(path)
				if err != nil {
					t.Fatal(err)
				}
				if sum := img.SHA256(); hash == "" || sum == hash {
					hash = sum
				} else {
					t.Errorf("%s: another picture", path)
				}
			}
			if sets, o := check(t, dir); o.Code != 0 || sets[0].Used != len(endings) {
				t.Errorf("%s", o)
			}
		})
	}
	catalogue.Case(t, "I6", "bytes behind the picture", func(t *testing.T) {
		for ending, content := range images.Sound(t) {
			content = append(slices.Clone(content), make([]byte, 1<<20)...)
			if _, err := data.ReadImage(write(t, t.TempDir(), "long."+ending, content)); err != nil {
				t.Error(err)
			}
		}
	})
	catalogue.Case(t, "I6", "text under an image's name", func(t *testing.T) {
		dir := tree(t, "val/cat/1.png")
		write(t, dir, "val/cat/2.png", []byte("no picture\n"))
		sets, o := check(t, filepath.Join(dir, "val"))
		catalogue.CheckRefused(t, o, "2.png", "a text file")
		if sets[0].Used != 1 || len(sets[0].Refused) != 1 {
			t.Errorf("%+v", sets[0])
		}
	})
}

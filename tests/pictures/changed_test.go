package pictures

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/imagenet"
	"github.com/robustvit/workbench/tests/catalogue"
)

// TestFilesThatChangeAfterListing: a file that goes, grows or becomes something
// else between listing and reading is an error that names it.
func TestFilesThatChangeAfterListing(t *testing.T) {
	for name, test := range map[string]struct {
		change func(path string) error
		want   string
	}{
		"gone":           {os.Remove, "there is no such file"},
		"grown":          {func(path string) error { return os.WriteFile(path, gray(t, 40, 40, 7, 8, 200), 0o644) }, "it changed after it was listed: found "},
		"cut":            {func(path string) error { return os.Truncate(path, 50) }, "it changed after it was listed: found 50 bytes"},
		"emptied":        {func(path string) error { return os.Truncate(path, 0) }, "it changed after it was listed: found 0 bytes"},
		"a folder now":   {func(path string) error { return errors.Join(os.Remove(path), os.Mkdir(path, 0o755)) }, "it is a folder"},
		"a link out now": {func(path string) error { return errors.Join(os.Remove(path), os.Symlink("/etc/hostname", path)) }, "it cannot be opened"},
		"other bytes, as many": {func(path string) error {
			content, err := os.ReadFile(path)
			if err == nil {
				content[len(content)/2] ^= 0xff
				err = os.WriteFile(path, content, 0o644)
			}
			return err
		}, "PNG"},
	} {
		catalogue.Case(t, "I13", name, func(t *testing.T) {
			dir := t.TempDir()
			for _, file := range []string{"a/1.png", "a/2.png", "a/3.png"} {
				write(t, dir, file, gray(t, 4, 4, 7))
			}
			d, err := data.OpenFolder(dir, data.FolderOptions{})
			if err != nil {
				t.Fatal(err)
			}
			path := d.(data.Filer).File(1)
			if err := test.change(path); err != nil {
				t.Skip(err)
			}
			for i, want := range []string{"", test.want, ""} {
				_, err := d.Load(i)
				if want == "" && err != nil || want != "" && (err == nil || !contains(err.Error(), want) || !contains(err.Error(), path) || !contains(err.Error(), ";")) {
					t.Errorf("sample %d: %v, expected %q", i, err, want)
				}
			}
		})
	}
	catalogue.Case(t, "I13", "a mask goes", func(t *testing.T) {
		dir := tree(t, "d/a/1.png", "d_masks/a/1.png")
		d, err := data.OpenFolder(filepath.Join(dir, "d"), data.FolderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(dir, "d_masks", "a", "1.png")); err != nil {
			t.Fatal(err)
		}
		if _, err := d.Load(0); err == nil || !contains(err.Error(), filepath.Join("d_masks", "a", "1.png")) || !contains(err.Error(), ";") {
			t.Errorf("%v", err)
		}
	})
	catalogue.Case(t, "I13", "an image of a published set goes", func(t *testing.T) {
		dir := filepath.Join(tree(t, "val/n01440764/1.png", "val/n01443537/2.png"), "val")
		s, err := imagenet.OpenSet(dir)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.Remove(filepath.Join(dir, "n01443537", "2.png")); err != nil {
			t.Fatal(err)
		}
		if _, err := s.Load(1); err == nil || !contains(err.Error(), filepath.Join("n01443537", "2.png")) || !contains(err.Error(), ";") {
			t.Errorf("%v", err)
		}
	})
	catalogue.Case(t, "I13", "pixels that a manifest pinned", func(t *testing.T) {
		dir := filepath.Join(tree(t, "d/a/1.png", "d/a/2.png"), "d")
		d, err := data.OpenFolder(dir, data.FolderOptions{})
		if err != nil {
			t.Fatal(err)
		}
		items, err := data.BuildManifest(context.Background(), d, nil)
		if err != nil {
			t.Fatal(err)
		}
		write(t, dir, "a/2.png", gray(t, 6, 4, 99))
		if d, err = data.OpenFolder(dir, data.FolderOptions{}); err != nil {
			t.Fatal(err)
		}
		if _, err := data.CheckManifest(context.Background(), d, items); err == nil || !contains(err.Error(), filepath.Join("a", "2.png")) {
			t.Errorf("%v", err)
		}
	})
}

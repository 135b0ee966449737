package tests

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/squares"
)

// K10: data that changed while a run was stopped are refused, with the first
// difference by name; put back, the run goes on to the unbroken end.
func TestResumeWithOtherData(t *testing.T) {
	k := theKit(t)
	args := slices.Clone(k.finetuning(6))
	args[slices.Index(args, k.at("data"))] = "data"
	want := k.unbroken(t, "run", args...)
	rename := func(from, to string) func(t *testing.T, data string) error {
		return func(t *testing.T, data string) error {
			var errs []error
			for _, set := range []string{"train", "train_masks", "val", "val_masks"} {
				err := os.Rename(filepath.Join(data, set, from), filepath.Join(data, set, to))
				if !errors.Is(err, os.ErrNotExist) {
					errs = append(errs, err)
				}
			}
			return errors.Join(errs...)
		}
	}
	for _, c := range []struct {
		name, word string
		change     func(t *testing.T, data string) error
	}{
		{"image changed", "train/class0/train1", func(t *testing.T, data string) error {
			squares.Square(t, filepath.Join(data, "train/class0/train1.png"), 16, 0, 5)
			return nil
		}},
		{"mask changed", "train/class2/train0", func(t *testing.T, data string) error {
			squares.Square(t, filepath.Join(data, "train_masks/class2/train0.png"), 16, -1, 5)
			return nil
		}},
		{"mask removed", "train/class2/train3", func(t *testing.T, data string) error {
			return os.Remove(filepath.Join(data, "train_masks/class2/train3.png"))
		}},
		{"class renamed", `class 0 of data is "class1"`, rename("class0", "class9")},
		{"classes in another order", "class1", func(t *testing.T, data string) error {
			return os.WriteFile(filepath.Join(data, "classes.txt"), []byte("class1\nclass0\nclass2\nclass3\n"), 0o644)
		}},
		{"image removed", "train/class0/train1", func(t *testing.T, data string) error {
			return os.Remove(filepath.Join(data, "train/class0/train1.png"))
		}},
		{"image renamed", "train/class0/train1", rename("class0/train1.png", "class0/train7.png")},
		{"image cut short", "train1.png", func(t *testing.T, data string) error {
			return os.Truncate(filepath.Join(data, "train/class0/train1.png"), 40)
		}},
		{"image of another size", "train/class0/train1", func(t *testing.T, data string) error {
			squares.Square(t, filepath.Join(data, "train/class0/train1.png"), 20, 0, 1)
			squares.Square(t, filepath.Join(data, "train_masks/class0/train1.png"), 20, -1, 1)
			return nil
		}},
		{"two images changed places", "train/class0/train0", func(t *testing.T, data string) error {
			a, b := filepath.Join(data, "train/class0/train0.png"), filepath.Join(data, "train/class0/train1.png")
			return errors.Join(os.Rename(a, a+"-"), os.Rename(b, a), os.Rename(a+"-", b))
		}},
		{"masks removed", "train/class0/train0", func(t *testing.T, data string) error {
			return os.RemoveAll(filepath.Join(data, "train_masks"))
		}},
		{"images added", "train/class0/", func(t *testing.T, data string) error {
			for i := range 8 {
				squares.Square(t, filepath.Join(data, fmt.Sprintf("train/class0/added%d.png", i)), 16, 0, 6)
				squares.Square(t, filepath.Join(data, fmt.Sprintf("train_masks/class0/added%d.png", i)), 16, -1, 6)
			}
			return nil
		}},
	} {
		catalogue.Case(t, "K10", c.name, func(t *testing.T) {
			dir := t.TempDir()
			data := filepath.Join(dir, "data")
			put := func() {
				if err := errors.Join(os.RemoveAll(data), os.CopyFS(data, os.DirFS(k.at("data")))); err != nil {
					t.Fatal(err)
				}
			}
			put()
			killedAt(t, dir, "log.jsonl-write:9", args...)
			if err := c.change(t, data); err != nil {
				t.Fatal(err)
			}
			o := catalogue.RunIn(t, dir, nil, args...)
			catalogue.CheckRefused(t, o, c.word)
			put()
			works(t, dir, nil, args...)
			sameEnd(t, want, filepath.Join(dir, "run"))
		})
	}
}

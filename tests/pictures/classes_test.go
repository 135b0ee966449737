package pictures

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/tests/catalogue"
)

// TestClassFolders: what differs is named, with the nearest name where one is
// close. names are files below a fresh folder; arg is the one that is checked.
func TestClassFolders(t *testing.T) {
	for _, test := range []struct {
		name, arg string
		files     []string
		list      string // classes.txt
		want      []string
	}{
		{"no such folder", "d", nil, "", []string{"no such folder"}},
		{"no class", "d", []string{"d/readme.txt"}, "", []string{"no class folder"}},
		{"images at the root", "d", []string{"d/cat/1.png", "d/2.png", "d/3.png"}, "", []string{`"2.png", "3.png"`, "beside the class folders"}},
		{"an image beside train", "d", []string{"d/train/cat/1.png", "d/val/cat/1.png", "d/val/2.png"}, "", []string{`"2.png"`, "beside the class folders"}},
		{"empty class", "d", []string{"d/cat/1.png", "d/dog/notes.txt"}, "", []string{`"dog"`, "no image"}},
		{"nested", "d", []string{"d/cat/1.png", "d/cat/more/2.png"}, "", []string{`"cat"`, `"more"`}},
		{"missing class", "d", []string{"d/cat/1.png"}, "cat\ndog\n", []string{"1 of 2 classes", `"dog"`}},
		{"extra class", "d", []string{"d/cat/1.png", "d/dogs/1.png"}, "cat\ndog\n", []string{`"dogs"`, `did you mean "dog"`}},
		{"nothing fits", "d", []string{"d/n01/1.png"}, "cat\ndog\n", []string{`"n01"`}},
		{"another case", "d", []string{"d/cat/1.png", "d/Cat/1.png"}, "", []string{"differ only in case"}},
		{"another case in the list", "d", []string{"d/Cat/1.png"}, "cat\n", []string{`"Cat"`, `did you mean "cat"`}},
		{"accents", "d", []string{"d/caf\u00e9/1.png", "d/cafe\u0301/1.png"}, "", []string{"accents"}},
		{"one name, two endings", "d", []string{"d/cat/1.png", "d/cat/1.JPG"}, "", []string{`"1.JPG"`, `"1.png"`}},
		{"a list of other text", "d", []string{"d/cat/1.png"}, "some text\n", []string{`"some text"`, `"cat"`}},
		{"twice in the list", "d", []string{"d/cat/1.png"}, "cat\ncat\n", []string{"twice"}},
		{"twice in the list, in another case", "d", []string{"d/cat/1.png"}, "cat\nCAT\n", []string{"differ only in case"}},
		{"a path in the list", "d", []string{"d/cat/1.png"}, "../cat\n", []string{`"../cat"`}},
		{"the folder itself in the list", "d", []string{"d/cat/1.png"}, ".\n", []string{`"."`}},
		{"a control character in the list", "d", []string{"d/cat/1.png"}, "cat\n\x1b[2J\n", []string{`"\x1b[2J"`}},
		{"no UTF-8 in the list", "d", []string{"d/cat/1.png"}, "\xff\xfe\n", []string{`"\xff\xfe"`}},
		{"an empty list", "d", []string{"d/cat/1.png"}, "\n", []string{"empty"}},
		{"a list of one line of a megabyte", "d", []string{"d/cat/1.png"}, string(make([]byte, 1<<20)), []string{"class list"}},
		{"no train", "d", []string{"d/val/cat/1.png"}, "", []string{"val"}},
		{"train misspelt", "d", []string{"d/trian/cat/1.png", "d/val/cat/1.png"}, "", []string{"trian"}},
		{"nothing to test on", "d", []string{"d/train/cat/1.png"}, "", []string{"val or test"}},
		{"val lacks a class", "d", []string{"d/train/cat/1.png", "d/train/dog/1.png", "d/val/cat/1.png"}, "", []string{`"dog"`}},
		{"another class in val", "d", []string{"d/train/cat/1.png", "d/val/kat/1.png"}, "", []string{`did you mean "cat"`}},
		{"a file for a folder", "d/cat/1.png", []string{"d/cat/1.png"}, "", []string{"it is a file"}},
	} {
		catalogue.Case(t, "I8", test.name, func(t *testing.T) {
			dir := tree(t, test.files...)
			if test.list != "" {
				write(t, dir, "d/classes.txt", []byte(test.list))
			}
			path := filepath.Join(dir, filepath.FromSlash(test.arg))
			catalogue.Refused(t, append(test.want, test.arg), "data", "check", path)
		})
	}
}

// TestFoldersThatFit: an order of its own, a part of the classes, empty lines
// and a mark of the byte order.
func TestFoldersThatFit(t *testing.T) {
	catalogue.Case(t, "I8", "the list fixes the order", func(t *testing.T) {
		dir := tree(t, "d/cat/1.png", "d/dog/1.png")
		write(t, dir, "d/classes.txt", []byte("\xef\xbb\xbfdog\r\n\r\ncat\r\n"))
		d, err := data.OpenFolder(filepath.Join(dir, "d"), data.FolderOptions{})
		if err != nil || d.Entry(0).ID != "d/dog/1" || d.Entry(1).ID != "d/cat/1" {
			t.Errorf("%v", err)
		}
	})
	catalogue.Case(t, "I8", "a shifted set has some of the classes", func(t *testing.T) {
		dir := tree(t, "train/cat/1.png", "train/dog/1.png", "val/cat/1.png", "val/dog/1.png", "imagenet-a/dog/1.png")
		sets, o := check(t, dir)
		if o.Code != 0 || len(sets) != 3 || sets[2].Used != 1 || len(sets[2].PerClass) != 2 || sets[2].PerClass[1] != 1 {
			t.Errorf("%+v\n%s", sets, o)
		}
	})
	catalogue.Case(t, "I8", "no UTF-8 in a folder's name", func(t *testing.T) {
		dir := tree(t, "d/cat/1.png")
		if err := os.Mkdir(filepath.Join(dir, "d", "\xff\xfe"), 0o755); err != nil {
			t.Skip(err)
		}
		catalogue.Refused(t, []string{`"\xff\xfe"`, "rename"}, "data", "check", filepath.Join(dir, "d"))
	})
}

//go:build unix

package pictures

import (
	"errors"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/tests/catalogue"
)

// TestSpecialFiles: links that lead nowhere or out, pipes, sockets and devices
// are refused by name in a folder, and nothing waits for them.
func TestSpecialFiles(t *testing.T) {
	link := func(target, name string) func(dir string) error {
		return func(dir string) error { return os.Symlink(target, filepath.Join(dir, filepath.FromSlash(name))) }
	}
	pipe := func(name string) func(dir string) error {
		return func(dir string) error { return syscall.Mkfifo(filepath.Join(dir, filepath.FromSlash(name)), 0o644) }
	}
	for name, test := range map[string]struct {
		make func(dir string) error // in the folder of the set
		want []string
	}{
		"link out of the set":      {link("../../out.png", "cat/2.png"), []string{`"cat"`, `"2.png"`, "link"}},
		"absolute link":            {link("/etc/hostname", "cat/2.png"), []string{`"cat"`, `"2.png"`, "link"}},
		"class that is a link out": {link("../other", "dog"), []string{`"dog"`, "link"}},
		"link to itself":           {link("loop.png", "cat/loop.png"), []string{`"cat"`, `"loop.png"`, "link"}},
		"links that are a ring": {func(dir string) error {
			return errors.Join(link("b.png", "cat/a.png")(dir), link("a.png", "cat/b.png")(dir))
		}, []string{`"cat"`, `"a.png"`, "link"}},
		"class that is its parent": {link(".", "dog"), []string{`"dog"`, "move them up"}},
		"dangling link":            {link("nowhere.png", "cat/2.png"), []string{`"cat"`, `"2.png"`, "link"}},
		"list that is a link out":  {link("../../out.png", "classes.txt"), []string{"classes.txt"}},
		"pipe":                     {pipe("cat/2.png"), []string{`"cat"`, `"2.png"`, "named pipe"}},
		"list that is a pipe":      {pipe("classes.txt"), []string{"classes.txt", "named pipe"}},
		"sets that are a pipe":     {func(dir string) error { return errors.Join(pipe("sets.txt")(dir), pipe("cat/2.png")(dir)) }, []string{"named pipe"}},
		"link to a pipe":           {func(dir string) error { return errors.Join(pipe("cat/p")(dir), link("p", "cat/2.png")(dir)) }, []string{`"cat"`, `"2.png"`, "named pipe"}},
		"socket":                   {func(dir string) error { return socket(filepath.Join(dir, "cat", "2.png")) }, []string{`"cat"`, `"2.png"`, "socket"}},
		"device": {func(dir string) error {
			return syscall.Mknod(filepath.Join(dir, "cat", "2.png"), syscall.S_IFCHR|0o644, 1<<8|5)
		}, []string{`"cat"`, `"2.png"`, "device"}},
		"folder with the name of a picture": {func(dir string) error { return os.Mkdir(filepath.Join(dir, "cat", "2.png"), 0o755) }, []string{"2.png", "move them up"}},
	} {
		catalogue.Case(t, "I9", name, func(t *testing.T) {
			dir := tree(t, "d/cat/1.png", "other/1.png", "out.png")
			set := filepath.Join(dir, "d")
			if err := test.make(set); err != nil {
				t.Skip("cannot be made here:", err)
			}
			catalogue.Refused(t, append(test.want, set), "data", "check", set)
		})
	}
}

func socket(path string) error {
	short := filepath.Join(os.TempDir(), "s") // names of sockets are short
	listener, err := net.ListenUnix("unix", &net.UnixAddr{Name: short})
	if err != nil {
		return err
	}
	listener.SetUnlinkOnClose(false)
	listener.Close()
	return os.Rename(short, path)
}

// TestPathsThatAreNoFiles: named on the command line they are refused as well.
func TestPathsThatAreNoFiles(t *testing.T) {
	dir := t.TempDir()
	pipe, dangling, big := filepath.Join(dir, "pipe.png"), filepath.Join(dir, "dangling.png"), write(t, dir, "big.png", nil)
	if err := errors.Join(syscall.Mkfifo(pipe, 0o644), os.Symlink(filepath.Join(dir, "nowhere"), dangling), os.Truncate(big, data.MaxFileBytes+1)); err != nil {
		t.Skip(err)
	}
	for path, want := range map[string]string{
		pipe: "a named pipe", dir: "a folder", dangling: "no such file", big: "67108865 bytes",
		"/dev/zero": "a device", filepath.Join(dir, "missing.png"): "no such file",
	} {
		catalogue.Case(t, "I9", "named "+filepath.Base(path), func(t *testing.T) {
			catalogue.Refused(t, []string{path, want}, "prepare", path, "--out", filepath.Join(dir, "seen.png"))
		})
	}
	for _, args := range [][]string{{"data", "check", pipe}, {"inspect", pipe}, {"data", "check", filepath.Join(dir, "set.mat")}, {"explain", "--weights", "demo:vit", "--out", filepath.Join(dir, "x"), pipe}} {
		catalogue.Case(t, "I9", "pipe for "+args[0]+" "+filepath.Base(args[len(args)-1]), func(t *testing.T) {
			if filepath.Ext(args[len(args)-1]) == ".mat" {
				if err := syscall.Mkfifo(args[len(args)-1], 0o644); err != nil {
					t.Skip(err)
				}
			}
			catalogue.Refused(t, []string{filepath.Base(args[len(args)-1])}, args...)
		})
	}
}

// TestLinksInsideAreFollowed: they are samples like others.
func TestLinksInsideAreFollowed(t *testing.T) {
	catalogue.Case(t, "I9", "link inside the set", func(t *testing.T) {
		dir := filepath.Join(tree(t, "d/cat/1.png"), "d")
		if err := errors.Join(os.Symlink("cat", filepath.Join(dir, "dog")), os.Symlink("1.png", filepath.Join(dir, "cat", "2.png"))); err != nil {
			t.Skip(err)
		}
		if sets, o := check(t, dir); o.Code != 0 || sets[0].Used != 4 {
			t.Errorf("%s", o)
		}
	})
}

// TestUnreadableFolder: without permission the folder is named.
func TestUnreadableFolder(t *testing.T) {
	catalogue.Case(t, "I9", "folder without permission", func(t *testing.T) {
		root := tree(t, "d/cat/1.png", "d/dog/1.png")
		dir := filepath.Join(root, "d")
		if err := errors.Join(os.Chmod(filepath.Dir(root), 0o755), os.Chmod(root, 0o755), os.Chmod(filepath.Join(dir, "dog"), 0)); err != nil {
			t.Fatal(err)
		}
		err := asAnother(t, func() error {
			_, err := data.OpenFolder(dir, data.FolderOptions{})
			return err
		})
		if err == nil || !contains(err.Error(), `"dog"`) || !contains(err.Error(), "permission denied") || !contains(err.Error(), ";") {
			t.Errorf("%v", err)
		}
	})
}

// TestExplainStaysInside: a link in a folder that is searched does not lead out of it.
func TestExplainStaysInside(t *testing.T) {
	catalogue.Case(t, "I9", "link out of a folder to explain", func(t *testing.T) {
		dir := tree(t, "photos/1.png", "out.png")
		if err := os.Symlink("../out.png", filepath.Join(dir, "photos", "2.png")); err != nil {
			t.Skip(err)
		}
		o := catalogue.Run(t, nil, "explain", "--weights", micro(), "--out", filepath.Join(t.TempDir(), "out"), filepath.Join(dir, "photos"))
		if o.Code != 0 || !contains(o.Out, "1 of 2 images explained") || !contains(o.Err, "2.png") {
			t.Errorf("%s", o)
		}
	})
}

package data_test

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/tests/hostile/seeds"
)

// FuzzClassList: names that can be folders of a set, each once.
func FuzzClassList(f *testing.F) {
	for _, seed := range []string{"cat\ndog\n", "\xef\xbb\xbfdog\r\n\r\ncat\r\n", "cat\nCat\n", "../cat\n", "caf\u00e9\ncafe\u0301\n", "\x1b[2J\n", "a\u202eb\n", "\xff\n", ".\n..\n", ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		names, err := data.ParseClassList(content)
		if err == nil {
			holdNames(t, names)
		}
	})
}

// FuzzSetList: names that do not lead out, each once.
func FuzzSetList(f *testing.F) {
	for _, seed := range []string{"val\nimagenet-a\n", "../val\n", "/etc\n", "val\nval\n", "my set\n", "va\x00l\n", "\x1b[2J\n", "a/b\n", ".\n", ""} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		names, err := data.ParseSetList(content)
		if err == nil {
			holdNames(t, names)
		}
	})
}

// holdNames: what was accepted stays below its folder and can be shown.
func holdNames(t *testing.T, names []string) {
	t.Helper()
	if len(names) == 0 {
		t.Fatal("accepted without a name")
	}
	for i, name := range names {
		if joined := filepath.Join("root", name); filepath.Dir(joined) != "root" && name != "." || strings.ContainsAny(name, "\x00\n\r\x1b/") || slices.Contains(names[:i], name) {
			t.Fatalf("accepted %q of %q", name, names)
		}
	}
}

// FuzzCacheSize: what is read can be written and read again.
func FuzzCacheSize(f *testing.F) {
	for _, seed := range []string{"2GiB", "500MB", "none", "auto", "", "0", "-1", "1e30TB", "NaN", "0x10", "7 KiB"} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		var size, again data.CacheSize
		if size.UnmarshalText(text) != nil {
			return
		}
		written, err := size.MarshalText()
		if err == nil {
			err = again.UnmarshalText(written)
		}
		if err != nil || again != size {
			t.Fatalf("%q is %d, written %q, read again %d, %v", text, size, written, again, err)
		}
	})
}

// FuzzInspect: any header, EXIF block and animation gives facts within bounds.
func FuzzInspect(f *testing.F) {
	addSeeds(f)
	seeds.Files(f, filepath.Join("testdata", "exif", "*.png"))
	f.Fuzz(func(t *testing.T, content []byte) {
		info, err := data.InspectBytes(content)
		if err != nil {
			return
		}
		if info.Orientation < 0 || info.Orientation > 8 || info.Width < 1 || info.Height < 1 || info.Width*info.Height > data.MaxPixels {
			t.Fatalf("%+v", info)
		}
	})
}

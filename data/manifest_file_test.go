package data_test

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
)

func TestManifestFile(t *testing.T) {
	hash := strings.Repeat("a", 64)
	items := []data.ManifestItem{{ID: "train/a/1", Class: 3, ClassName: "a", ImageSHA256: hash, MaskSHA256: hash}, {ID: "train/b/2", ClassName: "b", ImageSHA256: hash}}
	path := filepath.Join(t.TempDir(), "list.jsonl")
	if err := data.WriteManifest(path, items); err != nil {
		t.Fatal(err)
	}
	got, sum, err := data.ReadManifest(path)
	if err != nil || !slices.Equal(got, items) || len(sum) != 64 {
		t.Errorf("%+v, %q, %v", got, sum, err)
	}
	if left, _ := filepath.Glob(filepath.Join(filepath.Dir(path), "*.tmp")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
	line := `{"id":"x","image_sha256":"` + hash + `"}` + "\n"
	for name, c := range map[string]struct{ content, says string }{
		"empty":     {"\n", "lists no sample"},
		"no JSON":   {"tench\n", "line 1"},
		"no hash":   {`{"id":"x"}`, "image_sha256"},
		"twice":     {line + line, "line 2"},
		"long line": {strings.Repeat("x", 2<<20), "one sample a line"},
	} {
		if err := os.WriteFile(path, []byte(c.content), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, _, err := data.ReadManifest(path); err == nil || !strings.Contains(err.Error(), c.says) || !strings.Contains(err.Error(), "list.jsonl") {
			t.Errorf("%s: %v, expected %q", name, err, c.says)
		}
	}
}

package pages

import (
	"bytes"
	"encoding/json"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// places are where a text from outside stands, each with the word that the
// harmless run folders have there and the pages that show it.
var places = []struct {
	name, word string
	pages      []string
}{
	{"class name", "zqclass", []string{"explanation/explain.html", "main/report.html", "zqmask/masks.html", "zqfolder/report.html", "index.html"}},
	{"file name", "zqfile", []string{"explanation/explain.html", "main/report.html", "zqmask/masks.html", "index.html"}},
	{"folder", "zqfolder", []string{"evaluation/report.html", "explanation/explain.html", "zqmask/masks.html", "zqfolder/report.html", "index.html"}},
	{"model name", "zqmodel", []string{"evaluation/report.html", "explanation/explain.html", "segmentation/report.html", "zqmask/masks.html", "sweep/table-3/report.html", "index.html"}},
	{"mask name", "zqmask", []string{"index.html"}},
	{"data set name", "zqset", []string{"evaluation/report.html", "main/report.html", "sweep/table-3/report.html"}},
	{"config text", "zqconfig", []string{"evaluation/report.html", "main/report.html", "zqmask/masks.html", "zqfolder/report.html", "zqmodel/report.html"}},
	{"error text", "zqerror", []string{"explanation/explain.html", "bench/report.html", "index.html"}},
}

// forge copies the run folders; text stands before each of the words then, in
// the plain files and in the names of the run folders.
func forge(t *testing.T, from, text string) (to string) {
	t.Helper()
	to = t.TempDir()
	err := filepath.WalkDir(from, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		name, err := filepath.Rel(from, path)
		if err != nil {
			return err
		}
		if entry.IsDir() && slices.Contains([]string{"checkpoints", "records", "points"}, entry.Name()) {
			return fs.SkipDir
		}
		first, rest, _ := strings.Cut(name, string(filepath.Separator))
		target := filepath.Join(to, fileName(withText(first, text)), rest)
		switch {
		case entry.IsDir():
			return os.MkdirAll(target, 0o755)
		case strings.HasSuffix(name, ".json") || strings.HasSuffix(name, ".jsonl"):
			return forgeLines(path, target, text)
		case strings.HasSuffix(name, ".html"):
			return nil
		}
		return os.Link(path, target)
	})
	if err == nil { // a run that cannot be read
		err = os.WriteFile(filepath.Join(to, fileName(withText("zqerror", text)), "results.json"), []byte("{"), 0o644)
	}
	if err != nil {
		t.Fatal(err)
	}
	return to
}

// fileName is as much of the text as a folder's name takes: slashes make folders
// in it, of which an index looks into three.
func fileName(text string) string {
	text = strings.ReplaceAll(text, "\x00", "")
	for strings.Contains(text, "//") {
		text = strings.ReplaceAll(text, "//", "/")
	}
	parts := strings.Split(text, "/")
	if len(parts) > 3 {
		parts = append(parts[:2], strings.Join(parts[2:], "\u2215"))
	}
	return strings.Join(parts, "/")
}

func withText(s, text string) string {
	for _, place := range places {
		s = strings.ReplaceAll(s, place.word, text+place.word)
	}
	return s
}

// forgeLines writes a file of one JSON value, or one a line, with the text in it.
func forgeLines(from, to, text string) error {
	content, err := os.ReadFile(from)
	if err != nil {
		return err
	}
	in := json.NewDecoder(bytes.NewReader(content))
	in.UseNumber()
	var out bytes.Buffer
	lines := json.NewEncoder(&out)
	lines.SetEscapeHTML(false)
	config := filepath.Base(from) == "config.json" || filepath.Base(from) == "environment.jsonl"
	for in.More() {
		var v any
		if err := in.Decode(&v); err != nil {
			return err
		}
		if bench, ok := v.(map[string]any); ok && filepath.Base(from) == "bench.json" {
			bench["results"] = append(bench["results"].([]any), map[string]any{"case": "train", "error": "bench: zqerror"})
		}
		if err := lines.Encode(forged(v, "", text, config)); err != nil {
			return err
		}
	}
	return os.WriteFile(to, out.Bytes(), 0o644)
}

// decides are the fields of a config that say what the folder is, and the names
// of folders in it.
var decides = []string{"kind", "name"}

// files are the fields that name a file of the folder.
var files = []string{"picture", "heat", "coarse", "final", "image", "mask", "relevance"}

func forged(v any, key, text string, config bool) any {
	switch v := v.(type) {
	case string:
		if slices.Contains(files, key) {
			return v
		}
		changed := withText(v, text)
		if config && changed == v && v != "" && !slices.Contains(decides, key) {
			return text + "zqconfig" + v
		}
		return changed
	case []any:
		for i := range v {
			v[i] = forged(v[i], key, text, config)
		}
	case map[string]any:
		out := map[string]any{}
		for k, inner := range v {
			out[withText(k, text)] = forged(inner, k, text, config)
		}
		return out
	}
	return v
}

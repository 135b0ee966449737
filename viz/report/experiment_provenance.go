package report

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/robustvit/workbench/viz"
)

// provenance lets every number be traced.
func (r *ExperimentResults) provenance() []viz.KeyValue {
	var all facts
	all.add("Experiment", "%s", r.Name)
	all = append(all, r.settings()...)
	for _, f := range []struct{ key, value string }{{"Configuration, SHA-256", r.ConfigSHA256}, {"Commit", r.Commit}} {
		if f.value != "" {
			all.add(f.key, "%s", f.value)
		}
	}
	return all
}

// firstSettings come first and in this order; the others follow by name.
var firstSettings = []string{"models", "data", "sets", "images_per_set", "protocol", "seed", "seeds", "backend"}

func (r *ExperimentResults) settings() facts {
	keys := slices.Sorted(maps.Keys(r.Settings))
	slices.SortStableFunc(keys, func(a, b string) int { return settingRank(a) - settingRank(b) })
	var all facts
	for _, key := range keys {
		text := ""
		if nested, ok := r.Settings[key].(map[string]any); ok {
			text = settingsText(nested)
		} else {
			text = factText(r.Settings[key])
		}
		if text != "" {
			name := strings.ReplaceAll(key, "_", " ")
			all.add(strings.ToUpper(name[:min(1, len(name))])+name[min(1, len(name)):], "%s", text)
		}
	}
	return all
}

func settingRank(key string) int {
	if i := slices.Index(firstSettings, key); i >= 0 {
		return i
	}
	return len(firstSettings)
}

// manyPoints are folded away.
const manyPoints = 12

func pointsSection(dir string, points []experimentPoint) viz.Section {
	s := viz.Section{Title: "Runs", Lead: "The runs that these numbers rest on; each has its folder.", Fragments: []viz.Fragment{pointsTable(dir, points)}}
	if len(points) > manyPoints {
		s.Fragments = []viz.Fragment{viz.Details{Summary: fmt.Sprintf("%d runs", len(points)), Fragments: s.Fragments}}
	}
	return s
}

// pointsTable lists the runs, with a link where the folder is there.
func pointsTable(dir string, points []experimentPoint) viz.Table {
	t := viz.Table{Corner: "run", Columns: []viz.Column{{Name: "what"}, {Name: "configuration"}, {Name: "weights after"}},
		Note: "The first digits of each SHA-256; results.json has them whole."}
	for _, p := range points {
		title := viz.Text(firstOf(p.Title, p.Name))
		if path, ok := pageOf(dir, p.Folder); ok {
			title = title.To(path)
		}
		t.Rows = append(t.Rows, viz.TableRow{Name: p.Name, Cells: []viz.Cell{title, hashCell(p.Config), hashCell(p.Weights)}})
	}
	return t
}

func hashCell(hash string) viz.Cell {
	if hash == "" {
		return viz.Cell{}
	}
	return viz.Text(shortHash(hash))
}

// pageOf is the path, relative to dir, of the page of the folder, or of the
// folder itself where it has none; ok is false where there is no such folder.
func pageOf(dir, folder string) (path string, ok bool) {
	if folder == "" || filepath.IsAbs(folder) || strings.ContainsAny(folder, "\\\x00") || strings.HasPrefix(folder, "/") {
		return "", false
	}
	for _, r := range folder {
		if r < ' ' {
			return "", false
		}
	}
	folder = filepath.ToSlash(filepath.Clean(filepath.FromSlash(folder)))
	if info, err := os.Stat(inside(dir, folder)); err != nil || !info.IsDir() {
		return "", false
	}
	for _, page := range []string{MainFile, ExplainFile, MasksFile, IndexFile} {
		path := fmt.Sprintf("%s/%s", folder, page)
		if info, err := os.Stat(inside(dir, path)); err == nil && info.Mode().IsRegular() {
			return path, true
		}
	}
	return folder + "/", true
}

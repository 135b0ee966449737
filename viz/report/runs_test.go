package report_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/net/html"

	"github.com/robustvit/workbench/viz"
	"github.com/robustvit/workbench/viz/report"
)

// allRuns writes a folder with a run of each kind, two of them unfinished, and a
// sweep with its points.
func allRuns(t testing.TB, n names) string {
	t.Helper()
	root := t.TempDir()
	for at, from := range map[string]string{"demo": mainJob(t, n), "sweep": experiments(t, n), "explained/photos": explanation(t, n), "masks": madeMasks(t, n), "bench": benched(t, n),
		"a/b/ours": finetuned(t, n), "base": pretrained(t, n), "a/b/c/too-deep": finetuned(t, n), "ours-rates/0.0001": finetuned(t, n), ".hidden": finetuned(t, n)} {
		if err := os.CopyFS(filepath.Join(root, filepath.FromSlash(at)), os.DirFS(from)); err != nil {
			t.Fatal(err)
		}
	}
	one := value{"name": "val", "title": "INet val", "top1": value{"vit": rate(80), "ours": rate(81)}, "delta": value{"ours": change(1, 2)}}
	put(t, root, map[string]any{
		"demo/done.json": value{}, "masks/done.json": value{}, "explained/photos/config.json": value{"kind": "explain", "models": []value{}}, "explained/photos/done.json": value{},
		"eval/results.json": value{"models": []value{{"name": "vit"}, {"name": "ours"}}, "sets": []value{one}},
		"eval/config.json":  value{"kind": "evaluate", "data": n.data}, "eval/done.json": value{},
		"half/config.json":       value{"kind": "main", "model": n.title, "data": n.data, "arms": []value{{"name": "control", "title": "Control"}, {"name": "after", "title": n.title}}},
		"half/control/done.json": value{}, "half/control/log.jsonl": trainingLog(false), "half/control/config.json": value{"kind": "finetune"},
		"sweep/points/a/config.json": value{"kind": "point"}, "sweep/points/b/config.json": value{"kind": "point"}, "sweep/points/m/config.json": value{"kind": "masks"},
		"a/config.json": value{"model_type": "vit"}, "photos/x/y.txt": "no run"})
	return root
}

func TestRunsIndex(t *testing.T) {
	root := allRuns(t, plain())
	index := page(t, report.Write, root)
	tags, text := elements(t, index)
	says(t, "the index", text, []string{
		"10 runs: 2 main jobs, 2 experiments, 1 evaluation, 1 explanation, 1 masks, 1 finetuning, 1 pretraining, 1 bench.", "4 models of sweeps and of searches",
		"demo:vit, finetuned so that", "Ours: shift accuracy rose by 6.1 points.", "Change in top-1 accuracy", "shift set 40.0", "heart corrected",
		"not finished: 1 of 2 models finetuned", "the same command again goes on", "How many samples and classes it takes, Ours (sweep/sensitivity)", "The paper's claims: 1 held, 1 partly, 1 not held, 1 not tested", "demo:vit, shapes on shapes",
		"2 models on one evaluation set of shapes.", "80.0 [76.0, 84.0]", "2 images of 3, explained with demo:vit and Ours.", "heart 62 %", "120 images of shapes", "Kept 100",
		"not finished: step 40 of 60", "first epoch 1.0000 0.2500 0.1250", "last epoch 0.5000", "finished after 1 steps",
	}, []string{"too-deep", "hidden", "0.0001", "Not shown", "points/"})
	want := []string{"demo", "half", "sweep/sensitivity", "sweep/tables-1-2", "eval", "explained/photos", "masks", "a/b/ours", "base", "bench"}
	if diff := cmp.Diff(want, rowNames(t, index)); diff != "" {
		t.Errorf("order of the runs:\n%s", diff)
	}
	for _, forbidden := range []string{"script", "iframe", "form", "link", "object"} {
		if count(tags, forbidden) != 0 {
			t.Errorf("the page has a %s element", forbidden)
		}
	}
	again := page(t, report.Write, root)
	if again != index {
		t.Error("two indices of the same folder differ")
	}
}

// rowNames are the headings of the rows of the first table.
func rowNames(t *testing.T, text string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for n := range root.Descendants() {
		if n.Data != "table" {
			continue
		}
		var names []string
		for d := range n.Descendants() {
			if d.Data == "th" && d.Attr[0].Val == "row" {
				names = append(names, d.FirstChild.Data)
			}
		}
		return names
	}
	return nil
}

// TestRunsCanBeSent: in a copy elsewhere every link of every page leads to a file
// of the copy, and every picture is inside its page.
func TestRunsCanBeSent(t *testing.T) {
	root, copied := allRuns(t, plain()), filepath.Join(t.TempDir(), "sent")
	page(t, report.Write, root)
	if err := os.CopyFS(copied, os.DirFS(root)); err != nil {
		t.Fatal(err)
	}
	seen := map[string]bool{}
	var visit func(string)
	visit = func(file string) {
		if seen[file] {
			return
		}
		seen[file] = true
		if rel, err := filepath.Rel(copied, file); err != nil || !filepath.IsLocal(rel) {
			t.Errorf("a link leads out of the folder: %s", file)
			return
		}
		content, err := os.ReadFile(file)
		if err != nil {
			t.Errorf("a link leads nowhere: %v", err)
			return
		}
		for _, link := range links(t, string(content)) {
			visit(filepath.Join(filepath.Dir(file), filepath.FromSlash(link)))
		}
		for _, source := range sources(t, string(content)) {
			if !strings.HasPrefix(source, "data:image/") {
				t.Errorf("%s has a picture outside: %.60s", file, source)
			}
		}
	}
	visit(filepath.Join(copied, "index.html"))
	if len(seen) != 11 { // nine runs have a page, one is half done; a point
		t.Errorf("%d pages are reached, expected 11: %v", len(seen), seen)
	}
}

func sources(t *testing.T, text string) []string {
	t.Helper()
	root, err := html.Parse(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for n := range root.Descendants() {
		for _, a := range n.Attr {
			if a.Key == "src" || a.Key == "srcset" {
				out = append(out, a.Val)
			}
		}
	}
	return out
}

// TestDamagedRuns: what cannot be read is named on the page and in the error, by
// a path that says nothing of the disk; the others are there.
func TestDamagedRuns(t *testing.T) {
	root := allRuns(t, plain())
	put(t, root, map[string]any{"eval/results.json": "{", "a/b/ours/log.jsonl": "no\n", "masks/config.json": "", "demo/gallery/imagenet-a/corrected-1.png": "text", "sweep/tables-1-2/results.json": value{"kind": "experiment"}})
	path, err := report.Write(root)
	if err == nil || path != filepath.Join(root, "index.html") {
		t.Fatalf("path %q, error %v", path, err)
	}
	content, rerr := os.ReadFile(path)
	if rerr != nil {
		t.Fatal(rerr)
	}
	_, text := elements(t, string(content))
	for _, want := range []string{"eval/results.json", "a/b/ours/log.jsonl", "masks/config.json", "corrected-1.png", "sweep/tables-1-2/results.json"} {
		if !strings.Contains(filepath.ToSlash(err.Error()), want) || !strings.Contains(text, want) {
			t.Errorf("%s is not named in the error and on the page: %v", want, err)
		}
	}
	if strings.Contains(string(content), root) || strings.Contains(string(content), filepath.Dir(root)) {
		t.Error("the page says where on the disk it lay")
	}
	if diff := cmp.Diff([]string{"half", "sweep/sensitivity", "explained/photos", "base", "bench"}, rowNames(t, string(content))); diff != "" {
		t.Errorf("runs that could be read:\n%s", diff)
	}
}

// TestPrivatePages: paths of a home folder in the files of the runs do not reach
// the pages.
func TestPrivatePages(t *testing.T) {
	n := plain()
	n.title, n.data, n.id = "/home/ana/runs/ours/weights.safetensors", "/home/ana/photos", "/home/ana/photos/tench.JPEG"
	root := withoutSweep(t, n) // whose sentences are the workbench's own
	page(t, report.Write, root)
	for _, name := range []string{"index.html", "explained/photos/explain.html", "masks/masks.html", "a/b/ours/report.html", "base/report.html", "eval/report.html"} {
		content, err := os.ReadFile(filepath.Join(root, filepath.FromSlash(name)))
		if err != nil {
			t.Fatal(err)
		}
		_, text := elements(t, string(content))
		if at := strings.Index(text, "ana/"); at >= 0 {
			t.Errorf("%s: %q", name, text[max(0, at-40):at+40])
		}
	}
}

// TestPagesAreWrittenAnew: a page of yesterday, or of an older program, does not
// go into what is sent.
func TestPagesAreWrittenAnew(t *testing.T) {
	root := withoutSweep(t, plain())
	put(t, root, map[string]any{"demo/report.html": "an old page of /home/ana"})
	page(t, report.Write, root)
	content, err := os.ReadFile(filepath.Join(root, "demo", "report.html"))
	if err != nil || strings.Contains(string(content), "an old page") {
		t.Errorf("the old page stayed: %v", err)
	}
}

// TestColormap: the option changes the pictures with maps and the colour bar and
// nothing else; without it pages are as they were.
func TestColormap(t *testing.T) {
	for name, build := range map[string]func(testing.TB, names) string{"main job": mainJob, "explanation": explanation, "masks": madeMasks, "finetuning": finetuned, "runs": withoutSweep} {
		dir := build(t, plain())
		standard := page(t, report.Write, dir)
		if page(t, report.Options{Colors: viz.Viridis}.Write, dir) != standard {
			t.Errorf("%s: viridis is not the standard", name)
		}
		for _, colors := range []viz.ColorMap{viz.Inferno, viz.Jet} {
			other := page(t, report.Options{Colors: colors}.Write, dir)
			want := strings.Count(standard, "viridis colour scale")
			if got := strings.Count(other, colors.String()+" colour scale"); want == 0 || got != want || strings.Contains(other, "viridis") {
				t.Errorf("%s: %d colour bars in %s, expected %d", name, got, colors, want)
			}
			a, b := sources(t, standard), sources(t, other)
			same := 0
			for i := range a {
				if a[i] == b[i] {
					same++
				}
			}
			if len(a) != len(b) || same == len(a) || same == 0 {
				t.Errorf("%s in %s: %d of %d pictures are the same", name, colors, same, len(a))
			}
		}
	}
}

func withoutSweep(t testing.TB, n names) string {
	t.Helper()
	root := allRuns(t, n)
	if err := os.RemoveAll(filepath.Join(root, "sweep")); err != nil {
		t.Fatal(err)
	}
	return root
}

func TestNoRuns(t *testing.T) {
	if _, err := report.WriteRuns(t.TempDir()); err == nil || !strings.Contains(err.Error(), "holds a run") {
		t.Errorf("a folder without runs: %v", err)
	}
	if _, err := report.Write(filepath.Join(t.TempDir(), "nowhere")); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a folder that is not there: %v", err)
	}
}

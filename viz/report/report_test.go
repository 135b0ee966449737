package report_test

import (
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/viz/report"
	"golang.org/x/net/html"
)

// page writes and reads a report.
func page(t testing.TB, write func(string) (string, error), dir string) string {
	t.Helper()
	path, err := write(dir)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// elements lists the page's tags in order, each with its attributes' names, and
// the text between them.
func elements(t testing.TB, page string) (tags []string, text string) {
	t.Helper()
	root, err := html.Parse(strings.NewReader(page))
	if err != nil {
		t.Fatal(err)
	}
	var words strings.Builder
	for n := range root.Descendants() {
		switch n.Type {
		case html.ElementNode:
			tag := n.Data
			for _, a := range n.Attr {
				tag += " " + a.Key
			}
			tags = append(tags, tag)
		case html.TextNode:
			if n.Parent.Data != "style" {
				words.WriteString(n.Data + " ")
			}
		}
	}
	return tags, strings.Join(strings.Fields(words.String()), " ")
}

func count(tags []string, name string) int {
	n := 0
	for _, tag := range tags {
		if first, _, _ := strings.Cut(tag, " "); first == name {
			n++
		}
	}
	return n
}

func TestMainReportShowsEverything(t *testing.T) {
	dir := mainJob(t, plain())
	tags, text := elements(t, page(t, report.WriteMain, dir))
	for _, want := range []string{
		"Does relevance on the object make the model robust?", "demo:vit", "2 evaluation sets",
		"+6.1 points [+4.6, +7.6]", "−2.0", "53.2 % before 51.1 %", // the numbers to see first
		"Ours: shift accuracy rose by 6.1 points.", "(95 % interval −0.8 to +1.2)", // sentences, with the sign of the tables
		"constructed demonstration", "departs from the paper", "Better maps need not mean better accuracy",
		"Change in top-1 accuracy", "INet-A", "shift set", "Top-5 accuracy", "Set A: 2 finetuned classes", "Set B: 2 classes never finetuned",
		"Corrected", "Broken", "5 of 1000 pictures", "7 of 1000 pictures", "Drawn by seed.", "43 % on the object", "62 %", "✓ heart", "✗ star4",
		"500 images. Each map", "Background loss", "Class term", "Mean over 20 steps",
		"105f4bc6", "hash of after", "rate 4e-05", "As published: rate × 0.5", "xla:cpu", "robustvit demo", `{"go":"1.26"}`,
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	// 3 pictures with 2 maps each, 1 colour bar a gallery; 1 change plot, 1 bar plot, 3 loss plots.
	if imgs, svgs := count(tags, "img"), count(tags, "svg"); imgs != 3*3+3 || svgs != 5 {
		t.Errorf("%d images and %d plots, want 12 and 5", imgs, svgs)
	}
	for _, forbidden := range []string{"script", "iframe", "form", "link", "object"} {
		if count(tags, forbidden) != 0 {
			t.Errorf("the page has a %s element", forbidden)
		}
	}
}

func TestReportIsReproducible(t *testing.T) {
	dir := mainJob(t, plain())
	if first, second := page(t, report.WriteMain, dir), page(t, report.Write, dir); first != second {
		t.Error("two reports of the same folder differ")
	}
	left, err := filepath.Glob(filepath.Join(dir, ".*"))
	if err != nil || len(left) != 0 {
		t.Errorf("temporary files are left: %v", left)
	}
}

// TestOtherJobs: a job on other data has less to show, and says nothing of what
// it has not.
func TestOtherJobs(t *testing.T) {
	read := func(dir, name string) value {
		content, err := os.ReadFile(filepath.Join(dir, name))
		if err != nil {
			t.Fatal(err)
		}
		var v value
		if err := json.Unmarshal(content, &v); err != nil {
			t.Fatal(err)
		}
		return v
	}
	edit := func(t *testing.T, change func(results value)) string {
		dir := mainJob(t, plain())
		r := read(dir, "results.json")
		change(r)
		put(t, dir, map[string]any{"results.json": r})
		return dir
	}
	for _, c := range []struct {
		name     string
		change   func(value)
		has, not []string
	}{
		{"no masks", func(r value) { r["segmentation"] = value{} }, []string{"Corrected"}, []string{"Relevance against masks", "Map on object"}},
		{"one set", func(r value) { r["sets"] = r["sets"].([]any)[:1]; r["shift"] = value{} }, []string{"INet val"}, []string{"shift set", "Shift: ", "mean of"}},
		{"one finetuned model", func(r value) { r["models"] = r["models"].([]any)[:2] }, []string{"+0.2"}, []string{"departs from the paper"}},
		{"nothing finetuned", func(r value) { r["models"] = r["models"].([]any)[:1]; r["verdict"] = []any{} }, []string{"Original", "40.0"}, []string{"Change in top-1 accuracy", "Training"}},
		{"all classes finetuned", func(r value) { r["set_b"] = []any{} }, []string{"INet-A"}, []string{"Set B"}},
		{"a model without values", func(r value) { r["models"] = append(r["models"].([]any), value{"name": "new", "title": "New"}) }, []string{"New"}, nil},
		{"a set without a model", func(r value) { delete(r["sets"].([]any)[0].(value)["top1"].(value), "after") }, []string{"–"}, nil},
	} {
		_, text := elements(t, page(t, report.WriteMain, edit(t, c.change)))
		for _, want := range c.has {
			if !strings.Contains(text, want) {
				t.Errorf("%s: the page does not say %q", c.name, want)
			}
		}
		for _, not := range c.not {
			if strings.Contains(text, not) {
				t.Errorf("%s: the page says %q", c.name, not)
			}
		}
	}
}

func TestFolderWithResultsAlone(t *testing.T) {
	dir := mainJob(t, plain())
	for _, name := range []string{"config.json", "environment.jsonl", "gallery.json", "gallery", "control", "published", "after"} {
		if err := os.RemoveAll(filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	_, text := elements(t, page(t, report.WriteMain, dir))
	if !strings.Contains(text, "+6.1") || strings.Contains(text, "Training") || strings.Contains(text, "constructed demonstration") {
		t.Errorf("a folder with results alone gives %.300s", text)
	}
	put(t, dir, map[string]any{"after/log.jsonl": trainingLog(true)})
	if _, text = elements(t, page(t, report.WriteMain, dir)); !strings.Contains(text, "No training log in the folder: Control; As published.") {
		t.Error("the page does not say whose log is missing")
	}
}

func TestEvaluation(t *testing.T) {
	dir := t.TempDir()
	one := value{"name": "val", "title": "INet val", "top1": value{"vit": rate(80), "weights": rate(81)}, "top5": value{"vit": rate(90), "weights": rate(91)}, "delta": value{"weights": change(1, 2)}}
	put(t, dir, map[string]any{
		"results.json": value{"models": []value{{"name": "vit", "source": "demo:vit"}, {"name": "weights", "source": "runs/a/weights.safetensors"}}, "sets": []value{one}},
		"config.json":  value{"kind": "evaluate", "data": "photos", "protocol": "paper", "models": []value{{"name": "vit", "source": "demo:vit", "weights_sha256": "12"}}}})
	_, text := elements(t, page(t, report.Write, dir))
	for _, want := range []string{"Evaluation", "2 models on one evaluation set of photos.", "80.0 [76.0, 84.0]", "points against vit", "≈ +1.0", "paper"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if strings.Contains(text, "robust?") || strings.Contains(text, "Set A") {
		t.Error("an evaluation is reported as a main job")
	}
}

func TestExplanationPage(t *testing.T) {
	tags, text := elements(t, page(t, report.WriteExplain, explanation(t, plain())))
	for _, want := range []string{"2 images of 3, explained with demo:vit and Ours.", "imagenet-a/heart/000003 · 500 × 375", "EXIF orientation 6 is not applied",
		"heart 62 %", "map of star4, 20.0 %", "the class heart", "Not used", "read image: the paper's loss", "3 listed, 2 used, 1 refused", "5678"} {
		if !strings.Contains(text, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
	if n := count(tags, "img"); n != 2*3+1 {
		t.Errorf("%d images, want 2 pictures with 2 maps each and a colour bar", n)
	}
}

// TestFaults: each damaged or missing file gives an error that names it, and the
// report that was there stays.
func TestFaults(t *testing.T) {
	// A header of 60,000 x 60,000 pixels, which would take 14 GB.
	bomb := "\x89PNG\r\n\x1a\n\x00\x00\x00\x0dIHDR\x00\x00\xea\x60\x00\x00\xea\x60\x08\x02\x00\x00\x00"
	bomb += string(binary.BigEndian.AppendUint32(nil, crc32.ChecksumIEEE([]byte(bomb[12:]))))
	for _, c := range []struct {
		name  string
		files map[string]any
		gone  string
		want  []string
	}{
		{"no results", nil, "results.json", []string{"results.json", "run the job again"}},
		{"results cut", map[string]any{"results.json": `{"models": [`}, "", []string{"results.json", "not the JSON"}},
		{"results of nothing", map[string]any{"results.json": "{}"}, "", []string{"results.json", "0 models", "main job"}},
		{"config damaged", map[string]any{"config.json": "[1]"}, "", []string{"config.json"}},
		{"log damaged", map[string]any{"after/log.jsonl": "{\"step\":1}\nnonsense\n"}, "", []string{"log.jsonl", "line 2"}},
		{"picture missing", nil, "gallery/imagenet-a/broken-1.png", []string{"broken-1.png", "000003"}},
		{"map missing", nil, "gallery/imagenet-a/same-1-after.png", []string{"same-1-after.png"}},
		{"picture is no picture", map[string]any{"gallery/imagenet-a/same-1.png": "text"}, "", []string{"same-1.png"}},
		{"picture too large", map[string]any{"gallery/imagenet-a/same-1.png": bomb}, "", []string{"same-1.png", "60000 x 60000"}},
		{"name leads out", map[string]any{"gallery.json": value{"models": []value{}, "items": []value{{"kind": "same", "set": "x", "image": "../../etc/passwd"}}}}, "", []string{"../../etc/passwd", "inside the folder"}},
		{"name is a folder", map[string]any{"gallery.json": value{"items": []value{{"kind": "same", "image": "gallery"}}}}, "", []string{"gallery", "regular file"}},
	} {
		dir := mainJob(t, plain())
		put(t, dir, map[string]any{"report.html": "the report of yesterday"})
		put(t, dir, c.files)
		if c.gone != "" {
			if err := os.Remove(filepath.Join(dir, c.gone)); err != nil {
				t.Fatal(err)
			}
		}
		_, err := report.WriteMain(dir)
		if err == nil {
			t.Errorf("%s: no error", c.name)
			continue
		}
		for _, want := range c.want {
			if !strings.Contains(err.Error(), want) {
				t.Errorf("%s: the error does not say %q: %v", c.name, want, err)
			}
		}
		if there, _ := os.ReadFile(filepath.Join(dir, "report.html")); string(there) != "the report of yesterday" {
			t.Errorf("%s: the report that was there is gone", c.name)
		}
	}
	if _, err := report.WriteMain(filepath.Join(t.TempDir(), "nowhere")); err == nil || !strings.Contains(err.Error(), "nowhere") {
		t.Errorf("a folder that is not there gave %v", err)
	}
	if _, err := report.WriteExplain(t.TempDir()); err == nil || !strings.Contains(err.Error(), "explain.json") {
		t.Errorf("an empty folder gave %v", err)
	}
}

// TestLinkLeadsOut: a link inside the folder does not bring a file of elsewhere
// into the page.
func TestLinkLeadsOut(t *testing.T) {
	dir, outside := mainJob(t, plain()), t.TempDir()
	put(t, outside, map[string]any{"secret.png": picture(8)})
	name := filepath.Join(dir, "gallery", "imagenet-a", "same-1.png")
	if err := os.Remove(name); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(filepath.Join(outside, "secret.png"), name); err != nil {
		t.Skip(err)
	}
	if _, err := report.WriteMain(dir); err == nil || !strings.Contains(err.Error(), "same-1.png") {
		t.Errorf("a link out of the folder gave %v", err)
	}
}

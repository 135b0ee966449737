package pages

import (
	"encoding/base64"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/markup"
)

// kinds are the pages that the product writes, by their paths below runs.
var kinds = map[string]string{
	"main job": "main/report.html", "evaluation": "evaluation/report.html", "segmentation": "segmentation/report.html", "explanation": "explanation/explain.html",
	"masks": "zqmask/masks.html", "finetuning": "zqfolder/report.html", "pretraining": "zqmodel/report.html", "bench": "bench/report.html",
	"experiment": "sweep/table-3/report.html", "experiments": "sweep/index.html", "runs": "index.html",
}

// TestPages is H2: each page states the policy, has nothing that it bans, and
// tells nothing of its owner. They were made with absolute paths.
func TestPages(t *testing.T) {
	home := runs.home(t)
	dir := filepath.Join(t.TempDir(), "runs") // the pages below are written by the owner, too
	if err := os.CopyFS(dir, os.DirFS(filepath.Join(home, "runs"))); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "zqerror", "results.json"), []byte("{"), 0o644); err != nil {
		t.Fatal(err)
	}
	if o := catalogue.Run(t, []string{"HOME=" + home}, "report", dir); o.Code != 1 {
		t.Fatal(o)
	}
	found := 0
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if filepath.Ext(path) == ".html" {
			found++
		}
		return err
	})
	if err != nil || found != len(kinds) {
		t.Errorf("%d pages (%v), expected %d: one is not looked at", found, err, len(kinds))
	}
	for kind, name := range kinds {
		catalogue.Case(t, "H2", kind, func(t *testing.T) {
			content, err := os.ReadFile(filepath.Join(dir, filepath.FromSlash(name)))
			if err != nil {
				t.Fatal(err)
			}
			page := string(content)
			if got := markup.Policies(page); !slices.Equal(got, []string{markup.Policy}) {
				t.Errorf("policies %q, expected %q", got, markup.Policy)
			}
			for _, banned := range markup.Banned(page) {
				t.Error(banned)
			}
			checkPrivate(t, page)
		})
	}
}

var (
	drawings = regexp.MustCompile(`data:image/svg\+xml;base64,([^"]*)`)
	pictures = regexp.MustCompile(`base64,[^"]*`)
	secrets  = regexp.MustCompile(`(?i)token[=:]|hf_[a-z0-9]{10}|` + strings.Join(strings.Fields(owner), "|") +
		`|(^|[\s"'(\[=:,;<>|{])/(home|root|tmp|usr|work|users|mnt|opt|var|private)/|[a-z]:\\|file:/`)
)

// checkPrivate finds what a page must not tell: paths from the root of a disk,
// the owner's name, tokens; in drawings, too.
func checkPrivate(t *testing.T, page string) {
	t.Helper()
	text := pictures.ReplaceAllString(page, "")
	for _, found := range drawings.FindAllStringSubmatch(page, -1) {
		svg, err := base64.StdEncoding.DecodeString(found[1])
		if err != nil {
			t.Fatal(err)
		}
		text += string(svg)
	}
	for _, at := range secrets.FindAllStringIndex(text, -1) {
		t.Errorf("the page tells %q", text[max(at[0]-60, 0):min(at[1]+60, len(text))])
	}
}

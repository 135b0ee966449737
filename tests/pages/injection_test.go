package pages

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/internal/foreign"
	"github.com/robustvit/workbench/tests/browser"
	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/markup"
)

// TestInjection is H1: the pages of run folders in which everything is called by
// a text that would be markup have the elements and attributes of those with
// harmless names as long, and show the text.
// In the browser they do nothing either, without the policy that would stop them.
func TestInjection(t *testing.T) {
	from := filepath.Join(runs.home(t), "runs")
	w := browser.OpenWindow(t)
	for i, text := range markup.Texts {
		t.Run(fmt.Sprintf("%02d", i), func(t *testing.T) {
			want, got := written(t, forge(t, from, markup.Harmless(text))), written(t, forge(t, from, text))
			faults := append(compare(want, got), w.Does(t, got)...)
			for _, place := range places {
				catalogue.Case(t, "H1", fmt.Sprintf("%02d in %s", i, place.name), func(t *testing.T) {
					for _, fault := range faults {
						t.Error(fault)
					}
					arrived(t, got, place.pages, text, place.word)
				})
			}
		})
	}
}

// written has the real command write the page of every run and the index, and
// reads them. The names are those of the harmless folders.
func written(t *testing.T, dir string) map[string]string {
	t.Helper()
	if o := catalogue.Run(t, nil, "report", dir); o.Code != 1 || !strings.Contains(o.Err, "results.json") {
		t.Fatalf("expected the pages and one run that cannot be read: %s", o)
	}
	pages := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || filepath.Ext(path) != ".html" {
			return err
		}
		content, err := os.ReadFile(path)
		name, _ := filepath.Rel(dir, path)
		for _, place := range places {
			if at := strings.Index(name, place.word); at >= 0 {
				name = name[at:]
			}
		}
		pages[name] = string(content)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return pages
}

// compare says in what the pages are built differently.
func compare(want, got map[string]string) (faults []string) {
	for name, page := range want {
		if _, ok := got[name]; !ok {
			faults = append(faults, name+" was not written")
			continue
		}
		plain, err := markup.Skeleton(page)
		if err != nil {
			return append(faults, err.Error())
		}
		hostile, err := markup.Skeleton(got[name])
		switch {
		case err != nil:
			faults = append(faults, fmt.Sprintf("%s: %v", name, err))
		case !slices.Equal(plain, hostile):
			faults = append(faults, name+": "+difference(plain, hostile))
		}
		for _, banned := range markup.Banned(got[name]) {
			faults = append(faults, name+": "+banned)
		}
		if at := markup.Hidden(got[name]); at >= 0 {
			faults = append(faults, fmt.Sprintf("%s: a control or direction character: %q", name, got[name][max(at-40, 0):at+8]))
		}
	}
	return faults
}

func difference(want, got []string) string {
	for i := range min(len(want), len(got)) {
		if want[i] != got[i] {
			return fmt.Sprintf("element %d of %d is %q, expected %q", i, len(got), got[i], want[i])
		}
	}
	return fmt.Sprintf("%d elements, expected %d", len(got), len(want))
}

// arrived checks that the pages show the text, so that the place is tried at all.
func arrived(t *testing.T, got map[string]string, pages []string, text, word string) {
	t.Helper()
	want := foreign.Text(string([]rune(text))) + word // JSON has no broken bytes
	named := foreign.Text(fileName(text)) + word      // of a folder
	for _, name := range pages {
		words, err := markup.Words(got[name])
		if err != nil {
			t.Fatal(err)
		}
		words = strings.ReplaceAll(words, "…", "") // what looks like a path from the root of a disk is shortened
		if !strings.Contains(words, want) && !strings.Contains(words, named) {
			t.Errorf("%s does not show %q", name, want)
		}
	}
}

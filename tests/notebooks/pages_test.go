package notebooks

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/robustvit/workbench/internal/foreign"
	"github.com/robustvit/workbench/tests/browser"
	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/markup"
)

// showTexts is a cell that shows every text wherever a notebook shows names, and
// one that fails with them all.
const showTexts = `%%
var texts []string
notebook.Check(json.Unmarshal(notebook.Must(os.ReadFile("texts.json")), &texts))
for _, s := range texts {
	notebook.Show(viz.Prose{s}, viz.Table{Title: s, Corner: s, Columns: []viz.Column{{Name: s}}, Rows: []viz.TableRow{{Name: s, Cells: []viz.Cell{viz.Text(s)}}}})
}
progress := notebook.NewProgress(texts[0])
progress.Note(texts[1])
progress.End(texts[2])
notebook.Check(errors.New(strings.Join(texts, " and ")))`

// TestNotebookPage is the part of H1 and H2 on the page of an executed notebook.
func TestNotebookPage(t *testing.T) {
	made := sync.OnceValues(func() (string, string) {
		var harmless []string
		for _, text := range markup.Texts {
			harmless = append(harmless, markup.Harmless(text))
		}
		return executed(t, "small", harmless), executed(t, "<img src=x onerror=alert(1)>", markup.Texts)
	})
	for i, text := range markup.Texts {
		catalogue.Case(t, "H1", fmt.Sprintf("%02d in an executed notebook", i), func(t *testing.T) {
			labRoot(t)
			_, page := made()
			words, err := markup.Words(page)
			if want := foreign.Text(string([]rune(text))); err != nil || !strings.Contains(words, want) {
				t.Errorf("the page does not show %q (%v)", want, err)
			}
		})
	}
	catalogue.Case(t, "H1", "an executed notebook is built as a harmless one", func(t *testing.T) {
		labRoot(t)
		plain, hostile := made()
		want, err := markup.Skeleton(plain)
		if err != nil {
			t.Fatal(err)
		}
		got, err := markup.Skeleton(hostile)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(want, got) {
			for i := range min(len(want), len(got)) {
				if want[i] != got[i] {
					t.Fatalf("element %d is %q, expected %q", i, got[i], want[i])
				}
			}
			t.Fatalf("%d elements, expected %d", len(got), len(want))
		}
		for _, did := range browser.OpenWindow(t).Does(t, map[string]string{"notebook": hostile}) {
			t.Error(did)
		}
	})
	catalogue.Case(t, "H2", "an executed notebook", func(t *testing.T) {
		labRoot(t)
		page, _ := made()
		if got := markup.Policies(page); !slices.Equal(got, []string{markup.Policy}) {
			t.Errorf("policies %q, expected %q", got, markup.Policy)
		}
		for _, banned := range markup.Banned(page) {
			t.Error(banned)
		}
		for what, pattern := range mustNot {
			if found := pattern.FindString(page); found != "" && !strings.HasPrefix(what, "a package") && what != "script or style" {
				t.Errorf("holds %s: %q", what, found)
			}
		}
	})
}

// executed is the page of a notebook of that name which shows the texts. Its
// last cell fails.
func executed(t *testing.T, name string, texts []string) string {
	t.Helper()
	folder, out := t.TempDir(), t.TempDir()
	content, err := json.Marshal(texts)
	if err == nil {
		err = os.WriteFile(filepath.Join(folder, "texts.json"), content, 0o644)
	}
	if err == nil {
		err = os.Rename(faulty(t, labRoot(t), folder, showTexts, ""), filepath.Join(folder, name+".ipynb"))
	}
	if err != nil {
		t.Fatal(err)
	}
	o := catalogue.Run(t, []string{"GOMLX_BACKEND="}, "notebook", "run", filepath.Join(folder, name+".ipynb"), "--out", out, "--timeout", "5m")
	catalogue.CheckRefused(t, o, "cell 4")
	page, err := os.ReadFile(filepath.Join(out, name+".html"))
	if err != nil {
		t.Fatal(err)
	}
	return string(page)
}

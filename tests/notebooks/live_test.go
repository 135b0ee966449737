package notebooks

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/robustvit/workbench/internal/lab"
	"github.com/robustvit/workbench/robustvit/run"
)

// TestLive starts a finetuning from a cell, in a process of its own, and
// watches it: what stays in the notebook and in its page is the finished view,
// once, with the heatmaps before and now.
func TestLive(t *testing.T) {
	root := labRoot(t)
	folder := t.TempDir()
	defer run.Stop(filepath.Join(folder, "ours"), 10*time.Second)
	file := faulty(t, root, folder, `%%
notebook.Detach("finetune", "--weights", "demo:vit", "--data", "shapes", "--train", "200", "--per-class", "2", "--epochs", "4", "--keep", "all", "--dir", "ours", "--watch")
notebook.Watch("ours")
notebook.Check(os.WriteFile("made.txt", []byte("3 rows"), 0o644))`, "ours/watch/index.json")
	executed, err := lab.RunNotebook(t.Context(), root, file, lab.RunOptions{Out: t.TempDir(), CellTimeout: 3 * time.Minute, Quiet: true})
	if err != nil {
		t.Fatal(err)
	}
	var shown []string
	said := ""
	for _, o := range readNotebook(t, executed.Notebook).Cells[3].Outputs {
		if html := text(o.Data["text/html"]); html != "" {
			shown = append(shown, html)
		}
		said += fmt.Sprint(o.Text)
	}
	if len(shown) != 1 {
		t.Fatalf("%d blocks of output, want one that was updated", len(shown))
	}
	for _, want := range []string{"finished", "step 12 of 12", "background", "Relevance maps", ">before<", ">step 12<", "data:image/jpeg"} {
		if !strings.Contains(shown[0], want) {
			t.Errorf("the view lacks %q", want)
		}
	}
	if !strings.Contains(said, "runs on by itself") || !strings.Contains(said, "robustvit stop ours") {
		t.Errorf("Detach said %q", said)
	}
	checkPage(t, executed.HTML)
	if page, err := os.ReadFile(executed.HTML); err != nil || !strings.Contains(string(page), "Relevance maps") {
		t.Errorf("the page lacks the view (%v)", err)
	}
}

// text is a field of an output: a string, or its lines.
func text(field any) string {
	if lines, ok := field.([]any); ok {
		return fmt.Sprint(lines...)
	}
	s, _ := field.(string)
	return s
}

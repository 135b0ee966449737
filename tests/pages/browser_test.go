package pages

import (
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/browser"
	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/markup"
)

// TestBrowserTells shows that the window sees what a page does, and that
// the policy of every page stops all of it.
func TestBrowserTells(t *testing.T) {
	w := browser.OpenWindow(t)
	const head = `<!DOCTYPE html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="`
	for name, c := range map[string]struct{ markup, tells string }{
		"script":     {`<script>alert(1)</script>`, "opens a dialog"},
		"handler":    {`<img src=x onerror=alert(1)>`, "opens a dialog"},
		"image":      {`<img src="other.png">`, "asks for"},
		"style":      {`<link rel=stylesheet href="https://example.com/x.css">`, "asks for"},
		"frame":      {`<iframe src="other.html"></iframe>`, "asks for"},
		"exception":  {`<script>throw 1</script>`, "a script fails"},
		"navigation": {`<script>location = "other.html"</script>`, "other.html"},
	} {
		catalogue.Case(t, "H2", "the policy stops: "+name, func(t *testing.T) {
			if w == nil {
				t.Skip("no browser is installed; next: apt-get install chromium")
			}
			if did := strings.Join(w.Open(t, "bare.html", "<!DOCTYPE html>"+c.markup), "; "); !strings.Contains(did, c.tells) {
				t.Errorf("without it the browser did %q, expected %q", did, c.tells)
			}
			for _, what := range w.Open(t, "held.html", head+markup.Policy+`"></head><body>`+c.markup) {
				if !strings.Contains(what, "Content Security Policy") && !strings.Contains(what, "chrome-error:") { // an empty frame's
					t.Errorf("the browser %s", what)
				}
			}
		})
	}
}

package pages

import (
	"fmt"
	"maps"
	"net/url"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/proto"

	"github.com/robustvit/workbench/tests/browser"
	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/tests/hostile/markup"
)

// window is one page of a browser, and what it did since it was last asked.
type window struct {
	page *rod.Page
	dir  string
	mu   sync.Mutex
	did  []string
	asks map[proto.NetworkRequestID]string // addresses that the policy did not stop
	at   string                            // the address it was sent to
}

// openWindow opens a browser; nil where the machine has none.
func openWindow(t *testing.T) *window {
	t.Helper()
	if !browser.There() {
		t.Log("no browser is installed: pages are parsed only; next: apt-get install chromium")
		return nil
	}
	w := &window{page: browser.Page(t, browser.Open(t), "about:blank", 1100, 900, "light"), dir: t.TempDir(), asks: map[proto.NetworkRequestID]string{}}
	listen := w.page.EachEvent(
		func(e *proto.PageJavascriptDialogOpening) {
			w.note("opens a dialog: " + e.Message)
			_ = proto.PageHandleJavaScriptDialog{}.Call(w.page)
		},
		func(e *proto.NetworkRequestWillBeSent) {
			if w.mu.Lock(); !strings.HasPrefix(e.Request.URL, "data:") && e.Request.URL != w.at {
				w.asks[e.RequestID] = e.Request.URL
			}
			w.mu.Unlock()
		},
		func(e *proto.NetworkLoadingFailed) {
			if w.mu.Lock(); e.BlockedReason == proto.NetworkBlockedReasonCsp {
				delete(w.asks, e.RequestID)
			}
			w.mu.Unlock()
		},
		func(e *proto.PageFrameNavigated) {
			if e.Frame.URL != w.address() && e.Frame.URL != "about:blank" {
				w.note("goes to " + e.Frame.URL)
			}
		},
		func(e *proto.PageWindowOpen) { w.note("opens " + e.URL) },
		func(e *proto.RuntimeExceptionThrown) { w.note("a script fails: " + e.ExceptionDetails.Text) },
		func(e *proto.RuntimeConsoleAPICalled) { w.note("a script writes to the console") },
		func(e *proto.LogEntryAdded) { w.note("the console says: " + e.Entry.Text) },
	)
	go listen()
	return w
}

func (w *window) note(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.did = append(w.did, what)
}

func (w *window) address() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

// does opens the pages one after another, less their policy, and says what they
// did beside being shown.
func (w *window) does(t *testing.T, pages map[string]string) (did []string) {
	t.Helper()
	if w == nil {
		return nil
	}
	for i, name := range slices.Sorted(maps.Keys(pages)) {
		for _, what := range w.open(t, fmt.Sprintf("%d.html", i), strings.ReplaceAll(pages[name], "Content-Security-Policy", "none")) {
			did = append(did, name+" in the browser: "+what)
		}
	}
	return did
}

// open opens a page and says what it did.
func (w *window) open(t *testing.T, name, page string) []string {
	t.Helper()
	file := filepath.Join(w.dir, name)
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	w.mu.Lock()
	w.did, w.asks, w.at = nil, map[proto.NetworkRequestID]string{}, (&url.URL{Scheme: "file", Path: file}).String()
	w.mu.Unlock()
	w.page.MustNavigate(w.address()).MustWaitLoad()
	time.Sleep(60 * time.Millisecond) // for what begins after the page is there
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, address := range w.asks {
		w.did = append(w.did, "asks for "+address)
	}
	return w.did
}

// TestBrowserTells shows that the window above sees what a page does, and that
// the policy of every page stops all of it.
func TestBrowserTells(t *testing.T) {
	if !browser.There() {
		t.Skip("no browser is installed; next: apt-get install chromium")
	}
	w := openWindow(t)
	const head = `<!DOCTYPE html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="`
	for name, c := range map[string]struct{ markup, tells string }{
		"script":     {`<script>alert(1)</script>`, "opens a dialog"},
		"handler":    {`<img src=x onerror=alert(1)>`, "opens a dialog"},
		"image":      {`<img src="other.png">`, "asks for"},
		"style":      {`<link rel=stylesheet href="https://example.com/x.css">`, "asks for"},
		"frame":      {`<iframe src="other.html"></iframe>`, "asks for"},
		"exception":  {`<script>throw 1</script>`, "a script fails"},
		"navigation": {`<script>location = "other.html"</script>`, "asks for"},
	} {
		if did := strings.Join(w.open(t, "bare.html", "<!DOCTYPE html>"+c.markup), "; "); !strings.Contains(did, c.tells) {
			t.Errorf("%s: the browser did %q, expected %q", name, did, c.tells)
		}
		catalogue.Case(t, "H2", "the policy stops a "+name, func(t *testing.T) {
			for _, what := range w.open(t, "held.html", head+markup.Policy+`"></head><body>`+c.markup) {
				if !strings.Contains(what, "Content Security Policy") && !strings.Contains(what, "chrome-error:") { // an empty frame's
					t.Errorf("the browser %s", what)
				}
			}
		})
	}
}

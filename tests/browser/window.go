package browser

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
)

// Window is one page of a browser, and what it did since it was last asked.
type Window struct {
	page *rod.Page
	dir  string
	mu   sync.Mutex
	did  []string
	asks map[proto.NetworkRequestID]string // addresses that the policy did not stop
	at   string                            // the address it was sent to
}

// OpenWindow opens a browser; nil where the machine has none.
func OpenWindow(t *testing.T) *Window {
	t.Helper()
	if !There() {
		t.Log("no browser is installed: pages are parsed only; next: apt-get install chromium")
		return nil
	}
	w := &Window{page: Page(t, Open(t), "about:blank", 1100, 900, "light"), dir: t.TempDir(), asks: map[proto.NetworkRequestID]string{}}
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

func (w *Window) note(what string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.did = append(w.did, what)
}

func (w *Window) address() string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.at
}

// Does opens the pages one after another, less their policy, and says what they
// did beside being shown: nothing, where nobody looks.
func (w *Window) Does(t *testing.T, pages map[string]string) (did []string) {
	t.Helper()
	if w == nil {
		return nil
	}
	for i, name := range slices.Sorted(maps.Keys(pages)) {
		for _, what := range w.Open(t, fmt.Sprintf("%d.html", i), strings.ReplaceAll(pages[name], "Content-Security-Policy", "none")) {
			did = append(did, name+" in the browser: "+what)
		}
	}
	return did
}

// Open opens a page and says what it did.
func (w *Window) Open(t *testing.T, name, page string) []string {
	t.Helper()
	file := filepath.Join(w.dir, name)
	if err := os.WriteFile(file, []byte(page), 0o644); err != nil {
		t.Fatal(err)
	}
	w.mu.Lock()
	w.did, w.asks, w.at = nil, map[proto.NetworkRequestID]string{}, (&url.URL{Scheme: "file", Path: file}).String()
	w.mu.Unlock()
	err := w.page.Navigate(w.address())
	if err == nil {
		err = w.page.WaitLoad()
	}
	if err == nil { // for what begins after the page is there
		_, err = w.page.Eval(`() => new Promise(done => setTimeout(done, 60))`)
	}
	if err != nil {
		w.note("leaves: " + err.Error())
	}
	time.Sleep(20 * time.Millisecond) // the listener has its own pace
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, address := range w.asks {
		w.did = append(w.did, "asks for "+address)
	}
	return w.did
}

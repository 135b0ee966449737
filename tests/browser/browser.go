// Package browser opens pages in Chromium, for the tests that look at pages as
// a reader's browser does.
package browser

import (
	"os/exec"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/go-rod/rod/lib/launcher"
	"github.com/go-rod/rod/lib/proto"
)

// programs are the names of Chromium's program.
var programs = []string{"chromium", "chromium-browser", "google-chrome", "chrome"}

// There tells whether the machine has one.
func There() bool { return program() != "" }

func program() string {
	for _, name := range programs {
		if found, err := exec.LookPath(name); err == nil {
			return found
		}
	}
	return ""
}

// Open starts a browser without a window that asks the network for nothing,
// until the test ends; without one on the machine the test is skipped.
func Open(t *testing.T) *rod.Browser {
	t.Helper()
	program := program()
	if program == "" {
		t.Skipf("none of %v is installed; next: apt-get install chromium", programs)
	}
	l := launcher.New().Bin(program).Leakless(false).NoSandbox(true).UserDataDir(t.TempDir()).
		Set("disable-gpu").Set("disable-component-update").Set("hide-scrollbars")
	address, err := l.Context(t.Context()).Launch()
	if err != nil {
		t.Fatalf("%s: %v", program, err)
	}
	t.Cleanup(l.Cleanup) // after the kill: the profile can be removed then
	t.Cleanup(l.Kill)
	browser := rod.New().ControlURL(address).Context(t.Context())
	if err := browser.Connect(); err != nil {
		t.Fatal(err)
	}
	return browser
}

// Page opens an address in a window of that width and colour scheme, light or dark.
func Page(t *testing.T, browser *rod.Browser, address string, width, height int, scheme string) *rod.Page {
	t.Helper()
	page, err := browser.Page(proto.TargetCreateTarget{})
	if err != nil {
		t.Fatal(err)
	}
	page = page.Timeout(5 * time.Minute).WithPanic(func(fault any) { t.Fatal(fault) })
	media := proto.EmulationSetEmulatedMedia{Features: []*proto.EmulationMediaFeature{{Name: "prefers-color-scheme", Value: scheme}}}
	if err := media.Call(page); err != nil {
		t.Fatal(err)
	}
	page.MustSetViewport(width, height, 1, false).MustNavigate(address).MustWaitLoad()
	return page
}

package notebooks

import (
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/go-rod/rod"
	"github.com/robustvit/workbench/tests/browser"
)

// TestJupyterLab is a newcomer's first minutes in the real JupyterLab and a real
// browser: open the first notebook, run all, see heatmaps change while a model
// trains, press stop, run all again, read to the end. It is photographed.
func TestJupyterLab(t *testing.T) {
	chromium, root := browser.Open(t), standIn(t, labRoot(t))
	first := expectations["00_start.ipynb"]
	copySmaller(t, filepath.Join(projectRoot(t), "notebooks", "00_start.ipynb"), filepath.Join(root, "notebooks", "00_start.ipynb"), first.smaller)
	base, token := startServer(t, root, 0)
	page := browser.Page(t, chromium, base+"/lab/tree/notebooks/00_start.ipynb?token="+token, 1400, 1500, "light")
	page.MustElement(".jp-NotebookPanel .jp-CodeCell")
	page.MustElementR(".jp-Notebook-ExecutionIndicator, .jp-NotebookPanel-toolbar", "Go \\(gonb\\)")

	menu(page, "Run", "runmenu:run-all")
	page.MustElementR(".jp-OutputArea-output th", "^step [1-9]").MustScrollIntoView() // heatmaps of a model that has trained
	checkLab(t, page, "jupyterlab-live", false)

	pressed := time.Now()
	menu(page, "Kernel", "kernelmenu:interrupt")
	page.MustElementR(`[data-mime-type="application/vnd.jupyter.stderr"]`, "stopped; run this cell again")
	t.Logf("the cell ended %.1f s after the stop button", time.Since(pressed).Seconds())

	menu(page, "Run", "runmenu:run-all")
	page.MustElementR(".jp-OutputArea-output", "report: ../runs/demo/report.html")
	if page.MustHas(`[data-mime-type="application/vnd.jupyter.stderr"]`) {
		t.Errorf("a cell says on stderr: %s", page.MustElement(`[data-mime-type="application/vnd.jupyter.stderr"]`).MustText())
	}
	for _, file := range first.files {
		if !there(filepath.Join(root, file)) {
			t.Errorf("%s was not written", file)
		}
	}
	gallery := page.MustElements(".jp-OutputArea-output img").Last()
	gallery.MustScrollIntoView()
	page.MustWaitDOMStable()
	checkLab(t, page, "jupyterlab-end", false)
	menu(page, "Settings", "apputils:change-theme", "JupyterLab Dark")
	page.MustElement(`body[data-jp-theme-light="false"]`)
	gallery.MustScrollIntoView()
	page.MustWaitDOMStable()
	checkLab(t, page, "jupyterlab-dark", true)
}

// standIn is a project folder of its own with the environment of root, less the
// user's settings of JupyterLab: notebooks write beside themselves, and the
// user's runs must stay as they are.
func standIn(t *testing.T, root string) string {
	t.Helper()
	folder := t.TempDir()
	entries, err := os.ReadDir(filepath.Join(root, ".venv"))
	if err == nil {
		err = os.Mkdir(filepath.Join(folder, ".venv"), 0o755)
	}
	for _, e := range entries {
		if err == nil && e.Name() != "jupyter" {
			err = os.Symlink(filepath.Join(root, ".venv", e.Name()), filepath.Join(folder, ".venv", e.Name()))
		}
	}
	if err != nil {
		t.Fatal(err)
	}
	return folder
}

// menu chooses a command from JupyterLab's menu bar, or from a submenu the item
// with that label.
func menu(page *rod.Page, title, command string, label ...string) {
	page.MustElementR(".lm-MenuBar-itemLabel", "^"+title+"$").MustClick()
	item := `.lm-Menu-item[data-command="` + command + `"]`
	if len(label) == 0 {
		page.MustElement(item).MustWaitVisible().MustClick()
		return
	}
	page.MustElementR(`.lm-Menu-item[data-type="submenu"]`, "^Theme").MustHover()
	page.MustElementR(item, label[0]).MustWaitVisible().MustClick()
}

// checkLab photographs JupyterLab and holds it to show what its page has: outputs
// with pictures in sight, none of them broken, on a ground of the theme.
func checkLab(t *testing.T, page *rod.Page, name string, dark bool) {
	t.Helper()
	inSight := page.MustEval(`() => [...document.querySelectorAll(".jp-OutputArea-output img")].filter(i => {
		const r = i.getBoundingClientRect()
		return i.complete && i.naturalWidth > 0 && r.bottom > 0 && r.top < innerHeight
	}).length`).Int()
	if inSight == 0 {
		t.Errorf("%s: no picture of an output is in sight", name)
	}
	shot := picture(t, name, page.MustScreenshot())
	ground := uint8(255)
	if dark {
		ground = 17 // JupyterLab Dark's #111111
	}
	if share := unlike(shot, shot.Bounds(), ground); share < 0.02 || share > 0.9 {
		t.Errorf("%s: %.1f %% of the window is not of grey value %d: it is blank or covered", name, 100*share, ground)
	}
}

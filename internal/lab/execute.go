package lab

import (
	"bufio"
	"bytes"
	"context"
	_ "embed"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

//go:embed run_notebook.py
var runner string

//go:embed page.html
var page string

// request is what the Python side reads; event is what it answers, a line each.
type request struct {
	Notebook    string  `json:"notebook"`
	Folder      string  `json:"folder"`
	Executed    string  `json:"executed"`
	HTML        string  `json:"html"`
	Page        string  `json:"page"` // frame of the HTML
	Title       string  `json:"title"`
	Kernel      string  `json:"kernel"`
	CellTimeout float64 `json:"cell_timeout"`
}

type event struct {
	Event   string  `json:"event"` // cell, end
	Index   int     `json:"index"`
	Seconds float64 `json:"seconds"`
	State   string  `json:"state"` // ok, failed, timeout, dead, stopped, broken
	Message string  `json:"message"`
	Write   string  `json:"write"` // why the executed notebook could not be written
}

// request completes the options and prepares the output folder.
func (l layout) request(path string, options RunOptions) (request, error) {
	notebook, err := filepath.Abs(path)
	if err != nil {
		return request{}, fmt.Errorf("run notebook %q: %w", path, err)
	}
	out := options.Out
	if out == "" {
		out = filepath.Join(l.root(), "runs", "notebooks")
	}
	folder := options.Folder
	if folder == "" {
		folder = filepath.Dir(notebook)
	}
	if out, err = filepath.Abs(out); err != nil {
		return request{}, fmt.Errorf("run notebook %q: %w", path, err)
	}
	if out == filepath.Dir(notebook) {
		return request{}, fmt.Errorf("run notebook %q: the output folder is the notebook's own; next: choose another with --out", path)
	}
	if err := os.MkdirAll(out, 0o755); err != nil {
		return request{}, fmt.Errorf("run notebook %q: make the output folder: %w", path, err)
	}
	timeout := options.CellTimeout
	if timeout == 0 {
		timeout = 30 * time.Minute
	}
	name := strings.TrimSuffix(filepath.Base(notebook), ".ipynb")
	return request{Notebook: notebook, Folder: folder, Kernel: "gonb", CellTimeout: timeout.Seconds(),
		Page: page, Title: name,
		Executed: filepath.Join(out, name+".ipynb"), HTML: filepath.Join(out, name+".html"),
	}, nil
}

// execute runs the Python side and returns its last event.
func (l layout) execute(ctx context.Context, r request, cellDone func(event)) (end event, err error) {
	input, err := json.Marshal(r)
	if err != nil {
		return end, err
	}
	// A killed kernel leaves its programs behind, some 50 MB a notebook.
	temporary, err := os.MkdirTemp("", "robustvit-notebook-")
	if err != nil {
		return end, fmt.Errorf("make a temporary folder: %w", err)
	}
	defer os.RemoveAll(temporary)
	var stderr bytes.Buffer
	cmd := exec.CommandContext(ctx, l.venv.Python(), "-c", runner)
	cmd.Env = l.environment("TMPDIR="+temporary, "PYTHONWARNINGS=ignore", "PYTHONDONTWRITEBYTECODE=1")
	cmd.Stdin, cmd.Stderr = bytes.NewReader(input), &stderr
	cmd.SysProcAttr = ownGroup()
	cmd.Cancel = func() error { return cmd.Process.Signal(stopSignal) }
	cmd.WaitDelay = 10 * time.Second
	stdout, err := cmd.StdoutPipe()
	if err != nil {
		return end, err
	}
	defer pinThread()()
	if err := cmd.Start(); err != nil {
		return end, err
	}
	lines := bufio.NewScanner(stdout)
	lines.Buffer(nil, 16<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			continue
		}
		if e.Event == "end" {
			end = e
		} else if e.Event == "cell" {
			cellDone(e)
		}
	}
	if err := cmd.Wait(); err != nil || end.Event == "" {
		return end, fmt.Errorf("nbclient ended early (%v): %s", err, lastLine(stderr.String()))
	}
	return end, nil
}

// check turns the end of a run and the outputs of its cells into an error.
func check(path string, source document, r request, end event, quiet bool) error {
	if end.Write != "" {
		return fmt.Errorf("run notebook %q: write %q and its page: %s; free some space, or choose another folder with --out", path, r.Executed, end.Write)
	}
	e := &CellError{Notebook: path, Executed: r.Executed}
	at := func(index int, what, detail string) error {
		e.Cell, e.Source, e.What, e.Detail = index+1, source.firstLine(index), what, detail
		return e
	}
	switch end.State {
	case "timeout":
		return at(end.Index, fmt.Sprintf("ran longer than %g s", r.CellTimeout), "")
	case "dead":
		return at(end.Index, "was running when the kernel died", end.Message)
	case "broken":
		return at(end.Index, "could not be run", end.Message)
	}
	executed, err := readNotebook(r.Executed)
	if err != nil {
		return err
	}
	for i, cell := range executed.Cells {
		if detail := cell.fault(quiet); detail != "" {
			return at(i, "failed", detail)
		}
		if end.State == "ok" && cell.Type == "code" && strings.TrimSpace(string(cell.Source)) != "" && cell.ExecutionCount == nil {
			return at(i, "was not run", "")
		}
	}
	if end.State != "ok" {
		return at(end.Index, "failed", end.Message)
	}
	return nil
}

func (d document) firstLine(index int) string {
	if index < 0 || index >= len(d.Cells) {
		return ""
	}
	for line := range strings.SplitSeq(string(d.Cells[index].Source), "\n") {
		if line = strings.TrimSpace(line); line != "" && line != "%%" {
			return shorten(line)
		}
	}
	return ""
}

func lastLine(text string) string {
	lines := strings.Split(strings.TrimSpace(text), "\n")
	return shorten(lines[len(lines)-1])
}

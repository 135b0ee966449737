package lab

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"
)

// RunOptions of [RunNotebook].
type RunOptions struct {
	// Out is the folder for the executed notebook and its HTML; "" is
	// runs/notebooks in the project folder. The notebook itself is never changed.
	Out string
	// Folder is where the cells run; "" is the notebook's own.
	Folder      string
	CellTimeout time.Duration // of one cell; 0 is 30 minutes
	Quiet       bool          // any text on stderr fails, not only that of a failed cell
	Files       []string      // promised files, relative to Folder, beside those in the notebook's metadata
	Progress    io.Writer     // one line a cell; nil is silent
}

// Executed is a notebook that ran.
type Executed struct {
	Notebook string    `json:"notebook"` // executed .ipynb
	HTML     string    `json:"html"`
	Cells    []CellRun `json:"cells"` // code cells, in order
	Seconds  float64   `json:"seconds"`
}

// CellRun is the time of one code cell. Cells are counted from 1, text cells
// included, as JupyterLab's search and a reader do.
type CellRun struct {
	Cell    int     `json:"cell"`
	Source  string  `json:"source"` // first line
	Seconds float64 `json:"seconds"`
}

// CellError is a notebook that did not run through, with the cell it stopped in.
type CellError struct {
	Notebook string // as the user named it
	Cell     int    // from 1; 0 before the first
	Source   string // first line of the cell
	What     string // failed, ran longer than ..., the kernel died
	Detail   string
	Executed string // the partial notebook
}

func (e *CellError) Error() string {
	where := "before the first cell"
	if e.Cell > 0 {
		where = fmt.Sprintf("cell %d (%s)", e.Cell, e.Source)
	}
	text := fmt.Sprintf("run notebook %q: %s %s", e.Notebook, where, e.What)
	if e.Detail != "" {
		text += ": " + e.Detail
	}
	return text + "; what ran so far: " + e.Executed
}

// RunNotebook executes the notebook in the real GoNB kernel of root's .venv,
// without a browser, and writes the executed notebook and a static HTML page
// to options.Out, also when it fails. It fails with a [*CellError] on a cell
// that fails, that shows a fault on stderr or takes too long, and on a kernel
// that dies; and with an error that names them on promised files not written.
func RunNotebook(ctx context.Context, root, path string, options RunOptions) (Executed, error) {
	start := time.Now()
	source, err := readNotebook(path)
	if err != nil {
		return Executed{}, err
	}
	l := layout{newVenv(root)}
	if !l.ready() {
		return Executed{}, fmt.Errorf("run notebook %q: JupyterLab with the GoNB kernel is not set up; next: go run ./cmd/robustvit lab --setup", path)
	}
	request, err := l.request(path, options)
	if err != nil {
		return Executed{}, err
	}
	result := Executed{Notebook: request.Executed, HTML: request.HTML}
	end, err := l.execute(ctx, request, func(e event) {
		run := CellRun{Cell: e.Index + 1, Source: source.firstLine(e.Index), Seconds: e.Seconds}
		result.Cells = append(result.Cells, run)
		if options.Progress != nil {
			fmt.Fprintf(options.Progress, "  cell %2d  %6.1f s  %s\n", run.Cell, run.Seconds, run.Source)
		}
	})
	result.Seconds = time.Since(start).Seconds()
	if ctx.Err() != nil {
		return result, fmt.Errorf("run notebook %q: %w", path, ctx.Err())
	}
	if err != nil {
		return result, fmt.Errorf("run notebook %q: %w", path, err)
	}
	if err := check(path, source, request, end, options.Quiet); err != nil {
		return result, err
	}
	promised := append(append([]string{}, options.Files...), source.Metadata.Ours.Files...)
	if missing := missingFiles(request.Folder, promised); len(missing) > 0 {
		return result, fmt.Errorf("run notebook %q: all cells ran, but did not write %s below %s; look at what they say in %s",
			path, strings.Join(missing, ", "), request.Folder, request.Executed)
	}
	return result, nil
}

package lab

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestFault(t *testing.T) {
	report, err := os.ReadFile(filepath.Join("testdata", "compile_report.html"))
	if err != nil {
		t.Fatal(err)
	}
	html, err := json.Marshal(map[string]any{"text/html": string(report)})
	if err != nil {
		t.Fatal(err)
	}
	tests := []struct {
		name, outputs string
		quiet         bool
		want          string // "" is no fault
	}{
		{"nothing", `[]`, true, ""},
		{"stdout says error", `[{"output_type":"stream","name":"stdout","text":["exit status 1\n"]}]`, true, ""},
		{"harmless stderr", `[{"output_type":"stream","name":"stderr","text":"XLA: 4 devices\n"}]`, false, ""},
		{"harmless stderr refused", `[{"output_type":"stream","name":"stderr","text":"XLA: 4 devices\n"}]`, true, "XLA: 4 devices"},
		{"shell line", `[{"output_type":"stream","name":"stderr","text":["ls: no such file\n","exit status 2\n"]}]`, false, "ls: no such file"},
		{"panic", `[{"output_type":"stream","name":"stderr","text":"panic: oh no\n\ngoroutine 1 [running]:\n"}]`, false, "panic: oh no"},
		{"killed", `[{"output_type":"stream","name":"stderr","text":"signal: killed\n"}]`, false, "signal: killed"},
		{"error output", `[{"output_type":"error","ename":"ERROR","evalue":"exit status 1"}]`, false, "exit status 1"},
		{"own words first", `[{"output_type":"stream","name":"stderr","text":"error: no file x\n"},{"output_type":"error","evalue":"exit status 1"}]`, false, "error: no file x"},
		{"empty error", `[{"output_type":"error"}]`, false, "error output"},
		{"does not compile", `[{"output_type":"display_data","data":` + string(html) + `}]`, false, "undefined: undefinedFunction"},
		{"html without fault", `[{"output_type":"display_data","data":{"text/html":["<b>exit status 1</b>"]}}]`, true, ""},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			var c cell
			if err := json.Unmarshal([]byte(`{"cell_type":"code","outputs":`+test.outputs+`}`), &c); err != nil {
				t.Fatal(err)
			}
			got := c.fault(test.quiet)
			if (got == "") != (test.want == "") || !strings.Contains(got, test.want) {
				t.Errorf("got %q, want %q", got, test.want)
			}
			if strings.ContainsAny(got, "\n\x1b<") {
				t.Errorf("not one plain line: %q", got)
			}
		})
	}
}

func TestCheck(t *testing.T) {
	source := document{Cells: []cell{{Type: "markdown", Source: "# A"}, {Type: "code", Source: "%%\nlong := run()\n"}}}
	write := func(outputs, count string) request {
		file := filepath.Join(t.TempDir(), "x.ipynb")
		text := `{"cells":[{"cell_type":"markdown","source":"# A"},{"cell_type":"code","source":["x"],"execution_count":` +
			count + `,"outputs":` + outputs + `}]}`
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return request{Executed: file, CellTimeout: 90}
	}
	failed := `[{"output_type":"stream","name":"stderr","text":"error: no weights\n"},{"output_type":"error","evalue":"exit status 1"}]`
	tests := []struct {
		name           string
		outputs, count string
		end            event
		want           string
	}{
		{"good", `[]`, "1", event{State: "ok", Index: 1}, ""},
		{"failed", failed, "1", event{State: "failed", Index: 1, Message: "exit status 1"}, "cell 2 (long := run()) failed: error: no weights"},
		{"failed without outputs", `[]`, "1", event{State: "failed", Index: 1, Message: "syntax"}, "cell 2 (long := run()) failed: syntax"},
		{"timeout", `[]`, "null", event{State: "timeout", Index: 1}, "cell 2 (long := run()) ran longer than 90 s"},
		{"dead kernel", `[]`, "null", event{State: "dead", Index: 1}, "cell 2 (long := run()) was running when the kernel died"},
		{"kernel never came", `[]`, "null", event{State: "broken", Index: -1, Message: "no such kernel"}, "before the first cell could not be run: no such kernel"},
		{"skipped cell", `[]`, "null", event{State: "ok", Index: 1}, "cell 2 (long := run()) was not run"},
		{"output not written", `[]`, "1", event{State: "ok", Index: 1, Write: "disk full"}, "disk full"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			err := check("notebooks/x.ipynb", source, write(test.outputs, test.count), test.end, false)
			if test.want == "" {
				if err != nil {
					t.Fatal(err)
				}
				return
			}
			if err == nil || !strings.Contains(err.Error(), test.want) || !strings.Contains(err.Error(), `"notebooks/x.ipynb"`) {
				t.Errorf("got %v, want %q and the notebook's name", err, test.want)
			}
		})
	}
}

func TestReadNotebook(t *testing.T) {
	for name, text := range map[string]string{"text": "hello", "empty object": "{}", "list": "[1]", "cells of text": `{"cells":["x"]}`} {
		file := filepath.Join(t.TempDir(), "n.ipynb")
		if err := os.WriteFile(file, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if _, err := readNotebook(file); err == nil || !strings.Contains(err.Error(), "expected a Jupyter notebook") {
			t.Errorf("%s: got %v", name, err)
		}
	}
	d, err := readNotebook(filepath.Join("testdata", "kernel.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	if got := d.firstLine(3); !strings.HasPrefix(got, "notebook.Check(") {
		t.Errorf("first line of a cell: %q", got)
	}
	if len(d.Metadata.Ours.Files) != 1 {
		t.Errorf("promised files: %v", d.Metadata.Ours.Files)
	}
}

func TestMissingFiles(t *testing.T) {
	folder := t.TempDir()
	for name, text := range map[string]string{"full": "x", "empty": ""} {
		if err := os.WriteFile(filepath.Join(folder, name), []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	got := missingFiles(folder, []string{"full", "empty", "absent", "."})
	if strings.Join(got, " ") != "empty absent" {
		t.Errorf("got %v, want empty and absent", got)
	}
}

// TestRunNotebookRefusals checks what is said before a kernel is started.
func TestRunNotebookRefusals(t *testing.T) {
	notebook := filepath.Join("testdata", "kernel.ipynb")
	if _, err := RunNotebook(t.Context(), t.TempDir(), notebook, RunOptions{}); err == nil || !strings.Contains(err.Error(), "lab --setup") {
		t.Errorf("without JupyterLab: %v", err)
	}
	if _, err := RunNotebook(t.Context(), t.TempDir(), "absent.ipynb", RunOptions{}); !errors.Is(err, os.ErrNotExist) {
		t.Errorf("absent notebook: %v", err)
	}
	l := layout{newVenv(t.TempDir())}
	if _, err := l.request(notebook, RunOptions{Out: "testdata"}); err == nil || !strings.Contains(err.Error(), "notebook's own") {
		t.Errorf("output over the source: %v", err)
	}
}

package notebooks

import (
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/robustvit/workbench/internal/lab"
)

// TestFaults runs notebooks that go wrong in every way, side by side: each gets
// an error that names the cell, and leaves the partial notebook.
func TestFaults(t *testing.T) {
	root := labRoot(t)
	tests := []struct {
		name    string
		cell    string // replaces the third code cell, which is cell 4
		promise string
		limit   time.Duration // of a cell; 0 is ample
		want    []string
	}{
		{name: "good"},
		{name: "error", cell: `%%
notebook.Check(os.WriteFile("/nonexistent/x", nil, 0o644))`,
			want: []string{"cell 4 (notebook.Check", "error: open /nonexistent/x: no such file or directory"}},
		{name: "panic", cell: "%%\npanic(\"oh no\")", want: []string{"cell 4", "panic: oh no"}},
		{name: "panic in work", cell: "%%\nnotebook.Do(func(context.Context) (int, error) { panic(\"bad shape\") })",
			want: []string{"cell 4", "failed: error: bad shape;"}},
		{name: "does not compile", cell: "%%\nundefinedFunction(3)", want: []string{"cell 4", "undefined: undefinedFunction"}},
		{name: "shell line", cell: "!ls nonexistent-folder", want: []string{"cell 4", "No such file"}},
		{name: "timeout", cell: "%%\nos.WriteFile(\"pid\", []byte(fmt.Sprint(os.Getpid())), 0o644)\ntime.Sleep(time.Hour)",
			limit: 15 * time.Second, want: []string{"cell 4", "ran longer than 15 s"}},
		{name: "dead kernel", cell: "%%\nos.WriteFile(\"pid\", []byte(fmt.Sprint(os.Getpid())), 0o644)\nsyscall.Kill(os.Getppid(), syscall.SIGKILL)\ntime.Sleep(time.Hour)",
			want: []string{"cell 4", "kernel died"}},
		{name: "promised file", promise: "tables/none.csv", want: []string{"did not write tables/none.csv"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			folder, out := t.TempDir(), t.TempDir()
			file := faulty(t, root, folder, test.cell, test.promise)
			limit := 2 * time.Minute
			if test.limit > 0 {
				limit = test.limit
			}
			executed, err := lab.RunNotebook(t.Context(), root, file, lab.RunOptions{Out: out, CellTimeout: limit})
			if (err == nil) != (len(test.want) == 0) {
				t.Fatalf("got %v, want %v", err, test.want)
			}
			for _, want := range test.want {
				if !strings.Contains(err.Error(), want) || !strings.Contains(err.Error(), file) {
					t.Errorf("got %v, want %q and the notebook's path", err, want)
				}
			}
			var failed *lab.CellError
			if test.promise == "" && err != nil && !errors.As(err, &failed) {
				t.Errorf("got %T, want a *lab.CellError", err)
			}
			if nb := readNotebook(t, executed.Notebook); len(nb.Cells) != 5 {
				t.Errorf("the partial notebook has %d cells, want 5", len(nb.Cells))
			}
			orphan(t, filepath.Join(folder, "pid"))
		})
	}
}

// faulty writes the small notebook of package lab with one cell replaced.
func faulty(t *testing.T, root, folder, source, promise string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, "internal", "lab", "testdata", "kernel.ipynb"))
	if err != nil {
		t.Fatal(err)
	}
	var nb map[string]any
	if err := json.Unmarshal(text, &nb); err != nil {
		t.Fatal(err)
	}
	if source != "" {
		nb["cells"].([]any)[3].(map[string]any)["source"] = source
	}
	if promise != "" {
		nb["metadata"].(map[string]any)["robustvit"] = map[string]any{"files": []string{"made.txt", promise}}
	}
	if text, err = json.Marshal(nb); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(folder, "small.ipynb")
	if err := os.WriteFile(file, text, 0o644); err != nil {
		t.Fatal(err)
	}
	return file
}

// orphan checks that the program whose id the file holds has ended.
func orphan(t *testing.T, file string) {
	t.Helper()
	pid, err := os.ReadFile(file)
	if err != nil {
		return // this cell wrote none
	}
	for range 50 {
		state, err := os.ReadFile(filepath.Join("/proc", string(pid), "stat"))
		if err != nil || strings.Contains(string(state), ") Z ") {
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	t.Errorf("the cell's program %s still runs after its kernel ended", pid)
}

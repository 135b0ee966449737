package notebooks

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/robustvit/workbench/tests/catalogue"
)

// TestFaults is H9: `robustvit notebook run` on notebooks that go wrong in every
// way, side by side. Each ends with exit code 1 and an error that names the cell,
// and leaves the partial notebook and its page; the good ones beside them end well.
func TestFaults(t *testing.T) {
	tests := []struct {
		name    string
		cell    string // replaces the third code cell, which is cell 4
		promise string
		limit   string // of a cell
		want    []string
	}{
		{name: "good"}, {name: "good beside it"},
		{name: "error", cell: `%%
notebook.Check(os.WriteFile("/nonexistent/x", nil, 0o644))`,
			want: []string{"cell 4 (notebook.Check", "error: open /nonexistent/x: no such file or directory"}},
		{name: "panic", cell: "%%\npanic(\"oh no\")", want: []string{"cell 4", "panic, oh no"}},
		{name: "panic in work", cell: "%%\nnotebook.Do(func(context.Context) (int, error) { panic(\"bad shape\") })",
			want: []string{"cell 4", "failed: error: bad shape;"}},
		{name: "does not compile", cell: "%%\nundefinedFunction(3)", want: []string{"cell 4", "undefined: undefinedFunction"}},
		{name: "shell line", cell: "!ls nonexistent-folder", want: []string{"cell 4", "No such file"}},
		{name: "timeout", cell: "%%\nos.WriteFile(\"pid\", []byte(fmt.Sprint(os.Getpid())), 0o644)\ntime.Sleep(time.Hour)",
			limit: "15s", want: []string{"cell 4", "ran longer than 15 s"}},
		{name: "dead kernel", cell: "%%\nos.WriteFile(\"pid\", []byte(fmt.Sprint(os.Getpid())), 0o644)\nsyscall.Kill(os.Getppid(), syscall.SIGKILL)\ntime.Sleep(time.Hour)",
			want: []string{"cell 4", "kernel died"}},
		{name: "promised file", promise: "tables/none.csv", want: []string{"did not write tables/none.csv"}},
	}
	shared := t.TempDir() // all write into one folder, under names of their own
	for i, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			catalogue.Case(t, "H9", test.name, func(t *testing.T) {
				root, folder := labRoot(t), t.TempDir()
				file := faulty(t, root, folder, test.cell, test.promise)
				own := filepath.Join(folder, fmt.Sprintf("small%d.ipynb", i))
				if err := os.Rename(file, own); err != nil {
					t.Fatal(err)
				}
				limit := "5m"
				if test.limit != "" {
					limit = test.limit
				}
				o := catalogue.Run(t, []string{"GOMLX_BACKEND="}, "notebook", "run", own, "--out", shared, "--timeout", limit)
				switch {
				case len(test.want) == 0 && o.Code != 0:
					t.Fatal(o)
				case len(test.want) > 0:
					o.Err = strings.ReplaceAll(o.Err, "panic: oh no", "panic, oh no") // the cell's own
					catalogue.CheckRefused(t, o, append(test.want, own)...)
				}
				if nb := readNotebook(t, filepath.Join(shared, filepath.Base(own))); len(nb.Cells) != 5 {
					t.Errorf("the partial notebook has %d cells, want 5", len(nb.Cells))
				}
				if page := strings.TrimSuffix(filepath.Base(own), ".ipynb") + ".html"; !there(filepath.Join(shared, page)) {
					t.Errorf("%s was not written", page)
				}
				orphan(t, filepath.Join(folder, "pid"))
			})
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

package setup

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestProjectRoot(t *testing.T) {
	root := t.TempDir()
	deep := filepath.Join(root, "a", "other", "b")
	must(t, os.MkdirAll(deep, 0o755))
	must(t, os.WriteFile(filepath.Join(root, "go.mod"), []byte("// ours\nmodule "+Module+"\n\ngo 1.26\n"), 0o644))
	// A module inside ours, such as a notebook's, is passed by.
	must(t, os.WriteFile(filepath.Join(root, "a", "go.mod"), []byte("module example.com/cell\n"), 0o644))
	if got, err := ProjectRoot(deep); err != nil || got != root {
		t.Errorf("got %q, %v; want %q", got, err, root)
	}
	if _, err := ProjectRoot(t.TempDir()); !errors.Is(err, ErrNoProject) {
		t.Errorf("outside: got %v, want ErrNoProject", err)
	}
	if _, err := Ensure(t.Context(), deep, &bytes.Buffer{}, Options{}); err == nil {
		t.Error("Ensure below the project folder must not make a second .venv")
	}
}

// TestDoctorOnNothing looks at an empty folder on a machine without anything:
// every fault must come with the command that mends it.
func TestDoctorOnNothing(t *testing.T) {
	t.Setenv("PATH", t.TempDir())
	t.Setenv("PJRT_PLUGIN_LIBRARY_PATH", "")
	report := Doctor(t.Context(), t.TempDir(), func(context.Context) Row {
		return Row{Name: "devices", State: OK, Found: "two\nlines"}
	})
	if report.Healthy() {
		t.Error("an empty folder is reported as healthy")
	}
	for _, row := range report.Rows {
		if row.State == Fault && row.Mend == "" {
			t.Errorf("%s: %q has no command that mends it", row.Name, row.Found)
		}
	}
	var text, asJSON bytes.Buffer
	must(t, report.WriteText(&text))
	must(t, report.WriteJSON(&asJSON))
	for _, want := range []string{"Python", "two lines", "To mend:", again} {
		if !strings.Contains(text.String(), want) {
			t.Errorf("table lacks %q:\n%s", want, &text)
		}
	}
	var back Report
	if err := json.Unmarshal(asJSON.Bytes(), &back); err != nil || len(back.Rows) != len(report.Rows) {
		t.Errorf("JSON does not come back: %v", err)
	}
}

func TestReportHealthy(t *testing.T) {
	report := Report{Rows: []Row{{Name: "Go", State: OK, Found: "go1.26"}, {Name: "GPU", State: Optional, Found: "none"}}}
	var text bytes.Buffer
	must(t, report.WriteText(&text))
	if want := "Go   ok        go1.26\nGPU  optional  none\n\nNothing is missing.\n"; text.String() != want {
		t.Errorf("got\n%s\nwant\n%s", &text, want)
	}
}

func TestRequiredVersions(t *testing.T) {
	file := filepath.Join(t.TempDir(), "go.mod")
	must(t, os.WriteFile(file, []byte("module x\nrequire example.com/a v1.2.3\nrequire (\n\texample.com/b v0.4.0 // indirect\n)\n"), 0o644))
	got := requiredVersions(file)
	if got["example.com/a"] != "v1.2.3" || got["example.com/b"] != "v0.4.0" || len(got) != 2 {
		t.Errorf("got %v", got)
	}
}

func TestPipReasons(t *testing.T) {
	tests := []struct{ output, what string }{
		{"WARNING: Retrying ... NewConnectionError('...: Failed to establish')\nERROR: No matching distribution found for x", "could not be reached"},
		{"ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", "not the pinned one"},
		{"ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", "disk is full"},
		{"Traceback: something new", "could not be installed"},
	}
	for _, test := range tests {
		err := &PipError{Output: test.output, Err: errors.New("exit status 1")}
		if r := err.reason(); !strings.Contains(r.what, test.what) || r.mend == "" {
			t.Errorf("%q: got %+v, want %q", test.output, r, test.what)
		}
	}
}

// TestGPURow finds a GPU through a stand-in for nvidia-smi.
func TestGPURow(t *testing.T) {
	bin := t.TempDir()
	must(t, os.WriteFile(filepath.Join(bin, "nvidia-smi"), []byte("#!/bin/sh\necho 'NVIDIA X, 80000 MiB, 580.1'\n"), 0o755))
	t.Setenv("PATH", bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	t.Setenv("PJRT_PLUGIN_LIBRARY_PATH", "")
	v := Venv{Root: t.TempDir()}
	if row := gpuRow(t.Context(), v); row.State != Optional || !strings.Contains(row.Found, "NVIDIA X") || row.Mend != gpuPlugin {
		t.Errorf("GPU without plugin: %+v", row)
	}
	plugin := v.Path("lib", "python3.11", "site-packages", "jax_plugins", "xla_cuda13", "xla_cuda_plugin.so")
	must(t, os.MkdirAll(filepath.Dir(plugin), 0o755))
	must(t, os.WriteFile(plugin, nil, 0o755))
	if row := gpuRow(t.Context(), v); row.State != OK || row.Mend != "" {
		t.Errorf("GPU with plugin: %+v", row)
	}
}

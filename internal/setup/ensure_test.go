package setup

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// newInstaller is an installer for two tiny wheels in a folder of its own,
// which is all the index that pip sees.
func newInstaller(t *testing.T) (installer, *bytes.Buffer, string) {
	t.Helper()
	if testing.Short() {
		t.Skip("makes a real Python environment: some seconds")
	}
	if err := machineAllows(); err != nil {
		t.Skip(err)
	}
	if python, err := FindPython(t.Context()); err != nil || !python.Venv {
		t.Skip("needs Python 3.10 with venv")
	}
	index := t.TempDir()
	t.Setenv("PIP_NO_INDEX", "1")
	t.Setenv("PIP_FIND_LINKS", index)
	t.Setenv("PJRT_PLUGIN_LIBRARY_PATH", "")
	out := &bytes.Buffer{}
	return installer{
		venv: Venv{Root: t.TempDir()},
		out:  out,
		sources: []source{
			writeWheel(t, index, "first_plugin", PluginName, "library one"),
			writeWheel(t, index, "second_plugin", "libpjrt_cpu.so", "library two"),
		},
	}, out, index
}

func mustEnsure(t *testing.T, i installer) Result {
	t.Helper()
	result, err := i.ensure(t.Context(), Options{})
	if err != nil {
		t.Fatal(err)
	}
	return result
}

// TestEnsure follows one environment through everything that happens to it.
func TestEnsure(t *testing.T) {
	i, out, index := newInstaller(t)
	step := func(name string, wantFresh bool, wantPackage string) Result {
		t.Helper()
		out.Reset()
		r := mustEnsure(t, i)
		if !r.Ready || r.Fresh != wantFresh || r.Package != wantPackage {
			t.Fatalf("%s: got %+v, want ready, fresh %v, package %q\n%s", name, r, wantFresh, wantPackage, out)
		}
		return r
	}

	plugin := step("fresh", true, "first_plugin").Plugin
	if text, err := os.ReadFile(plugin); err != nil || string(text) != "library one" {
		t.Fatalf("installed plugin holds %q, %v", text, err)
	}
	if r := step("again", false, "first_plugin"); out.Len() != 0 || r.Took > 50*time.Millisecond {
		t.Errorf("again: took %v and printed %q, want silence", r.Took, out)
	}
	if _, err := os.Stat(i.venv.tmp()); err == nil {
		t.Error("temporary folder was left behind")
	}

	must(t, os.WriteFile(plugin, []byte("damaged one"), 0o755))
	step("damaged library", true, "first_plugin")

	must(t, os.Remove(stampFile(i.venv)))
	step("killed before the stamp", false, "first_plugin")

	must(t, os.RemoveAll(filepath.Dir(plugin)))
	half, _ := filepath.Glob(i.venv.Path("lib", "python3*", "site-packages", "pip", "_internal", "cli"))
	must(t, os.RemoveAll(half[0]))
	step("killed while pip was unpacked", true, "first_plugin")
	if !strings.Contains(out.String(), "making .venv") {
		t.Errorf("half an environment was taken for a whole one:\n%s", out)
	}

	must(t, os.RemoveAll(filepath.Dir(plugin)))
	must(t, os.Remove(filepath.Join(index, "first_plugin-1.0-py3-none-any.whl")))
	r := step("first source gone", true, "second_plugin")
	if filepath.Base(r.Plugin) != PluginName {
		t.Errorf("second source: plugin is called %s, go-xla looks for %s", r.Plugin, PluginName)
	}
	must(t, os.RemoveAll(filepath.Dir(r.Plugin)))
	checkRefusals(t, i, out)
}

// checkRefusals checks what the user is told when nothing can be installed.
func checkRefusals(t *testing.T, i installer, out *bytes.Buffer) {
	t.Helper()
	tests := []struct {
		name  string
		spoil func(*installer)
		what  string
		mend  string
	}{
		{"wheel of another hash", func(i *installer) {
			i.sources = []source{i.sources[1]}
			i.sources[0].requirements = "second_plugin==1.0 --hash=sha256:" + strings.Repeat("0", 64) + "\n"
		}, "not the pinned one", "pip config list"},
		{"wheel with another library", func(i *installer) {
			i.sources = []source{i.sources[1]}
			i.sources[0].sha256 = strings.Repeat("0", 64)
		}, "expected 0000", again},
		{"no wheel", func(i *installer) {
			i.sources = []source{{pkg: "nowhere", version: "1.0", folder: "nowhere", file: "x.so",
				requirements: "nowhere==1.0 --hash=sha256:" + strings.Repeat("0", 64) + "\n"}}
		}, "no wheel for this machine", "pip config list"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			spoiled := i
			test.spoil(&spoiled)
			out.Reset()
			checkMissing(t, mustEnsure(t, spoiled), out.String(), test.what, test.mend)
		})
	}
}

func checkMissing(t *testing.T, r Result, printed, what, mend string) {
	t.Helper()
	if r.Ready || len(r.Missing) != 1 || r.Backend() != "go:ops_sequential" {
		t.Fatalf("got %+v, want one thing missing and the Go backend", r)
	}
	if m := r.Missing[0]; !strings.Contains(m.What, what) || !strings.Contains(m.Mend, mend) {
		t.Errorf("got %+v, want %q, to be mended by %q", m, what, mend)
	}
	for _, want := range []string{what, mend, "go:ops_sequential"} {
		if !strings.Contains(printed, want) {
			t.Errorf("printed text lacks %q:\n%s", want, printed)
		}
	}
}

func TestEnsureWithoutPython(t *testing.T) {
	if err := machineAllows(); err != nil {
		t.Skip(err)
	}
	t.Setenv("PJRT_PLUGIN_LIBRARY_PATH", "")
	tests := []struct{ name, script string }{
		{"none", ""},
		{"too old", "#!/bin/sh\necho 3.9.18 False 1 /usr/bin/python3\n"},
		{"stub", "#!/bin/sh\necho install me from the store >&2; exit 9\n"},
		{"without venv", "#!/bin/sh\necho 3.12.1 True 0 /usr/bin/python3\n"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			python := filepath.Join(t.TempDir(), "python3")
			if test.script != "" {
				must(t, os.WriteFile(python, []byte(test.script), 0o755))
			}
			t.Setenv("ROBUSTVIT_PYTHON", python)
			var out bytes.Buffer
			i := installer{venv: Venv{Root: t.TempDir()}, out: &out, sources: pluginSources()}
			what := "no Python 3.10"
			if test.name == "without venv" {
				what = "lacks the venv module"
			}
			checkMissing(t, mustEnsure(t, i), out.String(), what, again)
		})
	}
}

// TestEnsureStops checks that a cancelled call is an error, not a finding, and
// that a second command waits for the first.
func TestEnsureStops(t *testing.T) {
	if err := machineAllows(); err != nil {
		t.Skip(err)
	}
	t.Setenv("PJRT_PLUGIN_LIBRARY_PATH", "")
	var out bytes.Buffer
	i := installer{venv: Venv{Root: t.TempDir()}, out: &out, sources: pluginSources()}
	lock, err := i.venv.Lock(t.Context(), &out)
	must(t, err)
	defer lock.Release()
	ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
	defer cancel()
	if _, err := i.ensure(ctx, Options{}); err == nil {
		t.Error("want an error from a call that was stopped while waiting")
	}
	if !strings.Contains(out.String(), "waiting for it") {
		t.Errorf("does not say that it waits: %q", &out)
	}
}

func TestEnsureUsesNamedPlugin(t *testing.T) {
	if !builtWithCgo {
		t.Skip("built without cgo")
	}
	folder := t.TempDir()
	must(t, os.WriteFile(filepath.Join(folder, PluginName), []byte("x"), 0o755))
	t.Setenv("PJRT_PLUGIN_LIBRARY_PATH", folder)
	var out bytes.Buffer
	i := installer{venv: Venv{Root: t.TempDir()}, out: &out}
	if r := mustEnsure(t, i); !r.Ready || r.Plugin != filepath.Join(folder, PluginName) || out.Len() != 0 {
		t.Errorf("got %+v and %q, want the user's plugin in silence", r, &out)
	}
}

func must(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

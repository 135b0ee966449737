package machine

import (
	"debug/elf"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// explainOn has the command open a backend, in a folder without a plugin of its
// own, and compute one picture.
func explainOn(t *testing.T, name string, env ...string) catalogue.Outcome {
	t.Helper()
	dir := t.TempDir()
	model := writeModel(t, filepath.Join(dir, "tiny.safetensors"), tiny, nil, nil)
	picture := filepath.Join(writeData(t, filepath.Join(dir, "data")), "val", "class0", "val0.png")
	env = append([]string{"GOMLX_BACKEND=" + name, "GOMLX_NO_AUTO_INSTALL=1", "HOME=" + dir, "PJRT_PLUGIN_LIBRARY_PATH=", "XLA_FLAGS="}, env...)
	return catalogue.RunIn(t, dir, env, "explain", "--weights", model, picture, "--out", filepath.Join(dir, "page"))
}

// refusedPlugin demands one error with the next step.
func refusedPlugin(t *testing.T, o catalogue.Outcome, words ...string) {
	t.Helper()
	catalogue.CheckRefused(t, o, words...)
	if strings.Contains(o.Err, "SIG") || o.Signal != 0 {
		t.Errorf("the process was ended: %s", o)
	}
	t.Log(strings.TrimSpace(o.Err))
}

const next = "robustvit setup"

// TestBackendNames: what is not there by that name.
func TestBackendNames(t *testing.T) {
	for _, c := range []struct {
		name, backend string
		words         []string
	}{
		{"an unknown backend", "tensorflow", []string{`unknown backend "tensorflow"`, `"xla:cpu"`, `"go"`}},
		{"an unknown option", "go:turbo", []string{"turbo"}},
		{"no plugin at all", "xla:cpu", []string{`no PJRT plugin called "cpu"`, next}},
		{"no plugin of any kind", "xla", []string{"no PJRT plugin found", next}},
		{"a plugin for other devices", "xla:tpu", []string{`"tpu"`, next}},
		{"no GPU", "xla:cuda", []string{"no NVIDIA GPU", "GOMLX_BACKEND=xla:cpu"}},
		{"a file that is not there", "xla:/nowhere/plugin.so", []string{"/nowhere/plugin.so", "no such file", next}},
		{"a folder", "xla:/usr", []string{"/usr is not a regular file", next}},
	} {
		if _, err := os.Stat("/dev/nvidia0"); c.backend == "xla:cuda" && err == nil {
			continue // there is one
		}
		catalogue.Case(t, "N3", c.name, func(t *testing.T) { refusedPlugin(t, explainOn(t, c.backend), c.words...) })
	}
	catalogue.Case(t, "N3", "nothing asked for, nothing there", func(t *testing.T) {
		o := explainOn(t, "auto")
		if o.Code != 0 || !strings.Contains(o.Err, "pure Go backend") || !strings.Contains(o.Err, next) {
			t.Errorf("expected the Go backend, and how to get a faster one: %s", o)
		}
	})
}

// TestBrokenPlugins: files called as a plugin that are none, or not whole. Such
// a one is an error although the Go backend would do: a long run must not
// become ten times slower unasked.
func TestBrokenPlugins(t *testing.T) {
	for _, c := range []struct {
		name    string
		content func(t *testing.T) []byte
		word    string
	}{
		{"empty", func(*testing.T) []byte { return nil }, "is not a library"},
		{"text", func(*testing.T) []byte { return []byte("<!DOCTYPE html>\n") }, "is not a library"},
		{"the magic bytes alone", func(*testing.T) []byte { return []byte(elf.ELFMAG) }, "cut short or damaged"},
		{"half a header", func(*testing.T) []byte { return tinyELF(here(), 100)[:40] }, "cut short or damaged"},
		{"less than its header says", func(*testing.T) []byte { return tinyELF(here(), 1<<20) }, "120 bytes, its header asks for 1048576"},
		{"another machine's", func(*testing.T) []byte { return tinyELF(elf.EM_RISCV, 100) }, "EM_RISCV"},
		{"no symbols", func(*testing.T) []byte { return tinyELF(here(), 100) }, "symbols"},
		{"cut at 4 KiB", func(t *testing.T) []byte { return head(t, 4<<10) }, "cut short"},
		{"cut at 1 MiB", func(t *testing.T) []byte { return head(t, 1<<20) }, "cut short"},
		{"cut at 8 MiB", func(t *testing.T) []byte { return head(t, 8<<20) }, "cut short"},
	} {
		catalogue.Case(t, "N3", c.name, func(t *testing.T) {
			dir := folderWith(t, c.content(t))
			o := explainOn(t, "auto", "PJRT_PLUGIN_LIBRARY_PATH="+dir)
			refusedPlugin(t, o, filepath.Join(dir, pluginName), c.word, next)
		})
	}
}

// TestFalsePlugins: libraries that load and then do not behave. What they do to
// a process is done to a child.
func TestFalsePlugins(t *testing.T) {
	for _, c := range []struct{ name, source, word string }{
		{"no plugin", "int answer(void) { return 42; }", "does not export GetPjrtApi"},
		{"no API", "void* GetPjrtApi(void) { return 0; }", "did not start"},
		{"a library is missing", "extern int nowhere(void); int (*f)(void) = nowhere; void* GetPjrtApi(void) { return 0; }", "did not start"},
		{"it writes where it must not", "void* GetPjrtApi(void) { *(volatile int*)8 = 1; return 0; }", "SIGSEGV"},
		{"it aborts", "#include <stdlib.h>\nvoid* GetPjrtApi(void) { abort(); }", "ends the process"},
		{"it exits", "#include <stdlib.h>\nvoid* GetPjrtApi(void) { exit(0); }", "ends the process"},
		{"it exits when it is loaded", "#include <unistd.h>\n__attribute__((constructor)) static void f(void) { _exit(7); }\nvoid* GetPjrtApi(void) { return 0; }", "exit status 7"},
		{"an API of zeros", "static char api[8192]; void* GetPjrtApi(void) { return api; }", "plugin "},
	} {
		catalogue.Case(t, "N3", c.name, func(t *testing.T) {
			dir := compiled(t, c.source)
			o := explainOn(t, "xla:cpu", "PJRT_PLUGIN_LIBRARY_PATH="+dir)
			catalogue.CheckRefused(t, o, filepath.Join(dir, pluginName), c.word, next)
			t.Log(strings.TrimSpace(o.Err))
		})
	}
}

// TestXLAFlags: XLA ends the process at a flag it does not know.
func TestXLAFlags(t *testing.T) {
	for _, c := range []struct{ name, flags, word string }{
		{"an unknown flag", "--nonsense", "Unknown flag in XLA_FLAGS: --nonsense"},
		{"an unknown flag beside a known one", "--xla_dump_to=/nowhere --xla_none=1", "--xla_none=1"},
		{"a value that it does not take", "--xla_cpu_multi_thread_eigen=maybe", "does not take"},
		{"no flag", "nonsense", "nonsense"},
	} {
		catalogue.Case(t, "N3", c.name, func(t *testing.T) {
			dir := linked(t, "plugin")
			o := explainOn(t, "xla:cpu", "PJRT_PLUGIN_LIBRARY_PATH="+dir, "XLA_FLAGS="+c.flags)
			refusedPlugin(t, o, "XLA_FLAGS=", c.word, "unset XLA_FLAGS")
		})
	}
	catalogue.Case(t, "N3", "a known flag", func(t *testing.T) {
		o := explainOn(t, "xla:cpu", "PJRT_PLUGIN_LIBRARY_PATH="+linked(t, "plugin"), "XLA_FLAGS=--xla_cpu_multi_thread_eigen=false")
		if o.Code != 0 {
			t.Error(o)
		}
	})
}

// TestOddFolders: go-xla cuts a path at commas, and takes any folder with cuda
// or nvidia in its name for a GPU's.
func TestOddFolders(t *testing.T) {
	for _, name := range []string{"with space", "a,comma", "nvidia,cuda home", "grün"} {
		catalogue.Case(t, "N3", "folder "+name, func(t *testing.T) {
			o := explainOn(t, "xla:cpu", "PJRT_PLUGIN_LIBRARY_PATH=/nowhere:"+linked(t, name)+":") // and empty parts
			if o.Code != 0 || !strings.Contains(o.Err, "backend xla:cpu") {
				t.Error(o)
			}
		})
	}
}

// TestChangedPlugin: the plugin of .venv is compared with its pinned SHA-256
// before it is loaded, also where one byte was changed and size and time kept.
func TestChangedPlugin(t *testing.T) {
	catalogue.Case(t, "N3", "one byte changed", func(t *testing.T) {
		root := t.TempDir()
		folder := filepath.Join(root, ".venv", "lib", "python3.11", "site-packages", "lammps_jax_pjrt_cpu")
		if !strings.Contains(cpuPlugin(t), "lammps_jax_pjrt_cpu") {
			t.Skip("another plugin is installed here, which is not pinned")
		}
		if err := os.MkdirAll(folder, 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(root, "go.mod"), []byte("module github.com/robustvit/workbench\n"), 0o644); err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(folder, pluginName)
		bytes := copyFile(t, cpuPlugin(t), path)
		model := writeModel(t, filepath.Join(root, "tiny.safetensors"), tiny, nil, nil)
		picture := filepath.Join(writeData(t, filepath.Join(root, "data")), "val", "class0", "val0.png")
		explain := func(page string) catalogue.Outcome {
			return catalogue.RunIn(t, root, []string{"GOMLX_BACKEND=xla:cpu", "PJRT_PLUGIN_LIBRARY_PATH=", "XLA_FLAGS=", "HOME=" + root},
				"explain", "--weights", model, picture, "--out", page)
		}
		if o := explain("before"); o.Code != 0 {
			t.Fatal(o)
		}
		change(t, path, bytes/2)
		refusedPlugin(t, explain("after"), path, "SHA-256", next)
	})
}

// copyFile copies without holding the file: the test's own memory is its
// children's least.
func copyFile(t *testing.T, from, to string) (bytes int64) {
	t.Helper()
	in, err := os.Open(from)
	if err != nil {
		t.Fatal(err)
	}
	defer in.Close()
	out, err := os.Create(to)
	if err != nil {
		t.Fatal(err)
	}
	defer out.Close()
	if bytes, err = io.Copy(out, in); err != nil {
		t.Fatal(err)
	}
	return bytes
}

// change flips a bit and puts the modification time back.
func change(t *testing.T, path string, at int64) {
	t.Helper()
	st, err := os.Stat(path)
	if err != nil {
		t.Fatal(err)
	}
	f, err := os.OpenFile(path, os.O_RDWR, 0)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	one := make([]byte, 1)
	if _, err := f.ReadAt(one, at); err != nil {
		t.Fatal(err)
	}
	one[0] ^= 1
	if _, err := f.WriteAt(one, at); err != nil {
		t.Fatal(err)
	}
	if err := os.Chtimes(path, st.ModTime(), st.ModTime()); err != nil {
		t.Fatal(err)
	}
}

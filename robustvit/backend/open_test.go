package backend

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	"github.com/gomlx/gomlx/core/graph"
)

// isolate hides the machine's own plugins and settings.
func isolate(t *testing.T) {
	t.Helper()
	t.Setenv(compute.ConfigEnvVar, "")
	t.Setenv(pluginPathEnv, "")
	t.Setenv("HOME", t.TempDir())
}

// runGraph executes one small graph: [[1 2][3 4]] times itself, summed, is 54.
func runGraph(t *testing.T, b compute.Backend) {
	t.Helper()
	exec, err := graph.NewExec(b, func(x *graph.Node) *graph.Node { return graph.ReduceAllSum(graph.MatMul(x, x)) })
	if err != nil {
		t.Fatal(err)
	}
	out, err := exec.Exec1([][]float32{{1, 2}, {3, 4}})
	if err != nil {
		t.Fatal(err)
	}
	if got := out.Value().(float32); got != 54 {
		t.Fatalf("sum of the matrix product: got %g, want 54", got)
	}
}

func TestGoBackend(t *testing.T) {
	for _, name := range []string{"go", "go:", "go:ops_sequential"} {
		isolate(t)
		t.Setenv(compute.ConfigEnvVar, name)
		b, info, err := Open(Options{Name: CUDA}) // the environment wins
		if err != nil {
			t.Fatal(err)
		}
		if info.Kind != KindGo || !info.Slow || info.Hint == "" || info.Chosen != compute.ConfigEnvVar {
			t.Errorf("%q: unexpected info %+v", name, info)
		}
		runGraph(t, b)
	}
}

func TestAutoWithoutPlugin(t *testing.T) {
	isolate(t)
	_, info, err := Open(Options{ProjectRoot: t.TempDir()})
	if err != nil {
		t.Fatal(err)
	}
	if info.Kind != KindGo || info.Chosen != "auto" {
		t.Errorf("without a plugin: got %+v, want the Go backend", info)
	}
}

// cpuPlugin is the CPU plugin of this checkout; the test is skipped without.
func cpuPlugin(t *testing.T) plugin {
	t.Helper()
	if !xlaCompiled {
		t.Skip("built without cgo")
	}
	p, ok := pick(findPlugins(ProjectRoot()), "cpu")
	if !ok {
		t.Skip("no CPU plugin here: run \"robustvit setup\"")
	}
	return p
}

func TestXLA(t *testing.T) {
	root, p := ProjectRoot(), cpuPlugin(t)
	isolate(t)
	b, info, err := Open(Options{Name: CPU, ProjectRoot: root, Verify: true})
	if err != nil {
		t.Fatal(err)
	}
	runGraph(t, b)
	t.Logf("%+v", info)

	// go-xla would misread this path in three ways.
	odd := filepath.Join(t.TempDir(), "nvidia,cuda home")
	if err := os.MkdirAll(odd, 0o755); err != nil {
		t.Fatal(err)
	}
	path := filepath.Join(odd, "pjrt_c_api_cpu_plugin.so")
	if err := os.Symlink(p.Path, path); err != nil {
		t.Fatal(err)
	}
	t.Setenv(pluginPathEnv, odd)
	b, info, err = Open(Options{})
	if err != nil {
		t.Fatal(err)
	}
	if info.Kind != KindCPU || info.Plugin != path || info.Slow {
		t.Errorf("unexpected info %+v", info)
	}
	runGraph(t, b)
}

func TestOpenErrors(t *testing.T) {
	dir := t.TempDir()
	write := func(name string, data []byte) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, data, 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	text := write("pjrt_c_api_text_plugin.so", []byte("not a library\n"))
	empty := write("pjrt_c_api_empty_plugin.so", nil)
	cases := []struct{ name, env, want string }{
		{"unknown", "tensorflow", `unknown backend "tensorflow"`},
		{"unknown lists the known", "gpu:0", `"xla:cpu", "go"`},
		{"absent file", "xla:/nowhere/plugin.so", "no such file"},
		{"folder", "xla:" + dir, "not a regular file"},
		{"text file", "xla:" + text, "is not a library"},
		{"empty file", "xla:" + empty, "is not a library"},
		{"broken plugin by name", "xla:text", "is not a library"},
		{"unknown plugin", "xla:tpu", `no PJRT plugin called "tpu"`},
		{"unknown option", "go:turbo", "turbo"},
	}
	if !hasNvidia() {
		cases = append(cases, struct{ name, env, want string }{"no GPU", "xla:cuda", "no NVIDIA GPU"})
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			if strings.HasPrefix(c.env, "xla") && !xlaCompiled {
				t.Skip("built without cgo")
			}
			isolate(t)
			t.Setenv(pluginPathEnv, dir)
			t.Setenv(compute.ConfigEnvVar, c.env)
			_, _, err := Open(Options{ProjectRoot: dir})
			if err == nil {
				t.Fatal("no error")
			}
			t.Log(err)
			if !strings.Contains(err.Error(), c.want) {
				t.Errorf("error %q does not say %q", err, c.want)
			}
		})
	}
}

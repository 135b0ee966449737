package backend

import (
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
	root := ProjectRoot()
	cpuPlugin(t)
	isolate(t)
	b, info, err := Open(Options{Name: CPU, ProjectRoot: root, Verify: true})
	if err != nil {
		t.Fatal(err)
	}
	runGraph(t, b)
	t.Logf("%+v", info)
}

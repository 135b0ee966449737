package machine

import (
	"bytes"
	"context"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/tests/catalogue"
	"github.com/robustvit/workbench/viz"
	"github.com/robustvit/workbench/weights"
)

// held is what a process holds of the system.
type held struct{ files, mappings, goroutines, heap int }

// holding counts after everything that can be freed is.
func holding() (h held) {
	for range 3 { // finalizers of finalizers
		debug.FreeOSMemory()
	}
	h.files, h.mappings, h.goroutines = entries("/proc/self/fd"), lines("/proc/self/maps"), runtime.NumGoroutine()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	h.heap = int(m.HeapAlloc)
	return h
}

func entries(dir string) int {
	all, _ := os.ReadDir(dir) // none where the system has no such folder
	return len(all)
}

func lines(file string) int {
	text, _ := os.ReadFile(file)
	return bytes.Count(text, []byte("\n"))
}

// leakless repeats the work and compares what is held before and after. Files
// and goroutines may differ by 2. Go adds threads and pages for a while, so
// mappings may by 8, and the heap by 1 MiB: a leak would show a thousand times.
func leakless(t *testing.T, times int, work func(i int)) {
	for i := range 20 { // pools, caches and lazy tables fill
		work(i)
	}
	before := holding()
	for i := range times {
		work(20 + i)
	}
	after := holding()
	for _, c := range []struct {
		what                 string
		before, after, slack int
	}{
		{"open files", before.files, after.files, 2}, {"goroutines", before.goroutines, after.goroutines, 2},
		{"mappings", before.mappings, after.mappings, 8}, {"bytes of heap", before.heap, after.heap, 1 << 20},
	} {
		if c.after > c.before+c.slack {
			t.Errorf("%d %s after %d times, %d before", c.after, c.what, times, c.before)
		}
	}
	t.Logf("%+v, then %+v", before, after)
}

// TestLeaks does each piece of work a thousand times in this process.
func TestLeaks(t *testing.T) {
	dir := t.TempDir()
	images := writeData(t, filepath.Join(dir, "data"))
	model := writeModel(t, filepath.Join(dir, "tiny.safetensors"), tiny, nil, nil)
	must := func(err error) {
		if err != nil {
			t.Helper()
			t.Fatal(err)
		}
	}
	repeat := func(name string, times int, work func(i int)) {
		catalogue.Case(t, "N7", name, func(t *testing.T) { leakless(t, times, work) })
	}
	repeat("weights are loaded", 1000, func(int) {
		_, err := pretrained.Open(model)
		must(err)
	})
	repeat("weights are refused", 1000, func(int) {
		if _, err := weights.Load(filepath.Join(images, "train", "class0", "train0.png")); err == nil {
			t.Error("a picture was loaded as weights")
		}
	})
	repeat("a data set is opened and read", 1000, func(i int) {
		set, err := data.OpenRoot(images)
		must(err)
		train, err := set.Train()
		must(err)
		_, err = train.Load(i % train.Len())
		must(err)
	})
	repeat("batches are left in the middle", 1000, func(i int) {
		set, err := data.OpenRoot(images)
		must(err)
		train, err := set.Train()
		must(err)
		for _, err := range data.Batches(context.Background(), train, data.Plan{BatchSize: 2, Size: 16, Protocol: data.Native(), Masks: true}) {
			must(err)
			break
		}
	})
	repeat("heatmaps are drawn", 1000, func(int) {
		picture := viz.Picture{Width: 16, Height: 16, Pix: make([]uint8, 3*16*16)}
		img, err := viz.Heatmap(picture, viz.Map{Width: 2, Height: 2, Pix: []float32{0, 1, 2, 3}}, viz.HeatmapOptions{Side: 64})
		must(err)
		must(viz.WritePNG(io.Discard, img))
	})
	checkpoints(t, repeat, filepath.Join(dir, "run"), must)
	repeat("the Go backend compiles", 1000, func(i int) { compileOn(t, backend.Go, i) })
	catalogue.Case(t, "N7", "XLA compiles", func(t *testing.T) {
		t.Setenv("PJRT_PLUGIN_LIBRARY_PATH", filepath.Dir(cpuPlugin(t)))
		times := 40
		if catalogue.Long() {
			times = 1000
		}
		leakless(t, times, func(i int) { compileOn(t, backend.CPU, i) })
	})
}

// checkpoints saves one run's state again and again, and opens the run anew.
func checkpoints(t *testing.T, repeat func(string, int, func(int)), dir string, must func(error)) {
	state := &weights.File{Tensors: []weights.Tensor{weights.Float32Tensor("weight", []int{4}, []float32{1, 2, 3, 4})}}
	config := map[string]any{"kind": "test"}
	r, err := run.Create(dir, config)
	must(err)
	_, _, _, err = r.Resume()
	must(err)
	repeat("checkpoints are saved", 1000, func(i int) {
		must(r.Append(map[string]int{"step": i + 1}))
		must(r.SaveCheckpoint(run.Checkpoint{Step: i + 1}, state))
	})
	must(r.Close())
	repeat("a run is opened and closed", 1000, func(int) {
		r, err := run.Create(dir, config)
		must(err)
		_, _, _, err = r.Resume()
		must(err)
		must(r.Close())
	})
}

// compileOn opens a backend, compiles a graph that no one before has, runs it
// and frees both.
func compileOn(t *testing.T, name string, i int) {
	b, _, err := backend.Open(backend.Options{Name: name, ProjectRoot: catalogue.Root()})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	exec, err := graph.NewExec(b, func(x *graph.Node) *graph.Node { return graph.ReduceAllSum(graph.AddScalar(x, float64(i))) })
	if err != nil {
		t.Fatal(err)
	}
	defer exec.Finalize()
	out, err := exec.Exec1([]float32{1, 2})
	if err != nil {
		t.Fatal(err)
	}
	if got, want := out.Value().(float32), float32(3+2*i); got != want {
		t.Errorf("%g, expected %g", got, want)
	}
	out.MustFinalizeAll()
}

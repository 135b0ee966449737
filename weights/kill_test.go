package weights

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"testing"
	"time"
)

const killTarget = "WEIGHTS_TEST_WRITE_FOREVER"

// TestMain doubles as the child of TestKilledWriter: it writes one file for ever.
func TestMain(m *testing.M) {
	path := os.Getenv(killTarget)
	if path == "" {
		os.Exit(m.Run())
	}
	for i := 0; ; i++ {
		values := slices.Repeat([]float32{float32(i)}, 1<<16)
		if err := Write(path, &File{Tensors: []Tensor{Float32Tensor("x", []int{1 << 16}, values)}}); err != nil {
			os.Exit(1)
		}
	}
}

// A writer killed at any moment leaves a whole file, and the next write sweeps what it left beside it.
func TestKilledWriter(t *testing.T) {
	kills := 20
	if testing.Short() {
		kills = 5
	}
	path := filepath.Join(t.TempDir(), "w.safetensors")
	if err := Write(path, &File{Tensors: []Tensor{Float32Tensor("x", []int{2}, []float32{1, 1})}}); err != nil {
		t.Fatal(err)
	}
	leftovers := 0
	for i := range kills {
		child := exec.Command(os.Args[0])
		child.Env = append(os.Environ(), killTarget+"="+path)
		if err := child.Start(); err != nil {
			t.Fatal(err)
		}
		time.Sleep(time.Duration(20+7*i) * time.Millisecond)
		if err := child.Process.Kill(); err != nil {
			t.Fatalf("the child ended by itself: %v", err)
		}
		child.Wait()
		x, ok := mustRead(t, path).Get("x")
		if !ok {
			t.Fatal("the tensor is gone")
		}
		values, err := x.Float32s()
		if err != nil || slices.Min(values) != slices.Max(values) {
			t.Fatalf("kill %d: mixed content (%v)", i, err)
		}
		if entries, err := os.ReadDir(filepath.Dir(path)); err == nil && len(entries) > 1 {
			leftovers++
		}
	}
	t.Logf("%d of %d kills left a temporary file", leftovers, kills)
	if err := Write(path, &File{}); err != nil {
		t.Fatal(err)
	}
	onlyFile(t, path, "")
}

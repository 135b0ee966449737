package machine

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/tests/catalogue"
)

// wide has few weights and large attention maps, 1025 tokens and 8 heads: 34 MB
// an image in its first block, so that the batch decides the memory. (The last
// block computes the CLS token's row alone.)
var wide = robustvit.Variant{Name: "wide", ImageSize: 64, Patch: 2, Width: 16, Depth: 2, Heads: 8, MLP: 32, Classes: 4, PrefixTokens: 1,
	Mean: [3]float32{.5, .5, .5}, Std: [3]float32{.5, .5, .5}}

// capped runs the command on XLA's processor backend with so much address space.
func capped(t *testing.T, bytes int, args ...string) catalogue.Outcome {
	t.Helper()
	line := fmt.Sprintf(`ulimit -v %d; exec "$@"`, bytes>>10)
	cmd := exec.Command("sh", append([]string{"-c", line, "sh", catalogue.Command(t)}, args...)...)
	return onXLA(t, cmd)
}

// unlimited runs it with all the memory there is.
func unlimited(t *testing.T, args ...string) catalogue.Outcome {
	t.Helper()
	return onXLA(t, exec.Command(catalogue.Command(t), args...))
}

func onXLA(t *testing.T, cmd *exec.Cmd) catalogue.Outcome {
	t.Helper()
	var out, words strings.Builder
	cmd.Stdout, cmd.Stderr = &out, &words
	cmd.Env = append(os.Environ(), "GOMLX_BACKEND=xla:cpu", "NO_COLOR=1", "XLA_FLAGS=", "PJRT_PLUGIN_LIBRARY_PATH="+filepath.Dir(cpuPlugin(t)))
	if err := cmd.Run(); cmd.ProcessState == nil {
		t.Fatal(err)
	}
	return catalogue.Outcome{Code: cmd.ProcessState.ExitCode(), Out: out.String(), Err: words.String()}
}

// reserved is the address space that the command takes, which depends on the
// number of cores: most of it is never touched.
func reserved(t *testing.T, args ...string) int {
	t.Helper()
	cmd := exec.Command(catalogue.Command(t), args...)
	done, most := make(chan bool), 0
	go func() {
		defer close(done)
		for {
			if cmd.Process != nil {
				most = max(most, peakSpace(cmd.Process.Pid))
			}
			select {
			case <-done:
				return
			case <-time.After(2 * time.Millisecond):
			}
		}
	}()
	o := onXLA(t, cmd)
	done <- true
	<-done
	if o.Code != 0 {
		t.Fatal(o)
	}
	return most
}

// peakSpace is VmPeak in bytes, 0 once the process has ended.
func peakSpace(pid int) (bytes int) {
	f, err := os.Open(fmt.Sprintf("/proc/%d/status", pid))
	if err != nil {
		return 0
	}
	defer f.Close()
	for lines := bufio.NewScanner(f); lines.Scan(); {
		if n, _ := fmt.Sscanf(lines.Text(), "VmPeak: %d kB", &bytes); n == 1 {
			return bytes << 10
		}
	}
	return 0
}

// microBatch is what an error proposes.
var microBatch = regexp.MustCompile(`--micro-batch (\d+)`)

// TestDeviceMemory limits the address space so that a large batch has no room:
// XLA's own allocation fails, as it does on a full GPU.
func TestDeviceMemory(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("limits the address space")
	}
	cpuPlugin(t)
	dir := t.TempDir()
	model, data := writeModel(t, filepath.Join(dir, "wide.safetensors"), wide, nil, nil), writeData(t, filepath.Join(dir, "data"))
	start := func(run string, more ...string) []string {
		return append([]string{"finetune", "--weights", model, "--data", data, "--preset", "embedded", "--keep", "all", "--per-class", "4", "--save-every", "1",
			"--dir", filepath.Join(dir, run)}, more...)
	}
	room := reserved(t, start("room", "--epochs", "1", "--batch", "1")...) + 1<<30
	t.Logf("room %d MiB", room>>20)

	catalogue.Case(t, "N4", "in step 1", func(t *testing.T) {
		goesOn(t, room, "training step 1: ", 16, start("first", "--epochs", "1", "--batch", "16"))
		whole(t, filepath.Join(dir, "first"))
	})
	catalogue.Case(t, "N4", "in a later step", func(t *testing.T) {
		if o := unlimited(t, start("later", "--epochs", "1", "--batch", "16")...); o.Code != 0 {
			t.Fatal(o)
		}
		goesOn(t, room, "training step 2: ", 16, start("later", "--epochs", "2", "--batch", "16"))
		whole(t, filepath.Join(dir, "later"))
	})
	catalogue.Case(t, "N4", "in evaluation", func(t *testing.T) {
		want := evaluated(t, unlimited(t, "evaluate", "--weights", model, "--data", data, "--dir", filepath.Join(dir, "all")))
		o := capped(t, room-1<<29, "evaluate", "--weights", model, "--data", data, "--dir", filepath.Join(dir, "little"))
		if got := evaluated(t, o); got != want || !strings.Contains(o.Err, "ran out of memory") || !strings.Contains(o.Err, "going on with batch size") {
			t.Errorf("%s, expected the table of all the memory there is:\n%s\n%s", o, got, want)
		}
	})
	catalogue.Case(t, "N4", "pretraining", func(t *testing.T) {
		run := filepath.Join(dir, "pretrained")
		o := capped(t, room-1<<29, "pretrain", "--data", data, "--size", "64", "--patch", "2", "--width", "16", "--depth", "2", "--heads", "8",
			"--steps", "1", "--batch", "16", "--out", run)
		catalogue.CheckRefused(t, o, "training step 1: ", "bytes", "batch size 16", "--batch 8 in another folder")
		absent(t, filepath.Join(run, "weights.safetensors"))
	})
}

// goesOn follows the errors' proposals until the run fits.
func goesOn(t *testing.T, room int, step string, batch int, command []string) {
	t.Helper()
	at := batch
	for range 8 {
		o := capped(t, room, command...)
		if o.Code == 0 {
			if at == batch {
				t.Fatal("the whole batch fits: the test shows nothing")
			}
			return
		}
		catalogue.CheckRefused(t, o, step, "the device ran out of memory asking for ", "bytes", fmt.Sprintf("batch size %d", at), "goes on from the last checkpoint")
		proposed := microBatch.FindStringSubmatch(o.Err)
		if proposed == nil {
			t.Fatalf("no smaller part is proposed: %s", o.Err)
		}
		var next int
		fmt.Sscan(proposed[1], &next)
		if next != at/2 {
			t.Fatalf("%d proposed after %d", next, at)
		}
		at, command = next, append(command, "--micro-batch", proposed[1])
	}
	t.Fatal("no part fits")
}

// whole demands a finished run.
func whole(t *testing.T, run string) {
	t.Helper()
	for _, name := range []string{"done.json", "weights.safetensors"} {
		if _, err := os.Stat(filepath.Join(run, name)); err != nil {
			t.Error(err)
		}
	}
}

// evaluated is the table of an evaluation.
func evaluated(t *testing.T, o catalogue.Outcome) string {
	t.Helper()
	table, _, found := strings.Cut(o.Out, "\nwrote ")
	if o.Code != 0 || !found {
		t.Fatal(o)
	}
	return table
}

// TestDeviceMemoryWords: how other devices say it.
func TestDeviceMemoryWords(t *testing.T) {
	for _, c := range []struct {
		name, words string
		batch       int
		want        string
	}{
		{"a GPU's allocator", "RESOURCE_EXHAUSTED: Out of memory while trying to allocate 17179869184 bytes.", 8,
			"the device ran out of memory asking for 17179869184 bytes at batch size 8; try batch size 4"},
		{"a GPU's driver", "CUDA_ERROR_OUT_OF_MEMORY: out of memory", 1,
			"the device ran out of memory at batch size 1; use a smaller model or another device"},
		{"no batch", "Out of memory allocating 2.5GiB", 0,
			"the device ran out of memory asking for 2.5GiB; use a smaller model or another device"},
	} {
		catalogue.Case(t, "N4", c.name, func(t *testing.T) {
			device := errors.New(c.words)
			err := backend.Guard(c.batch, func() error { return device })
			if err == nil || err.Error() != c.want || !errors.Is(err, device) {
				t.Errorf("%v, expected %q", err, c.want)
			}
			if again := backend.Guard(99, func() error { return err }); again != err {
				t.Errorf("said twice: %v", again)
			}
			if err := backend.Guard(c.batch, func() error { panic(device) }); !errors.Is(err, device) {
				t.Errorf("a panic with the device's error became %v", err)
			}
		})
	}
}

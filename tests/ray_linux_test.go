package tests

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/janpfeifer/must"
	"github.com/robustvit/workbench/internal/machines"
)

// rayNode is a Ray node of this machine: every process that belongs to it, and
// every line that runs on it, has its mark in the environment.
type rayNode struct{ mark string }

const markName = "ROBUSTVIT_TEST_NODE"

// startRay starts a node with one core. It is gone when the test ends.
func startRay(t *testing.T, python, name string, args ...string) rayNode {
	t.Helper()
	n := rayNode{fmt.Sprintf("%s=%s-%d", markName, name, os.Getpid())}
	t.Cleanup(func() { n.kill(t) })
	cmd := exec.CommandContext(t.Context(), filepath.Join(filepath.Dir(python), "ray"), append([]string{"start", "--num-cpus=1", "--object-store-memory=80000000", "--disable-usage-stats"}, args...)...)
	cmd.Env = append(os.Environ(), n.mark, "RAY_USAGE_STATS_ENABLED=0", "RAY_DISABLE_IMPORT_WARNING=1")
	mustRun(t, cmd)
	return n
}

// processes are the node's that live.
func (n rayNode) processes() []int {
	var pids []int
	for _, file := range must.M1(filepath.Glob("/proc/[0-9]*/environ")) {
		content, _ := os.ReadFile(file) // of others, or gone
		if slices.ContainsFunc(bytes.Split(content, []byte{0}), func(entry []byte) bool { return string(entry) == n.mark }) {
			pids = append(pids, must.M1(strconv.Atoi(strings.Split(file, "/")[2])))
		}
	}
	return pids
}

// kill ends the node as a power cut would: all at once, until none is left.
func (n rayNode) kill(t *testing.T) {
	t.Helper()
	for range 100 {
		pids := n.processes()
		if len(pids) == 0 {
			return
		}
		for _, pid := range pids {
			_ = syscall.Kill(pid, syscall.SIGKILL) // it may have ended meanwhile
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Errorf("processes of the Ray node are left: %v", n.processes())
}

// rayCluster starts two nodes and returns the head's address and the other node.
func rayCluster(t *testing.T, python string) (address string, other rayNode) {
	t.Helper()
	port := must.M1(net.Listen("tcp", "127.0.0.1:0"))
	address = port.Addr().String()
	must.M(port.Close())
	dir := must.M1(os.MkdirTemp("", "ray")) // its sockets' paths must be short
	t.Cleanup(func() { os.RemoveAll(dir) })
	_, number, _ := strings.Cut(address, ":")
	startRay(t, python, "head", "--head", "--node-ip-address=127.0.0.1", "--port="+number, "--include-dashboard=false", "--temp-dir="+dir)
	return address, startRay(t, python, "other", "--node-ip-address=127.0.0.1", "--address="+address)
}

// TestSweepOnRay runs a sweep on a cluster of two nodes of which one is killed
// while it finetunes: every model is finetuned once, the interrupted one goes on
// from its checkpoint, and the results are those of one process, to the byte.
func TestSweepOnRay(t *testing.T) {
	python, err := machines.FindRay(t.Context(), must.M1(filepath.Abs("..")))
	switch {
	case err != nil && os.Getenv("ROBUSTVIT_REQUIRE") != "":
		t.Fatal(err)
	case err != nil:
		t.Skip(err)
	case testing.Short():
		t.Skip("starts a Ray cluster")
	}
	const epochs = 170 // of two steps: one checkpoint at step 200, some way before the end
	w := newWorkplace(t)
	names := []string{"mask-rule"}
	mustRun(t, w.sweep(t, "one", epochs, names...))
	address, other := rayCluster(t, python)
	sweep := w.sweep(t, "ray", epochs, append(names, "--ray", address, "--lines", "model")...)
	sweep.Env = append(sweep.Env, machines.RayPython+"="+python)
	var said bytes.Buffer
	sweep.Stdout, sweep.Stderr = &said, &said
	must.M(sweep.Start())
	ended := make(chan error, 1)
	go func() { ended <- sweep.Wait() }()
	point := w.checkpointOn(t, other, "ray", ended, &said)
	other.kill(t)
	if err := <-ended; err != nil {
		t.Fatalf("the sweep on Ray: %v\n%s", err, said.String())
	}
	w.compare(t, "one", "ray", names)
	w.checkStarts(t, "ray", point, 2*epochs)
	if logs := w.logs(t, "ray"); !strings.Contains(logs, "going on from the checkpoint of step 200") {
		t.Errorf("the interrupted model did not go on from its checkpoint; its lines printed\n%s", logs)
	}
}

// checkpointOn waits until the node finetunes a model that has a checkpoint, and
// returns its folder. The node is killed right after, before the model is done.
func (w workplace) checkpointOn(t *testing.T, n rayNode, sweep string, ended <-chan error, said *bytes.Buffer) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute)
	defer cancel()
	for tick := time.Tick(10 * time.Millisecond); ; {
		select {
		case err := <-ended:
			t.Fatalf("the sweep ended before the node was killed: %v\n%s", err, said.String())
		case <-ctx.Done():
			t.Fatal("no model on the second node got as far as a checkpoint")
		case <-tick:
		}
		for _, folder := range must.M1(filepath.Glob(filepath.Join(w.dir, sweep, "points", "*", "tuned", "checkpoints", "step-*"))) {
			tuned := filepath.Dir(filepath.Dir(folder))
			var owner struct{ PID int }
			text, _ := os.ReadFile(filepath.Join(tuned, "lock"))
			if _, err := os.Stat(filepath.Join(tuned, "done.json")); err == nil || json.Unmarshal(text, &owner) != nil {
				continue
			}
			if slices.Contains(n.processes(), owner.PID) {
				return tuned
			}
		}
	}
}

// checkStarts: each model's log has each step once, and all were finetuned in one
// go but the interrupted one, which went on from its checkpoint.
func (w workplace) checkStarts(t *testing.T, sweep, interrupted string, steps int) {
	t.Helper()
	tuned := must.M1(filepath.Glob(filepath.Join(w.dir, sweep, "points", "*", "tuned")))
	if len(tuned) < 5 {
		t.Fatalf("only %d finetuned models", len(tuned))
	}
	for _, folder := range tuned {
		if got := numbers(t, filepath.Join(folder, "log.jsonl"), "step"); len(got) != steps || got[0] != 1 || !slices.IsSorted(got) || len(slices.Compact(got)) != steps {
			t.Errorf("%s: its log has the steps %v, expected 1 to %d", folder, got, steps)
		}
		want := 1
		if folder == interrupted {
			want = 2
		}
		if got := len(numbers(t, filepath.Join(folder, "environment.jsonl"), "step")); got != want {
			t.Errorf("%s was started %d times, expected %d", folder, got, want)
		}
	}
}

// logs are what the lines of a plan printed.
func (w workplace) logs(t *testing.T, sweep string) string {
	t.Helper()
	var all strings.Builder
	for _, file := range must.M1(filepath.Glob(filepath.Join(w.dir, sweep, "plan", machines.LogsFolder, "*.txt"))) {
		all.Write(must.M1(os.ReadFile(file)))
	}
	return all.String()
}

// numbers are a field of a file's JSON lines.
func numbers(t *testing.T, path, field string) []int {
	t.Helper()
	var all []int
	for line := range strings.SplitSeq(strings.TrimSpace(string(must.M1(os.ReadFile(path)))), "\n") {
		var object map[string]any
		must.M(json.Unmarshal([]byte(line), &object))
		all = append(all, int(object[field].(float64)))
	}
	return all
}

package tests

import (
	"bytes"
	"context"
	"fmt"
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
	number := freePort()
	address = fmt.Sprintf("127.0.0.1:%d", number)
	dir := must.M1(os.MkdirTemp("", "ray")) // its sockets' paths must be short
	t.Cleanup(func() { os.RemoveAll(dir) })
	startRay(t, python, "head", "--head", "--node-ip-address=127.0.0.1", fmt.Sprintf("--port=%d", number), "--include-dashboard=false", "--temp-dir="+dir)
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
	w := newWorkplace(t)
	names := []string{"mask-rule"}
	mustRun(t, w.sweep(t, "one", interruptibleEpochs, names...))
	address, other := rayCluster(t, python)
	sweep := w.sweep(t, "ray", interruptibleEpochs, append(names, "--ray", address, "--lines", "model")...)
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
	w.checkStarts(t, "ray", point, 2*interruptibleEpochs)
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
		for folder, pid := range w.interruptible(sweep) {
			if slices.Contains(n.processes(), pid) {
				return folder
			}
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

package machine

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// memoryGroup makes a control group below this process's own, of either
// version, and returns its folder and the name of its limit.
func memoryGroup(t *testing.T) (dir, limit string) {
	t.Helper()
	own, err := os.ReadFile("/proc/self/cgroup")
	if err != nil {
		t.Skip(err)
	}
	for line := range strings.Lines(string(own)) {
		fields := strings.SplitN(strings.TrimSpace(line), ":", 3)
		for _, v := range []struct{ controller, root, limit string }{
			{"memory", "/sys/fs/cgroup/memory", "memory.limit_in_bytes"}, {"", "/sys/fs/cgroup", "memory.max"},
		} {
			if len(fields) != 3 || fields[1] != v.controller {
				continue
			}
			dir := filepath.Join(v.root, fields[2], fmt.Sprintf("robustvit-test-%d", os.Getpid()))
			if os.Mkdir(dir, 0o755) != nil {
				continue
			}
			t.Cleanup(func() { os.Remove(dir) })
			if _, err := os.Stat(filepath.Join(dir, v.limit)); err == nil {
				return dir, v.limit
			}
		}
	}
	t.Skip("no control group of memory may be made here")
	return "", ""
}

// underGroup has the system end the command at a limit of real memory. That no
// program can answer; the run folder is whole, and the same command goes on.
func underGroup(t *testing.T, dir, model, images string) {
	group, limit := memoryGroup(t)
	set := func(bytes int) {
		if err := os.WriteFile(filepath.Join(group, limit), fmt.Append(nil, bytes), 0o644); err != nil {
			t.Skip(err)
		}
	}
	inside := fmt.Sprintf("echo $$ > %s", filepath.Join(group, "cgroup.procs"))
	catalogue.Case(t, "N5", "the cache in a control group", func(t *testing.T) {
		set(1 << 30)
		if free, cache := freeUnder(t, inside); free > 1<<30 || cache != max(free/4, 64<<20) {
			t.Errorf("%d MiB free in a group of 1024, %d for the cache", free>>20, cache>>20)
		}
	})
	command := func(run string) []string {
		return []string{"finetune", "--weights", model, "--data", images, "--keep", "all", "--per-class", "4", "--epochs", "200", "--batch", "4", "--save-every", "1", "--watch", "--dir", run}
	}
	whole := filepath.Join(dir, "whole")
	if o := catalogue.Run(t, nil, command(whole)...); o.Code != 0 {
		t.Fatal(o)
	}
	for i, mib := range []int{9, 10, 11} {
		catalogue.Case(t, "N5", fmt.Sprintf("ended by the system at %d MiB", mib), func(t *testing.T) {
			set(mib << 20)
			run := filepath.Join(dir, fmt.Sprint("ended-", i))
			cmd := exec.Command("sh", append([]string{"-c", inside + `; exec "$@"`, "sh", catalogue.Command(t)}, command(run)...)...)
			o := outcomeOf(t, cmd, "GOMLX_BACKEND=go")
			if t.Logf("in the group: exit code %d", o.Code); i == 0 && o.Code != -1 {
				t.Errorf("the limit did not bind: %s", o)
			}
			if o = catalogue.Run(t, nil, command(run)...); o.Code != 0 {
				t.Fatal(o)
			}
			sameFiles(t, whole, run)
		})
	}
}

package tests

import (
	"bytes"
	"errors"
	"fmt"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/janpfeifer/must"
)

// slurm is a cluster of this machine: one node of two cores, with a key of its own.
type slurm struct{ dir string }

// slurmMissing is why no cluster can be started here.
func slurmMissing() error {
	for _, program := range []string{"munged", "slurmctld", "slurmd", "sbatch", "squeue", "scontrol"} {
		if _, err := exec.LookPath(program); err != nil {
			return fmt.Errorf("no Slurm here: %w (Debian: apt-get install slurmctld slurmd slurm-client munge)", err)
		}
	}
	if os.Getuid() != 0 {
		return errors.New("Slurm's daemons are started by root alone")
	}
	for _, address := range must.M1(net.InterfaceAddrs()) {
		if network, ok := address.(*net.IPNet); ok && !network.IP.IsLoopback() && network.IP.To4() != nil {
			return nil
		}
	}
	return errors.New("Slurm finds no address where there is loopback alone")
}

// startSlurm starts the daemons in the foreground; they end with the test.
func startSlurm(t *testing.T) slurm {
	t.Helper()
	s := slurm{must.M1(os.MkdirTemp("", "slurm"))} // its socket's path must be short
	t.Cleanup(func() { os.RemoveAll(s.dir) })
	for _, name := range []string{"state", "spool"} {
		must.M(os.Mkdir(filepath.Join(s.dir, name), 0o755))
	}
	host := must.M1(os.Hostname())
	host, _, _ = strings.Cut(host, ".")
	must.M(os.WriteFile(filepath.Join(s.dir, "key"), bytes.Repeat([]byte("test"), 32), 0o400))
	must.M(os.WriteFile(filepath.Join(s.dir, "slurm.conf"), []byte(fmt.Sprintf(`ClusterName=test
SlurmctldHost=%[2]s(127.0.0.1)
SlurmctldPort=%[3]d
SlurmdPort=%[4]d
AuthType=auth/munge
AuthInfo=socket=%[1]s/munge
SlurmUser=root
SlurmdUser=root
StateSaveLocation=%[1]s/state
SlurmdSpoolDir=%[1]s/spool
SlurmctldPidFile=%[1]s/controller.pid
SlurmdPidFile=%[1]s/node.pid
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
JobAcctGatherType=jobacct_gather/none
SchedulerParameters=sched_interval=1
ReturnToService=2
NodeName=%[2]s NodeAddr=127.0.0.1 CPUs=2 State=UNKNOWN
PartitionName=all Nodes=ALL Default=YES State=UP
`, s.dir, host, freePort(), freePort())), 0o644))
	s.daemon(t, "munged", "--foreground", "--force", "--key-file="+s.dir+"/key", "--socket="+s.dir+"/munge", "--pid-file="+s.dir+"/munge.pid",
		"--log-file="+s.dir+"/munge.log", "--seed-file="+s.dir+"/seed")
	s.daemon(t, "slurmctld", "-D")
	s.daemon(t, "slurmd", "-D", "-N", host)
	s.until(t, "the node is idle", func() bool { return strings.Contains(s.ask("sinfo", "--noheader", "--format=%T"), "idle") })
	return s
}

// daemon starts one and ends it with the test.
func (s slurm) daemon(t *testing.T, program string, args ...string) {
	t.Helper()
	cmd := exec.Command(program, args...)
	var said bytes.Buffer
	cmd.Env, cmd.Stdout, cmd.Stderr = append(os.Environ(), s.conf()), &said, &said
	must.M(cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Kill() // it may have ended
		_ = cmd.Wait()
		if t.Failed() {
			t.Logf("%s printed\n%s", program, said.String())
		}
	})
}

// conf tells Slurm's programs which cluster.
func (s slurm) conf() string { return "SLURM_CONF=" + filepath.Join(s.dir, "slurm.conf") }

// ask is what a command of Slurm prints; errors too.
func (s slurm) ask(program string, args ...string) string {
	cmd := exec.Command(program, args...)
	cmd.Env = append(os.Environ(), s.conf())
	text, _ := cmd.CombinedOutput() // an error's text tells
	return string(text)
}

// until looks ten times a second, for four minutes at most.
func (s slurm) until(t *testing.T, what string, done func() bool) {
	t.Helper()
	start := time.Now()
	for !done() {
		if time.Sleep(100 * time.Millisecond); time.Since(start) > 4*time.Minute {
			t.Fatalf("not within four minutes: %s\n%s%s", what, s.ask("sinfo"), s.ask("squeue", "--array", "--start"))
		}
	}
	t.Logf("%s after %.1f s", what, time.Since(start).Seconds())
}

// submit hands a plan in.
func (s slurm) submit(t *testing.T, w workplace, sweep string) {
	t.Helper()
	cmd := w.command(t, "bash", filepath.Join(w.dir, sweep, "plan", "submit.sh"), "--comment=test")
	cmd.Env = append(cmd.Env, s.conf())
	mustRun(t, cmd)
}

func (s slurm) empty() bool { return strings.TrimSpace(s.ask("squeue", "--noheader")) == "" }

// TestSweepOnSlurm submits a plan to a real Slurm, which takes a finetuning off
// its node after its first checkpoint and starts it again: every model is
// finetuned once, and the results are those of one process, to the byte. A line
// that fails keeps the stages after it from starting.
func TestSweepOnSlurm(t *testing.T) {
	if err := slurmMissing(); err != nil {
		t.Skip(err)
	}
	if testing.Short() {
		t.Skip("starts Slurm")
	}
	w, names := newWorkplace(t), []string{"mask-rule"}
	mustRun(t, w.sweep(t, "one", interruptibleEpochs, names...))
	for _, sweep := range []string{"slurm", "failing"} {
		mustRun(t, w.sweep(t, sweep, interruptibleEpochs, append(names, "--slurm", "--lines", "model")...))
	}
	s := startSlurm(t)
	s.submit(t, w, "slurm")
	var point, job string
	s.until(t, "a model has a checkpoint", func() bool {
		point, job = w.task("slurm")
		return job != ""
	})
	if text := s.ask("scontrol", "requeue", job); text != "" {
		t.Fatalf("requeue %s: %s", job, text)
	}
	s.until(t, "the task waits again", func() bool {
		return strings.Contains(s.ask("squeue", "--noheader", "--jobs="+job, "--format=%T"), "PENDING")
	})
	s.ask("scontrol", "update", "JobId="+job, "StartTime=now") // else it waits for two minutes
	s.until(t, "every line is done", s.empty)
	w.compare(t, "one", "slurm", names)
	w.checkStarts(t, "slurm", point, 2*interruptibleEpochs)

	must.M(os.Rename(w.model, w.model+".away"))
	s.submit(t, w, "failing")
	s.until(t, "the queue is empty after a failed stage", s.empty)
	if made := must.M1(filepath.Glob(filepath.Join(w.dir, "failing", names[0], "results.json"))); len(made) > 0 {
		t.Error("the last stage ran though the first one failed")
	}
}

// task is the folder of a model that Slurm finetunes and that has a checkpoint,
// and the task's number.
func (w workplace) task(sweep string) (folder, task string) {
	for folder, pid := range w.interruptible(sweep) {
		content, _ := os.ReadFile(fmt.Sprintf("/proc/%d/environ", pid)) // of a process that may be gone
		environment := map[string]string{}
		for entry := range strings.SplitSeq(string(content), "\x00") {
			key, value, _ := strings.Cut(entry, "=")
			environment[key] = value
		}
		if array := environment["SLURM_ARRAY_JOB_ID"]; array != "" {
			return folder, array + "_" + environment["SLURM_ARRAY_TASK_ID"]
		}
	}
	return "", ""
}

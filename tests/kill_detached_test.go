package tests

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/tests/catalogue"
)

// K8: the parent of a run dies, or the run does: there is never a second
// writer, and the run, or the same command, ends with the unbroken bytes.
func TestKillParent(t *testing.T) {
	k := theKit(t)
	args := k.finetuning(trainedEpochs)
	want := k.unbroken(t, "run", args...)
	cases := []struct {
		name string
		test func(t *testing.T, dir string, life *life)
	}{
		{"of a detached run", func(t *testing.T, dir string, l *life) { l.parentDies(t); l.ends(t) }},
		{"of a plain run", func(t *testing.T, dir string, l *life) { l.parentDies(t); l.ends(t) }},
		{"detached run", func(t *testing.T, dir string, l *life) {
			l.signal(t, syscall.SIGKILL)
			l.parent.Wait(t)
			works(t, dir, nil, args...)
		}},
		{"stopped by name", func(t *testing.T, dir string, l *life) {
			l.signal(t, syscall.SIGCONT)
			o := catalogue.RunIn(t, dir, nil, "stop", "run")
			if l.parent.Wait(t); o.Code != 0 && !strings.Contains(o.Err, "nothing to stop") {
				t.Errorf("stop: %v", o)
			}
			catalogue.CheckRefused(t, catalogue.RunIn(t, dir, nil, "stop", "run"), "nothing to stop", "run")
			works(t, dir, nil, "finetune", "--resume", "--dir", "run")
		}},
	}
	for i := range max(catalogue.Cases("K8"), len(cases)) {
		c := cases[i%len(cases)]
		catalogue.Case(t, "K8", fmt.Sprintf("%s %d", c.name, i), func(t *testing.T) {
			for range tries {
				dir := k.place(t)
				l, caught := begin(t, dir, c.name == "of a plain run", args)
				if !caught {
					continue // it was done by then
				}
				l.refusesAnother(t, args)
				c.test(t, dir, l)
				sameEnd(t, want, filepath.Join(dir, "run"))
				return
			}
			t.Fatalf("the run was done before it was looked at, %d times", tries)
		})
	}
}

// life is a run that a parent started, held by SIGSTOP.
type life struct {
	dir    string
	parent *catalogue.Process
	writer *run.Owner
}

// begin starts the run, detached or by a shell, and holds it once it trains.
func begin(t *testing.T, dir string, plain bool, args []string) (*life, bool) {
	t.Helper()
	program, detached := catalogue.Command(t), append(args[:len(args):len(args)], "--detach")
	if plain {
		program, detached = "/bin/sh", append([]string{"-c", `"$0" "$@"; exit $?`, program}, args...)
	}
	l := &life{dir: dir, parent: catalogue.StartProgram(t, program, dir, nil, detached...)}
	training := logged(dir, 1)
	for range 100_000 {
		if l.writer == nil {
			l.writer, _ = run.Writer(filepath.Join(dir, "run")) // an error is another process's moment
		}
		if l.writer != nil && training() || l.done() {
			break
		}
		time.Sleep(look)
	}
	if l.writer == nil {
		o := l.parent.Wait(t)
		if !l.done() {
			t.Fatalf("nobody writes the run: %v", o)
		}
		return l, false
	}
	l.signal(t, syscall.SIGSTOP)
	t.Cleanup(func() { _ = syscall.Kill(l.writer.PID, syscall.SIGKILL) }) // where the test failed
	if l.done() {
		l.signal(t, syscall.SIGCONT)
		l.parent.Wait(t)
		return l, false
	}
	return l, true
}

// done says whether the run has finished.
func (l *life) done() bool {
	_, err := os.Stat(filepath.Join(l.dir, "run", run.DoneFile))
	return err == nil
}

func (l *life) signal(t *testing.T, s syscall.Signal) {
	t.Helper()
	if err := syscall.Kill(l.writer.PID, s); err != nil && err != syscall.ESRCH {
		t.Fatal(err)
	}
}

// parentDies kills the process that started the run, and shows that the run
// still has its folder.
func (l *life) parentDies(t *testing.T) {
	t.Helper()
	if err := l.parent.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	if o := l.parent.Cmd; o.Process.Pid == l.writer.PID {
		t.Fatal("the run is its own parent: the test shows nothing")
	}
	if now, err := run.Writer(filepath.Join(l.dir, "run")); err != nil || now == nil || now.PID != l.writer.PID {
		t.Errorf("the writer is now %v, %v; expected process %d", now, err, l.writer.PID)
	}
}

// refusesAnother demands that a second writer is turned away by the first one's process.
func (l *life) refusesAnother(t *testing.T, args []string) {
	t.Helper()
	for _, more := range [][]string{nil, {"--detach"}} {
		o := catalogue.RunIn(t, l.dir, nil, append(args[:len(args):len(args)], more...)...)
		catalogue.CheckRefused(t, o, "is being written by process", fmt.Sprint(l.writer.PID))
	}
}

// ends lets the run go on by itself to its end.
func (l *life) ends(t *testing.T) {
	t.Helper()
	l.signal(t, syscall.SIGCONT)
	for range 100_000 {
		if now, err := run.Writer(filepath.Join(l.dir, "run")); err == nil && now == nil && l.done() {
			return
		}
		time.Sleep(look)
	}
	t.Error("the run did not end by itself")
}

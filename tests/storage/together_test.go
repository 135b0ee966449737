package storage

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"

	"github.com/robustvit/workbench/internal/whole"
	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/tests/catalogue"
)

// running starts a finetuning that does not end by itself, and returns once it
// has saved. It is stopped with the test.
func (f tiny) running(t *testing.T, dir string) *catalogue.Process {
	t.Helper()
	p := catalogue.Start(t, "", nil, f.slow(dir)...)
	t.Cleanup(func() { p.Process.Kill(); p.Cmd.Wait() })
	waitFor(t, filepath.Join(dir, "checkpoints", "step-*"))
	return p
}

// While one finetuning writes its folder every other writer is refused by the
// first one's process, and readers are safe.
func TestSecondCommandAtARunsFolder(t *testing.T) {
	f := theTiny(t)
	dir := filepath.Join(t.TempDir(), "run")
	first := f.running(t, dir)
	busy := []string{dir, "is being written by", fmt.Sprintf("process %d", first.Process.Pid), "use another folder"}
	for _, c := range []struct {
		name  string
		args  []string
		words []string // of the error; none where it works
	}{
		{"the same finetuning", f.slow(dir), busy},
		{"resumed by name", []string{"finetune", "--resume", "--dir", dir}, busy},
		{"a finetuning of its own", append(f.slow(dir), "--detach"), busy},
		{"another finetuning", f.finetune(dir, "--seed", "5"), busy},
		{"an evaluation into it", f.evaluate(dir), busy},
		{"masks into it", []string{"masks", "--weights", f.path("base"), "--data", f.path("data"), "--out", dir}, busy},
		{"an evaluation of it", []string{"evaluate", "--weights", dir, "--data", f.path("data"), "--dir", dir + "-eval"}, []string{dir, "has not finished"}},
		{"an export of it", []string{"export", "--run", dir, "--out", dir + "-out"}, []string{dir, "has not finished"}},
		{"an export into it", []string{"export", "--run", f.path("whole"), "--out", dir}, []string{dir, "choose a new or empty folder"}},
		{"its report", []string{"report", dir}, nil},
		{"an inspection", []string{"inspect", dir}, nil},
	} {
		catalogue.Case(t, "S7", c.name, func(t *testing.T) {
			o := catalogue.Run(t, nil, c.args...)
			if len(c.words) > 0 {
				catalogue.CheckRefused(t, o, c.words...)
			} else if o.Code != 0 {
				t.Error(o)
			}
		})
	}
	catalogue.Case(t, "S7", "the first goes on", func(t *testing.T) {
		if err := first.Process.Signal(syscall.Signal(0)); err != nil {
			t.Fatal(err)
		}
		must(t, first.Process.Kill())
		first.Cmd.Wait()
		wantCheckpoint(t, dir, 4)
		r, err := run.Create(dir, nil) // the lock is free: only the config is another
		if err == nil || !strings.Contains(err.Error(), "another config") {
			t.Errorf("after the writer's death: %v, %v", r, err)
		}
	})
}

// A lock file that a dead process left stops nobody, whoever has its number now.
func TestStaleLock(t *testing.T) {
	f := theTiny(t)
	for name, text := range map[string]string{
		"of a living process": fmt.Sprintf(`{"pid":%d,"host":"elsewhere","started":"2020-01-01T00:00:00Z"}`, os.Getpid()),
		"reused by the first": `{"pid":1,"host":"here","started":"2020-01-01T00:00:00Z"}`,
		"torn":                `{"pid":12`, "empty": "",
	} {
		catalogue.Case(t, "S7", "stale lock, "+name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "run")
			must(t, os.Mkdir(dir, 0o755))
			write(t, filepath.Join(dir, "lock"), []byte(text))
			works(t, f.finetune(dir)...)
			f.endsAs(t, dir)
		})
	}
	catalogue.Case(t, "S7", "within one process", func(t *testing.T) {
		dir := t.TempDir()
		r := opened(t, run.Disk{}, dir)
		_, err := run.Create(dir, toySettings(), "epochs")
		host, _ := os.Hostname()
		if err == nil || !strings.Contains(err.Error(), fmt.Sprintf("is being written by process %d on %s", os.Getpid(), host)) {
			t.Error(err)
		}
		must(t, r.Close())
		must(t, r.Close()) // twice is fine
		opened(t, run.Disk{}, dir)
	})
}

// The same command three times at the same moment: each ends well or is refused by
// the other's process, and what is left is what one alone leaves.
func TestAtOnce(t *testing.T) {
	f := theTiny(t)
	demo := []string{"demo", "--offline", "--model", f.path("base"), "--data", f.path("data"), "--keep", "all", "--per-class", "4", "--epochs", "2", "--dir", "OUT"}
	for _, c := range []struct {
		name string
		args []string
	}{
		{"finetune", f.finetune("OUT")},
		{"evaluate", f.evaluate("OUT")},
		{"masks", []string{"masks", "--weights", f.path("base"), "--data", f.path("data"), "--out", "OUT"}},
		{"demo", demo},
		{"export", []string{"export", "--run", f.path("whole"), "--out", "OUT"}},
		{"convert", []string{"convert", f.path("whole/weights.safetensors"), "--out", "OUT"}},
		{"data shift", []string{"data", "shift", f.path("data/val"), "--out", "OUT"}},
	} {
		catalogue.Case(t, "S7", "at once, "+c.name, func(t *testing.T) {
			at := t.TempDir()
			args := replaced(c.args, "OUT", filepath.Join(at, "out"))
			works(t, args...)
			alone := result(t, filepath.Join(at, "out"))
			must(t, os.RemoveAll(filepath.Join(at, "out")))
			ends := atOnce(t, args, args, args)
			ended := 0
			for _, o := range ends {
				if o.Code == 0 {
					ended++
				} else {
					catalogue.CheckRefused(t, o, "being written by process")
				}
			}
			if ended == 0 {
				t.Error("all were refused")
			}
			sameResult(t, alone, filepath.Join(at, "out"))
		})
	}
	catalogue.Case(t, "S7", "reports at once", func(t *testing.T) {
		dir := filepath.Join(t.TempDir(), "run")
		must(t, os.CopyFS(dir, os.DirFS(f.path("whole"))))
		works(t, "report", dir)
		page := result(t, filepath.Join(dir, "report.html"))
		report := []string{"report", dir}
		for _, o := range atOnce(t, report, report, report) {
			if o.Code != 0 {
				t.Error(o)
			}
		}
		sameResult(t, page, filepath.Join(dir, "report.html"))
		must(t, os.Remove(filepath.Join(dir, "report.html")))
		f.endsAs(t, dir)
	})
}

// atOnce runs the commands at the same time.
func atOnce(t *testing.T, commands ...[]string) []catalogue.Outcome {
	t.Helper()
	var group sync.WaitGroup
	ends := make([]catalogue.Outcome, len(commands))
	for i, args := range commands {
		p := catalogue.Start(t, "", nil, args...)
		group.Go(func() { ends[i] = p.Wait(t) })
	}
	group.Wait()
	return ends
}

// A run that starts removes what the dead left in its folder, but not what
// somebody who needs no lock, such as a report, is writing there.
func TestStartWhileAPageIsWritten(t *testing.T) {
	catalogue.Case(t, "S7", "a run starts while a page is written", func(t *testing.T) {
		dir := t.TempDir()
		dead := filepath.Join(dir, ".weights.safetensors.tmp")
		write(t, dead, []byte("half"))
		page := filepath.Join(dir, run.ReportFile)
		err := whole.Write(page, func(w io.Writer) error {
			must(t, opened(t, run.Disk{}, dir).Close())
			_, err := io.WriteString(w, "page")
			return err
		})
		if text, readErr := os.ReadFile(page); err != nil || readErr != nil || string(text) != "page" {
			t.Errorf("the page: %v, %v, %q", err, readErr, text)
		}
		if _, err := os.Stat(dead); err == nil {
			t.Error("a dead writer's file was not removed")
		}
	})
}

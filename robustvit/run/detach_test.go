package run

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestWriter: who writes a folder is known while it does, and only then.
func TestWriter(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	expect := func(when string, pid int) {
		t.Helper()
		o, err := Writer(dir)
		switch {
		case err != nil:
			t.Fatalf("%s: %v", when, err)
		case (o == nil) != (pid == 0) || o != nil && o.PID != pid:
			t.Errorf("%s: %v, want process %d", when, o, pid)
		case o != nil && (!o.Here() || o.Since() > time.Minute):
			t.Errorf("%s: %v is not here, or old", when, o)
		}
	}
	expect("before there is a folder", 0)
	r, err := Create(dir, map[string]int{"a": 1})
	if err != nil {
		t.Fatal(err)
	}
	expect("while it is written", os.Getpid())
	if _, err := Detach(dir, exec.Command("true")); err == nil || !strings.Contains(err.Error(), "is being written by process") {
		t.Errorf("detached into a folder that is being written: %v", err)
	}
	if err := r.Close(); err != nil {
		t.Fatal(err)
	}
	expect("after it was closed", 0)
	if err := os.WriteFile(filepath.Join(dir, lockFile), []byte(`{"pid":1,"host":"h","started":""}`), 0o644); err != nil {
		t.Fatal(err)
	}
	expect("after a kill left the owner's name", 0)
	if _, err := Stop(dir, time.Second); err == nil || !strings.Contains(err.Error(), "nothing to stop") {
		t.Errorf("stopped nobody: %v", err)
	}
}

func TestDetach(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "run")
	d, err := Detach(dir, exec.Command("sh", "-c", "echo begun; exec sleep 60"))
	if err != nil {
		t.Fatal(err)
	}
	defer Stop(dir, 5*time.Second)
	if err := d.Began(300 * time.Millisecond); err != nil {
		t.Errorf("a command that runs: %v", err)
	}
	if o, err := Writer(dir); err != nil || o == nil || o.PID != d.PID {
		t.Errorf("the writer is %v, %v; want process %d", o, err, d.PID)
	}
	if said := LastOutput(dir); said != "begun" {
		t.Errorf("the last line is %q", said)
	}
	if _, err := Detach(dir, exec.Command("true")); err == nil || !strings.Contains(err.Error(), "robustvit stop "+dir) {
		t.Errorf("a second one: %v", err)
	}
	if o, err := Stop(dir, 5*time.Second); err != nil || o.PID != d.PID {
		t.Errorf("stop: %v, %v", o, err)
	}
	if o, err := Writer(dir); err != nil || o != nil {
		t.Errorf("stopped, and %v writes (%v)", o, err)
	}
	// The same folder serves the next one, whose output comes behind.
	d, err = Detach(dir, exec.Command("sh", "-c", "echo no such file >&2; exit 3"))
	if err != nil {
		t.Fatal(err)
	}
	if err := d.Began(5 * time.Second); err == nil || !strings.HasPrefix(err.Error(), "no such file") {
		t.Errorf("a command that fails at once: %v", err)
	}
	if text, _ := os.ReadFile(d.Output); strings.Count(string(text), "-- ") != 2 || !strings.Contains(string(text), "begun") {
		t.Errorf("the output is %q", text)
	}
	r, err := Create(dir, map[string]int{"a": 1})
	if err != nil {
		t.Fatalf("a folder that holds an output alone is refused: %v", err)
	}
	r.Close()
}

// TestDetachRefusesOtherFolders: nobody wants a run among their photographs.
func TestDetachRefusesOtherFolders(t *testing.T) {
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, "cat.jpg"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Detach(dir, exec.Command("true")); err == nil || !strings.Contains(err.Error(), "cat.jpg") {
		t.Errorf("got %v", err)
	}
}

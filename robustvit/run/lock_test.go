package run

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func TestSecondWriterIsRefused(t *testing.T) {
	dir := t.TempDir()
	r := mustCreate(t, dir)
	_, err := Create(dir, testSettings(), "epochs")
	host, _ := os.Hostname()
	for _, want := range []string{"is being written by", fmt.Sprintf("process %d on %s", os.Getpid(), host)} {
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("got %v, want %q", err, want)
		}
	}
	r.Close()
	if err := r.Close(); err != nil {
		t.Errorf("closing twice: %v", err)
	}
	mustCreate(t, dir)
}

// A killed writer's lock file stays, with its process id; it stops nobody.
func TestStaleLockFile(t *testing.T) {
	dir := t.TempDir()
	stale := fmt.Sprintf(`{"pid":%d,"host":"elsewhere","started":"2020-01-01T00:00:00Z"}`, os.Getppid())
	if err := os.WriteFile(dir+"/lock", []byte(stale), 0o644); err != nil {
		t.Fatal(err)
	}
	mustCreate(t, dir)
}

func TestOtherProcessHoldsTheLock(t *testing.T) {
	dir := t.TempDir()
	p := spawn(t, dir, childSteps+"=1000000")
	<-p.first
	_, err := Create(dir, testSettings())
	if want := fmt.Sprintf("process %d on", p.Process.Pid); err == nil || !strings.Contains(err.Error(), want) {
		t.Errorf("got %v, want %q", err, want)
	}
	p.Process.Kill()
	p.wait()
	if r, err := Create(dir, testSettings()); err != nil {
		t.Errorf("after the writer's death: %v", err)
	} else {
		r.Close()
	}
}

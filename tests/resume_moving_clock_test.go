package tests

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// movingClocks are what is added to the seconds of the wall clock at its n-th reading.
var movingClocks = []struct{ name, seconds string }{
	{"back a day and forth again at each reading", "n % 2 * -86400"},
	{"ten years ahead at the hundredth reading", "n / 100 * 315360000"},
	{"an hour back at each reading", "n * -3600"},
}

// K15 with -long: the command is built with a time.Now whose wall clock jumps
// between two readings. What is killed and resumed by it ends as ever.
func TestResumeOnAMovingClock(t *testing.T) {
	if !catalogue.Long() {
		t.Skip("builds the standard library anew: with -long")
	}
	k := theKit(t)
	for _, clock := range movingClocks {
		program := commandOnClock(t, clock.seconds)
		for _, c := range []struct {
			point string // where it is killed
			args  []string
		}{
			{"log.jsonl-write:9", k.finetuning(6)},
			{"results.json-open:1", k.evaluation("evaluate")},
		} {
			want := k.unbroken(t, "run", c.args...)
			catalogue.Case(t, "K15", c.args[0]+", the running clock goes "+clock.name, func(t *testing.T) {
				dir := k.place(t)
				if o := catalogue.StartProgram(t, program, dir, []string{"ROBUSTVIT_KILL_AT=" + c.point}, c.args...).Wait(t); o.Signal != syscall.SIGKILL {
					t.Fatalf("not killed at %s: %v", c.point, o)
				}
				if o := catalogue.StartProgram(t, program, dir, nil, c.args...).Wait(t); o.Code != 0 {
					t.Fatal(o)
				}
				sameEnd(t, want, filepath.Join(dir, "run"))
			})
		}
	}
}

// commandOnClock builds the command that kills itself, with a clock of its own.
func commandOnClock(t *testing.T, seconds string) string {
	t.Helper()
	const now = "func Now() Time {\n\tsec, nsec, mono := runtimeNow()\n"
	original := filepath.Join(runtime.GOROOT(), "src", "time", "time.go")
	source, err := os.ReadFile(original)
	if err != nil {
		t.Fatal(err)
	}
	before, after, found := strings.Cut(string(source), now)
	if !found {
		t.Fatalf("%s has another Now than this test knows: adapt the test", original)
	}
	changed := before + "var readings int64 // a race does no harm\n\n" + now + "\tn := readings\n\treadings++\n\tsec += " + seconds + "\n" + after
	dir := t.TempDir()
	replaced, overlay, program := filepath.Join(dir, "time.go"), filepath.Join(dir, "overlay.json"), filepath.Join(dir, "robustvit")
	list, err := json.Marshal(map[string]any{"Replace": map[string]string{original: replaced}})
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range map[string]string{replaced: changed, overlay: string(list)} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-overlay", overlay, "-tags", "failpoints", "-o", program, "github.com/robustvit/workbench/cmd/robustvit")
	if text, err := build.CombinedOutput(); err != nil {
		t.Fatal(fmt.Errorf("%w\n%s", err, text))
	}
	return program
}

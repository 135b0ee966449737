package tests

import (
	"encoding/json"
	"fmt"
	"os"
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
	program := commandOnClock(t)
	for i, clock := range movingClocks {
		env := []string{fmt.Sprint("ROBUSTVIT_CLOCK=", i)}
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
				if o := catalogue.StartProgram(t, program, dir, append(env, "ROBUSTVIT_KILL_AT="+c.point), c.args...).Wait(t); o.Signal != syscall.SIGKILL {
					t.Fatalf("not killed at %s: %v", c.point, o)
				}
				if o := catalogue.StartProgram(t, program, dir, env, c.args...).Wait(t); o.Code != 0 {
					t.Fatal(o)
				}
				sameEnd(t, want, filepath.Join(dir, "run"))
			})
		}
	}
}

// commandOnClock builds the command that kills itself, with wall clocks by the
// number in ROBUSTVIT_CLOCK.
func commandOnClock(t *testing.T) string {
	t.Helper()
	const now = "func Now() Time {\n\tsec, nsec, mono := runtimeNow()\n"
	source := filepath.Join(runtime.GOROOT(), "src", "time")
	text, err := os.ReadFile(filepath.Join(source, "time.go"))
	if err != nil {
		t.Fatal(err)
	}
	before, after, found := strings.Cut(string(text), now)
	if !found {
		t.Fatalf("%s has another Now than this test knows: adapt the test", source)
	}
	clocks := "package time\n\nimport \"syscall\"\n\nvar clock, _ = syscall.Getenv(\"ROBUSTVIT_CLOCK\")\nvar readings int64 // a race does no harm\n\n" +
		"func jump() int64 {\n\tn := readings\n\treadings++\n\tswitch clock {\n"
	for i, c := range movingClocks {
		clocks += fmt.Sprintf("\tcase \"%d\":\n\t\treturn %s\n", i, c.seconds)
	}
	clocks += "\t}\n\treturn 0\n}\n"
	dir, replace := t.TempDir(), map[string]string{}
	for name, text := range map[string]string{"time.go": before + now + "\tsec += jump()\n" + after, "robustvit_clock.go": clocks} {
		path := filepath.Join(dir, name)
		replace[filepath.Join(source, name)] = path
		write(t, path, text)
	}
	list, err := json.Marshal(map[string]any{"Replace": replace})
	if err != nil {
		t.Fatal(err)
	}
	overlay := filepath.Join(dir, "overlay.json")
	write(t, overlay, string(list))
	program := filepath.Join(dir, "robustvit")
	catalogue.Build(t, program, "-overlay", overlay, "-tags", "failpoints")
	return program
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

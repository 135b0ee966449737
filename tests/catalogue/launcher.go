package catalogue

import (
	"encoding/gob"
	"io"
	"os"
	"os/exec"
	"sync"
	"testing"
)

// A child of this process starts with its peak of memory, whatever it uses
// itself. So commands whose memory is measured are started by a second, small
// process of the test binary, which [Main] turns into a launcher.

// launchVariable is set in the launcher's environment.
const launchVariable = "ROBUSTVIT_CATALOGUE_LAUNCHER"

// order is one command to start.
type order struct {
	Program string
	Args    []string
	Env     []string
}

// answer is its outcome, or why there is none.
type answer struct {
	Outcome Outcome
	Fault   string
}

// launch obeys orders until the input ends.
func launch(in io.Reader, out io.Writer) {
	orders, answers := gob.NewDecoder(in), gob.NewEncoder(out)
	for {
		var o order
		if orders.Decode(&o) != nil {
			return
		}
		p := &Process{Cmd: exec.Command(o.Program, o.Args...)}
		p.Env = o.Env
		p.Stdout, p.Stderr = &p.out, &p.err
		var a answer
		err := p.Cmd.Start()
		if err == nil {
			a.Outcome, err = p.outcome()
		}
		if err != nil {
			a.Fault = err.Error()
		}
		if answers.Encode(a) != nil {
			return
		}
	}
}

// launcher is the second process.
var launcher struct {
	sync.Mutex
	orders  *gob.Encoder
	answers *gob.Decoder
	end     func() // ends it
}

// measured is [Run] with a peak of memory that is the command's own.
func measured(t testing.TB, args ...string) Outcome {
	t.Helper()
	program := Command(t)
	launcher.Lock()
	defer launcher.Unlock()
	if launcher.orders == nil {
		startLauncher(t)
	}
	if err := launcher.orders.Encode(order{program, args, environment(nil)}); err != nil {
		t.Fatal("catalogue: the launcher:", err)
	}
	var a answer
	if err := launcher.answers.Decode(&a); err != nil {
		t.Fatal("catalogue: the launcher:", err)
	}
	if a.Fault != "" {
		t.Fatal(a.Fault)
	}
	return a.Outcome
}

func startLauncher(t testing.TB) {
	t.Helper()
	cmd := exec.Command(os.Args[0])
	cmd.Env = append(os.Environ(), launchVariable+"=1")
	cmd.Stderr = os.Stderr
	in, err := cmd.StdinPipe()
	if err != nil {
		t.Fatal(err)
	}
	out, err := cmd.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	launcher.orders, launcher.answers = gob.NewEncoder(in), gob.NewDecoder(out)
	launcher.end = func() {
		in.Close()
		cmd.Wait()
	}
}

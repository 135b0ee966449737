package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// Detached is a command that runs on by itself.
type Detached struct {
	Owner
	Output string `json:"output"` // its file in the run folder
	ended  chan error
}

// Detach starts the command that writes the run folder dir in a session of its
// own, so that it outlives the terminal or notebook that called, and returns at
// once. What it prints goes to the end of output.txt in the folder, which stays
// locked while it runs: a second one is refused, and so is one whose folder
// another process writes.
func Detach(dir string, command *exec.Cmd) (*Detached, error) {
	if writer, err := Writer(dir); err != nil || writer != nil {
		if err == nil {
			err = errors.New(busy(dir, writer.String()))
		}
		return nil, err
	}
	if err := makeDurable(Disk{}, filepath.Clean(dir)); err != nil {
		return nil, fmt.Errorf("run folder %s cannot be made: %w; choose another place", dir, err)
	}
	if err := mustBeRunFolder(dir); err != nil {
		return nil, err
	}
	d := &Detached{Output: filepath.Join(dir, OutputFile), ended: make(chan error, 1)}
	f, err := os.OpenFile(d.Output, os.O_RDWR|os.O_CREATE|os.O_APPEND, 0o644)
	if err != nil {
		return nil, fmt.Errorf("detach: %w", err)
	}
	defer f.Close() // the child has it too, and with it the lock
	if err := flock(f); errors.Is(err, errLocked) {
		return nil, errors.New(busy(dir, "another process"))
	} else if err != nil && !errors.Is(err, errors.ErrUnsupported) {
		return nil, fmt.Errorf("detach: lock %s: %w", d.Output, err)
	}
	fmt.Fprintf(f, "-- %s: %s\n", time.Now().Format(time.RFC3339), strings.Join(command.Args[1:], " "))
	command.Stdin, command.Stdout, command.Stderr, command.SysProcAttr = nil, f, f, ownSession()
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("detach: %w", err)
	}
	go func() { d.ended <- command.Wait() }()
	host, _ := os.Hostname()
	d.Owner = Owner{command.Process.Pid, host, time.Now().Format(time.RFC3339)}
	text, _ := json.Marshal(d.Owner)
	if err := os.WriteFile(filepath.Join(dir, detachedFile), append(text, '\n'), 0o644); err != nil {
		return d, fmt.Errorf("detach: process %d runs, but cannot be noted: %w", d.PID, err)
	}
	return d, nil
}

// Began waits a moment for what goes wrong at once, such as a file that is not
// there: the error is then the last line that the command printed. It returns
// nil when the command still runs, or has ended well.
func (d *Detached) Began(patience time.Duration) error {
	select {
	case err := <-d.ended:
		if err == nil {
			return nil
		}
		said := LastOutput(filepath.Dir(d.Output))
		if said == "" {
			said = err.Error()
		}
		return fmt.Errorf("%s; its output is %s", said, d.Output)
	case <-time.After(patience):
		return nil
	}
}

// LastOutput is the last line that a detached command printed into the run
// folder, "" where there is none.
func LastOutput(dir string) string {
	text, err := os.ReadFile(filepath.Join(dir, OutputFile))
	if err != nil {
		return ""
	}
	lines := strings.Split(strings.TrimSpace(string(text)), "\n")
	if last := strings.TrimSpace(lines[len(lines)-1]); !strings.HasPrefix(last, "-- ") {
		return last
	}
	return ""
}

func busy(dir, who string) string {
	return fmt.Sprintf("run folder %s is being written by %s; wait for it, stop it (robustvit stop %s), or use another folder", dir, who, dir)
}

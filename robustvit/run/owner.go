package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
	"time"
)

// Owner is the process that writes a run folder.
type Owner struct {
	PID     int    `json:"pid"`
	Host    string `json:"host"`
	Started string `json:"started"` // RFC 3339
}

// String is "process 12 on host since 2026-11-25T03:00:00Z".
func (o Owner) String() string {
	return fmt.Sprintf("process %d on %s since %s", o.PID, o.Host, o.Started)
}

// Since is how long ago the process took the folder, 0 where that is not known.
func (o Owner) Since() time.Duration {
	started, err := time.Parse(time.RFC3339, o.Started)
	if err != nil {
		return 0
	}
	return time.Since(started)
}

// Here says whether the process is on this machine.
func (o Owner) Here() bool {
	host, err := os.Hostname()
	return err == nil && host == o.Host
}

// Writer is the process that writes the folder, or that was started detached
// and has not opened it yet; nil where nobody does. It needs no lock itself.
func Writer(dir string) (*Owner, error) {
	for _, name := range []string{lockFile, OutputFile} {
		held, text, err := heldFile(filepath.Join(dir, name))
		if err != nil {
			return nil, err
		}
		if !held {
			continue
		}
		if name == OutputFile { // what it holds is the command's output
			if text, err = os.ReadFile(filepath.Join(dir, detachedFile)); err != nil {
				continue // it has just been started
			}
		}
		var o Owner
		if json.Unmarshal(text, &o) != nil {
			continue // it has just been taken
		}
		return &o, nil
	}
	return nil, nil
}

// heldFile says whether another process has the file locked, and what it holds.
func heldFile(path string) (held bool, text []byte, err error) {
	f, err := os.Open(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil, nil
	}
	if err != nil {
		return false, nil, fmt.Errorf("look at the lock %s: %w", path, cause(err))
	}
	defer f.Close()
	if text, err = os.ReadFile(path); err != nil || len(text) == 0 {
		return false, nil, err // given back
	}
	switch err := flockShared(f); {
	case errors.Is(err, errLocked), errors.Is(err, errors.ErrUnsupported): // where there are no locks its text must do
		return true, text, nil
	case err != nil:
		return false, nil, fmt.Errorf("look at the lock %s: %w", path, err)
	}
	return false, nil, unlock(f)
}

// Stop asks the folder's writer to end, as Ctrl-C would, and waits until it
// has; the run can then go on by the command that started it. It returns who
// that was.
func Stop(dir string, patience time.Duration) (Owner, error) {
	o, err := Writer(dir)
	switch {
	case err != nil:
		return Owner{}, err
	case o == nil:
		return Owner{}, fmt.Errorf("nothing to stop: no process writes the run folder %s; it has ended, or is another folder's", dir)
	case !o.Here():
		return *o, fmt.Errorf("run folder %s is being written by %s; stop it on that machine", dir, o)
	}
	process, err := os.FindProcess(o.PID)
	if err == nil {
		err = process.Signal(syscall.SIGTERM)
	}
	if err != nil {
		return *o, fmt.Errorf("stop %s, which writes %s: %w", o, dir, err)
	}
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(50 * time.Millisecond) {
		if now, err := Writer(dir); err != nil || now == nil || now.PID != o.PID {
			return *o, err
		}
	}
	return *o, fmt.Errorf("%s still writes %s %v after it was asked to stop; wait, or end it by: kill -9 %d", o, dir, patience, o.PID)
}

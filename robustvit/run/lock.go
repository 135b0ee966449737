package run

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

var errLocked = errors.New("locked")

// Busy is the error of a run folder that another process writes.
type Busy struct{ Dir, Owner string }

// Error says who writes it.
func (b *Busy) Error() string {
	return fmt.Sprintf("run folder %s is being written by %s; wait for it, stop it, or use another folder", b.Dir, b.Owner)
}

// acquire takes the folder's lock. The kernel lets go of it when the process
// dies, so a file left behind by a killed run stops nobody.
func (r *Run) acquire() error {
	path := r.Path(lockFile)
	f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
	if err != nil {
		return r.fail("write", lockFile, err)
	}
	err = flock(f)
	for range 5 { // whoever asks for the writer holds it for a moment
		if !errors.Is(err, errLocked) {
			break
		}
		time.Sleep(10 * time.Millisecond)
		err = flock(f)
	}
	switch {
	case errors.Is(err, errLocked):
		defer f.Close()
		return &Busy{Dir: r.dir, Owner: whoHolds(f)}
	case errors.Is(err, errors.ErrUnsupported):
		r.warnings = append(r.warnings, fmt.Sprintf("the file system of %s has no locks: "+
			"make sure that no other process writes this run", r.dir))
	case err != nil:
		f.Close()
		return r.fail("lock", lockFile, err)
	}
	owner := ownerLine()
	if err = f.Truncate(0); err == nil {
		_, err = f.WriteAt(owner, 0)
	}
	if err != nil {
		f.Close()
		return r.fail("write", lockFile, err)
	}
	r.lock, r.owner = f, owner
	return nil
}

// ownerLine is this process as lock files name it.
func ownerLine() []byte {
	host, _ := os.Hostname()
	text, _ := json.Marshal(Owner{os.Getpid(), host, time.Now().Format(time.RFC3339)})
	return append(text, '\n')
}

// release empties the lock file and lets go. The file stays: removing it could
// take away a lock that another process has just taken. Closing alone is not
// enough: a child that is being started shares the open file until its exec.
func (r *Run) release() error {
	if r.lock == nil {
		return nil
	}
	f := r.lock
	r.lock = nil
	return errors.Join(f.Truncate(0), unlock(f), f.Close())
}

func whoHolds(f io.ReaderAt) string {
	text, _ := io.ReadAll(io.NewSectionReader(f, 0, 4096))
	var o Owner
	if json.Unmarshal(text, &o) != nil {
		return "another process"
	}
	return o.String()
}

package run

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/robustvit/workbench/weights"
)

// Resume finds where the run goes on: the newest checkpoint that verifies, and
// log.jsonl cut back to what it held then. A new run gives a nil state and an
// empty log. Damaged checkpoints newer than the one used are set aside and
// named in the warnings; if none verifies the error says why for each, and
// nothing is moved or deleted. Resume comes before the first Append or
// SaveCheckpoint.
func (r *Run) Resume() (state *weights.File, at Checkpoint, warnings []string, err error) {
	if err := r.writable(); err != nil {
		return nil, Checkpoint{}, nil, err
	}
	state, at, bad, err := r.newest()
	if err != nil {
		return nil, Checkpoint{}, nil, err
	}
	for _, b := range bad {
		aside, err := r.setAside(b.step)
		if err != nil {
			return nil, Checkpoint{}, nil, err
		}
		r.warnings = append(r.warnings, fmt.Sprintf("checkpoint %s is damaged (%v): going on from %s; the damaged one is kept as %s",
			stepName(b.step), b.reason, stepName(at.Step), aside))
	}
	if err := r.openLog(at.LogBytes); err != nil {
		return nil, Checkpoint{}, nil, err
	}
	if state != nil {
		r.savedStep = at.Step
	}
	// A kill between a save and its pruning leaves one too many.
	if err := r.prune(); err != nil {
		r.warnings = append(r.warnings, err.Error())
	}
	warnings, r.warnings = r.warnings, nil
	return state, at, warnings, nil
}

// Latest reads the newest checkpoint that verifies, without changing the
// folder. The state is nil if there is no checkpoint yet; damaged ones that
// were passed over are named in the warnings.
func (r *Run) Latest() (state *weights.File, at Checkpoint, warnings []string, err error) {
	state, at, bad, err := r.newest()
	for _, b := range bad {
		warnings = append(warnings, fmt.Sprintf("checkpoint %s is damaged (%v): using %s",
			stepName(b.step), b.reason, stepName(at.Step)))
	}
	return state, at, warnings, err
}

// badCheckpoint is one that did not verify, and why.
type badCheckpoint struct {
	step   int
	reason error
}

func (r *Run) newest() (*weights.File, Checkpoint, []badCheckpoint, error) {
	steps, err := r.steps()
	if err != nil || len(steps) == 0 {
		return nil, Checkpoint{}, nil, err
	}
	var bad []badCheckpoint
	for i := len(steps) - 1; i >= 0; i-- {
		dir := r.Path(filepath.Join(checkpointsDir, stepName(steps[i])))
		at, err := r.verify(dir, steps[i])
		var state *weights.File
		if err == nil {
			state, err = weights.Read(filepath.Join(dir, stateFile))
		}
		if err == nil {
			return state, at, bad, nil
		}
		bad = append(bad, badCheckpoint{steps[i], err})
	}
	var reasons []string
	for _, b := range bad {
		reasons = append(reasons, fmt.Sprintf("%s: %v", stepName(b.step), b.reason))
	}
	return nil, Checkpoint{}, nil, fmt.Errorf("no checkpoint in %s can be used:\n  %s\n"+
		"restore one of them, or start in another folder; nothing was deleted",
		r.Path(checkpointsDir), strings.Join(reasons, "\n  "))
}

// setAside renames a damaged checkpoint so that its step can be saved again.
func (r *Run) setAside(step int) (string, error) {
	name := filepath.Join(checkpointsDir, stepName(step))
	for i := 1; ; i++ {
		aside := filepath.Join(checkpointsDir, badPrefix+stepName(step))
		if i > 1 {
			aside = fmt.Sprintf("%s-%d", aside, i)
		}
		if _, err := os.Lstat(r.Path(aside)); err == nil {
			continue
		}
		if err := r.files.Rename(r.Path(name), r.Path(aside)); err != nil {
			return "", r.fail("set aside", name, err)
		}
		if err := r.files.SyncDir(r.Path(checkpointsDir)); err != nil {
			return "", r.fail("set aside", name, err)
		}
		return aside, nil
	}
}

// sweep removes what a killed writer left under dot names, but for files that
// somebody who needs no lock, such as a report, is writing now. Failing to is no
// fault: the next write of the same name replaces it.
func (r *Run) sweep() {
	for _, dir := range []string{".", checkpointsDir, recordsDir} {
		entries, err := r.files.ReadDir(r.Path(dir))
		if err != nil {
			continue
		}
		for _, e := range entries {
			n, path := e.Name(), filepath.Join(r.Path(dir), e.Name())
			if strings.HasPrefix(n, ".") && strings.HasSuffix(n, tmpSuffix) && !(e.Type().IsRegular() && isHeld(path)) {
				r.files.RemoveAll(path)
			}
		}
	}
}

// isHeld says whether a living process has the file locked.
func isHeld(path string) bool {
	f, err := os.Open(path)
	if err != nil {
		return false
	}
	defer f.Close()
	return errors.Is(flock(f), errLocked)
}

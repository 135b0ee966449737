package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// Kinds of runs, as config.json names them.
const (
	kindMain        = "main"
	kindExplanation = "explain"
	kindMasks       = "masks"
	kindFinetuning  = "finetune"
	kindPretraining = "pretrain"
	kindPoint       = "point" // a model of a sweep
)

// kindOrder is the order of the kinds on a page over many runs.
var kindOrder = []string{kindMain, kindExperiment, kindEvaluation, kindExplanation, kindMasks, kindFinetuning, kindPretraining, kindBench}

// deepestRun is how many folders below the root a run may lie: runs/sweep/NAME
// is two.
const deepestRun = 3

// runFolder is one run below the root.
type runFolder struct {
	path string // relative to the root, with slashes
	kind string
}

// foundRuns is what a folder holds: the runs by kind, then name, the points of
// sweeps, which are counted alone, and the folders that cannot be read.
type foundRuns struct {
	runs   []runFolder
	points int
	faults []error
}

// findRuns looks for runs in the folders of root. A run's own folders are not
// looked into: what they hold is part of it. Links are not followed.
func findRuns(root string) (foundRuns, error) {
	var found foundRuns
	if err := found.look(root, ".", 1); err != nil {
		return found, fmt.Errorf("report: read folder %s: %w", root, cause(err))
	}
	slices.SortFunc(found.runs, func(a, b runFolder) int {
		if d := slices.Index(kindOrder, a.kind) - slices.Index(kindOrder, b.kind); d != 0 {
			return d
		}
		return strings.Compare(a.path, b.path)
	})
	return found, nil
}

func (found *foundRuns) look(root, at string, depth int) error {
	all, err := os.ReadDir(inside(root, at))
	if err != nil {
		return err
	}
	for _, f := range all {
		if !f.IsDir() || strings.HasPrefix(f.Name(), ".") {
			continue
		}
		sub := path.Join(at, f.Name())
		if counted(f.Name()) {
			found.points += runsIn(inside(root, sub))
			continue
		}
		kind, err := kindOf(inside(root, sub))
		switch {
		case err != nil:
			found.faults = append(found.faults, fmt.Errorf("report: %w", err))
		case kind == kindPoint:
			found.points++
		case kind != "":
			found.runs = append(found.runs, runFolder{sub, kind})
		case depth < deepestRun:
			if err := found.look(root, sub, depth+1); err != nil {
				found.faults = append(found.faults, fmt.Errorf("report: read folder %s: %w", inside(root, sub), cause(err)))
			}
		}
	}
	return nil
}

// counted names the folders whose runs belong to another one: the models of a
// sweep, and the rates that a finetuning chose from.
func counted(name string) bool { return name == "points" || strings.HasSuffix(name, "-rates") }

func runsIn(dir string) int {
	configs, err := filepath.Glob(filepath.Join(globEscape(dir), "*", configFile))
	if err != nil {
		return 0
	}
	return len(configs)
}

// globEscape takes the meaning from the characters of a pattern.
func globEscape(dir string) string {
	return strings.NewReplacer(`*`, `[*]`, `?`, `[?]`, `[`, `[[]`).Replace(dir)
}

// kindOf is the kind of the run in dir, empty where there is none: by its
// config.json or, in a copy without one, by its results. An error is a file that
// cannot be read.
func kindOf(dir string) (string, error) {
	var c struct {
		Kind any `json:"kind"`
	}
	err := readJSON(dir, configFile, &c)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return "", err
	}
	if kind, ok := c.Kind.(string); ok && (kind == kindPoint || slices.Contains(kindOrder, kind)) {
		return kind, nil
	}
	var r struct {
		Kind   string            `json:"kind"`
		Models []json.RawMessage `json:"models"`
	}
	err = readJSON(dir, resultsFile, &r)
	switch {
	case err != nil && !errors.Is(err, os.ErrNotExist):
		return "", err
	case r.Kind == kindExperiment:
		return kindExperiment, nil
	case exists(dir, explanationFile):
		return kindExplanation, nil
	case exists(dir, masksFile):
		return kindMasks, nil
	case exists(dir, benchFile):
		return kindBench, nil
	case len(r.Models) > 0:
		return kindMain, nil
	}
	return "", nil
}

// exists tells whether the folder has such a regular file.
func exists(dir, name string) bool {
	info, err := os.Stat(inside(dir, name))
	return err == nil && info.Mode().IsRegular()
}

// finished tells whether the run came to its end.
func finished(dir, kind string) bool {
	if kind == kindPretraining {
		return exists(dir, weightsFile) // its evaluation is a run of its own
	}
	_, err := os.Stat(inside(dir, configFile))
	return exists(dir, doneFile) || errors.Is(err, fs.ErrNotExist) // a copy of results alone
}

// experimentsAlone tells whether there are experiments, all of them folders of
// the root, and nothing else.
func (found foundRuns) experimentsAlone() bool {
	for _, r := range found.runs {
		if r.kind != kindExperiment || strings.Contains(r.path, "/") {
			return false
		}
	}
	return len(found.runs) > 0
}

package storage

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/run"
	"github.com/robustvit/workbench/weights"
)

// Names of a checkpoint's parts, as package run documents them.
const (
	stateFile    = "state.safetensors"
	manifestFile = "manifest.json"
)

func checkpoint(dir string, step int, name string) string {
	return filepath.Join(dir, "checkpoints", stepName(step), name)
}

func stepName(step int) string { return fmt.Sprintf("step-%08d", step) }

// visible are the steps whose checkpoints a reader sees, oldest first.
func visible(dir string) (steps []int) {
	found, _ := filepath.Glob(filepath.Join(dir, "checkpoints", "step-*"))
	for _, path := range found {
		step, err := strconv.Atoi(strings.TrimPrefix(filepath.Base(path), "step-"))
		if err == nil {
			steps = append(steps, step)
		}
	}
	return steps
}

// sound reads a checkpoint by its documented format alone: the manifest's
// checksum, then the state's, then the tensors.
func sound(dir string, step int) error {
	text, err := os.ReadFile(checkpoint(dir, step, manifestFile))
	if err != nil {
		return err
	}
	var m struct {
		Checkpoint json.RawMessage
		SHA256     string
	}
	var at run.Checkpoint
	var compact bytes.Buffer
	if err := json.Unmarshal(text, &m); err != nil {
		return err
	}
	if err := json.Compact(&compact, m.Checkpoint); err != nil {
		return err
	}
	if sum(compact.Bytes()) != m.SHA256 {
		return fmt.Errorf("manifest of step %d: another checksum", step)
	}
	if err := json.Unmarshal(m.Checkpoint, &at); err != nil {
		return err
	}
	state, err := os.ReadFile(checkpoint(dir, step, stateFile))
	if err != nil {
		return err
	}
	if at.Step != step || len(at.Files) != 1 || at.Files[0] != (run.FileSum{Name: stateFile, Bytes: int64(len(state)), SHA256: sum(state)}) {
		return fmt.Errorf("state of step %d: manifest %+v", step, at)
	}
	_, err = weights.Read(checkpoint(dir, step, stateFile))
	return err
}

func sum(b []byte) string {
	s := sha256.Sum256(b)
	return hex.EncodeToString(s[:])
}

// wantCheckpoint fails unless the folder's newest checkpoint is sound and at
// least as new as the last one that was reported as saved.
func wantCheckpoint(t testing.TB, dir string, saved int) {
	t.Helper()
	if saved == 0 {
		return
	}
	r, err := run.Open(dir)
	if err != nil {
		t.Fatal(err)
	}
	_, at, warnings, err := r.Latest()
	if err != nil || len(warnings) > 0 || at.Step < saved {
		t.Errorf("step %d was reported as saved; found step %d, warnings %q, error %v", saved, at.Step, warnings, err)
	}
}

// tree is every file of a run folder that the contract covers, by name.
func tree(t *testing.T, dir string) map[string]string {
	t.Helper()
	all := map[string]string{}
	err := filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if path != dir && strings.HasPrefix(d.Name(), ".") {
			return fmt.Errorf("left behind: %s", path)
		}
		name, _ := filepath.Rel(dir, path)
		if d.IsDir() || name == "lock" {
			return nil
		}
		text, err := os.ReadFile(path)
		all[name] = string(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all
}

// sameTree fails unless the folders hold the same files with the same bytes.
func sameTree(t *testing.T, want map[string]string, dir string) {
	t.Helper()
	got := tree(t, dir)
	for name := range want {
		if text, ok := got[name]; !ok {
			t.Errorf("%s is missing", name)
		} else if text != want[name] {
			t.Errorf("%s differs from the unbroken run's", name)
		}
	}
	for name := range got {
		if _, ok := want[name]; !ok {
			t.Errorf("%s is not in the unbroken run", name)
		}
	}
}

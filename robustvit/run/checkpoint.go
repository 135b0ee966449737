package run

import (
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/robustvit/workbench/weights"
)

// format is the version of the checkpoint manifest.
const format = 1

const (
	stateFile         = "state.safetensors"
	stateManifestFile = "manifest.json"
	stepPrefix        = "step-"
	badPrefix         = ".bad-"
	tmpSuffix         = ".tmp"
)

// ErrPrune marks an error of [Run.SaveCheckpoint] after which the new
// checkpoint is safe: only an old one could not be removed.
var ErrPrune = errors.New("the checkpoint is saved, but an old one could not be removed")

// Checkpoint says where in the run a state was taken. Batch order and
// augmentation are functions of (seed, epoch, index), so these numbers are all
// that a resume needs besides the tensors.
type Checkpoint struct {
	Format int    `json:"format"` // set by SaveCheckpoint
	Step   int    `json:"step"`   // optimizer steps done
	Epoch  int    `json:"epoch"`  // epoch of the next step
	Batch  int    `json:"batch"`  // batch of the next step within its epoch
	Seed   uint64 `json:"seed"`
	// DataSHA256 is the fingerprint of the training samples.
	DataSHA256 string `json:"data_sha256,omitempty"`
	// Numbers is small state of the loop, such as its best loss so far.
	Numbers map[string]float64 `json:"numbers,omitempty"`

	ConfigSHA256 string    `json:"config_sha256"` // set by SaveCheckpoint, over the fields that must match
	LogBytes     int64     `json:"log_bytes"`     // set by SaveCheckpoint: length of log.jsonl
	Files        []FileSum `json:"files"`         // set by SaveCheckpoint
}

// FileSum is the size and checksum of one file of a checkpoint.
type FileSum struct {
	Name   string `json:"name"`
	Bytes  int64  `json:"bytes"`
	SHA256 string `json:"sha256"`
}

// SaveCheckpoint stores state as the checkpoint at.Step. When it returns nil
// the checkpoint is on the disk, was read back and compared, and older ones
// beyond Keep are gone. On an error the older checkpoints are untouched; see
// [ErrPrune] for the one error after a good save. A state with NaN or infinity
// is refused.
func (r *Run) SaveCheckpoint(at Checkpoint, state *weights.File) error {
	if err := r.inPlace(); err != nil {
		return err
	}
	if r.log == nil {
		return fmt.Errorf("save checkpoint in %s: call Resume first", r.dir)
	}
	name := filepath.Join(checkpointsDir, stepName(at.Step))
	// It would be whole but useless, and push out a good one.
	if err := state.CheckFinite(); err != nil {
		return r.fail("save", name, err)
	}
	at.Format, at.ConfigSHA256, at.LogBytes = format, r.configSum, r.logSize
	if err := r.mkdirs(checkpointsDir); err != nil {
		return r.fail("save", name, err)
	}
	tmp := r.Path(filepath.Join(checkpointsDir, "."+stepName(at.Step)+tmpSuffix))
	if err := r.store(tmp, at, state); err != nil {
		r.files.RemoveAll(tmp)
		return r.fail("save", name, err)
	}
	if err := r.publish(tmp, r.Path(name)); err != nil {
		return r.fail("save", name, err)
	}
	r.savedStep = at.Step
	if err := r.prune(); err != nil {
		return fmt.Errorf("%w: %w", ErrPrune, err)
	}
	return nil
}

// store writes one checkpoint under its dot name and verifies it there, so
// that a name without a dot only ever stands for a verified checkpoint.
func (r *Run) store(tmp string, at Checkpoint, state *weights.File) error {
	if err := r.files.RemoveAll(tmp); err != nil {
		return err
	}
	if err := r.files.Mkdir(tmp); err != nil {
		return err
	}
	sum := summer{hash: sha256.New()}
	err := r.writeSynced(filepath.Join(tmp, stateFile), func(w io.Writer) error {
		return weights.Encode(io.MultiWriter(w, &sum), state)
	})
	if err != nil {
		return fmt.Errorf("%s: %w", stateFile, cause(err))
	}
	at.Files = []FileSum{{stateFile, sum.bytes, sum.String()}}
	manifest, err := encodeManifest(at)
	if err != nil {
		return err
	}
	err = r.writeSynced(filepath.Join(tmp, stateManifestFile), func(w io.Writer) error {
		_, err := w.Write(manifest)
		return err
	})
	if err != nil {
		return fmt.Errorf("%s: %w", stateManifestFile, cause(err))
	}
	if err := r.files.SyncDir(tmp); err != nil {
		return err
	}
	if err := r.log.Sync(); err != nil { // the log must reach as far as the checkpoint
		return fmt.Errorf("%s: %w", LogFile, cause(err))
	}
	if _, err := r.verify(tmp, at.Step); err != nil {
		return fmt.Errorf("read back: %w", err)
	}
	return nil
}

// publish gives a verified checkpoint its name and makes that durable. A
// checkpoint of the same step makes way under a dot name first.
func (r *Run) publish(tmp, path string) error {
	if _, err := os.Lstat(path); err == nil {
		old := filepath.Join(filepath.Dir(path), ".old-"+filepath.Base(path)+tmpSuffix)
		if err := r.files.RemoveAll(old); err != nil {
			return err
		}
		if err := r.files.Rename(path, old); err != nil {
			return err
		}
		defer r.files.RemoveAll(old)
	}
	if err := r.files.Rename(tmp, path); err != nil {
		return err
	}
	return r.files.SyncDir(filepath.Dir(path))
}

// prune removes the checkpoints beyond Keep, under a dot name first: one that
// is half removed never looks like a checkpoint.
func (r *Run) prune() error {
	steps, err := r.steps()
	if err != nil {
		return err
	}
	keep := max(r.Keep, 2)
	for _, step := range steps[:max(0, len(steps)-keep)] {
		name := filepath.Join(checkpointsDir, stepName(step))
		gone := r.Path(filepath.Join(checkpointsDir, ".old-"+stepName(step)+tmpSuffix))
		if err := r.files.Rename(r.Path(name), gone); err != nil {
			return r.fail("remove", name, err)
		}
		if err := r.files.RemoveAll(gone); err != nil {
			return r.fail("remove", name, err)
		}
	}
	return nil
}

// steps lists the checkpoints by name, oldest first. The order is that of the
// steps, never of the clock.
func (r *Run) steps() ([]int, error) {
	entries, err := r.files.ReadDir(r.Path(checkpointsDir))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, r.fail("read", checkpointsDir, err)
	}
	var steps []int
	for _, e := range entries {
		digits, ok := strings.CutPrefix(e.Name(), stepPrefix)
		if n, err := strconv.Atoi(digits); ok && err == nil && n >= 0 && stepName(n) == e.Name() {
			steps = append(steps, n)
		}
	}
	slices.Sort(steps)
	return steps, nil
}

func stepName(step int) string { return fmt.Sprintf("%s%08d", stepPrefix, step) }

// summer counts and hashes what is written to it.
type summer struct {
	hash  hash.Hash
	bytes int64
}

func (s *summer) Write(p []byte) (int, error) {
	s.bytes += int64(len(p))
	return s.hash.Write(p)
}

func (s *summer) String() string { return hex.EncodeToString(s.hash.Sum(nil)) }

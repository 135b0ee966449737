package run

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

// sealed is manifest.json of a checkpoint: the checksum covers what is inside.
type sealed struct {
	Checkpoint json.RawMessage `json:"checkpoint"`
	SHA256     string          `json:"sha256"` // of the checkpoint as compact JSON
}

func encodeManifest(at Checkpoint) ([]byte, error) {
	text, err := json.Marshal(at)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	return indented(sealed{text, hex.EncodeToString(sum[:])})
}

func decodeManifest(text []byte) (Checkpoint, error) {
	var s sealed
	if err := json.Unmarshal(text, &s); err != nil {
		return Checkpoint{}, fmt.Errorf("%s is not whole JSON: %w", stateManifestFile, err)
	}
	var compact bytes.Buffer
	if err := json.Compact(&compact, s.Checkpoint); err != nil {
		return Checkpoint{}, fmt.Errorf("%s holds no checkpoint: %w", stateManifestFile, err)
	}
	sum := sha256.Sum256(compact.Bytes())
	if got := hex.EncodeToString(sum[:]); got != s.SHA256 {
		return Checkpoint{}, fmt.Errorf("%s was changed: SHA-256 %.12s, it says %.12q", stateManifestFile, got, s.SHA256)
	}
	var at Checkpoint
	if err := json.Unmarshal(s.Checkpoint, &at); err != nil {
		return Checkpoint{}, fmt.Errorf("%s: %w", stateManifestFile, err)
	}
	if at.Format != format {
		return Checkpoint{}, fmt.Errorf("%s has format %d, this program reads %d", stateManifestFile, at.Format, format)
	}
	return at, nil
}

// verify reads a whole checkpoint and compares it with its manifest. The error
// says what is wrong with it.
func (r *Run) verify(dir string, step int) (Checkpoint, error) {
	text, err := r.readCapped(filepath.Join(dir, stateManifestFile), 1<<20)
	if err != nil {
		return Checkpoint{}, fmt.Errorf("%s: %w", stateManifestFile, cause(err))
	}
	at, err := decodeManifest(text)
	if err != nil {
		return Checkpoint{}, err
	}
	if at.Step != step {
		return Checkpoint{}, fmt.Errorf("%s is of step %d", stateManifestFile, at.Step)
	}
	if r.configSum != "" && at.ConfigSHA256 != r.configSum {
		return Checkpoint{}, errors.New("it belongs to a run of another config")
	}
	if len(at.Files) != 1 || at.Files[0].Name != stateFile {
		return Checkpoint{}, fmt.Errorf("%s does not list %s", stateManifestFile, stateFile)
	}
	if err := r.verifyFile(filepath.Join(dir, stateFile), at.Files[0]); err != nil {
		return Checkpoint{}, fmt.Errorf("%s: %w", stateFile, cause(err))
	}
	return at, nil
}

func (r *Run) verifyFile(path string, want FileSum) error {
	if want.Bytes < 0 {
		return fmt.Errorf("the manifest says %d bytes", want.Bytes)
	}
	f, err := r.files.OpenFile(path, os.O_RDONLY)
	if err != nil {
		return err
	}
	defer f.Close()
	got := summer{hash: sha256.New()}
	// One byte more than announced is enough to see that the file is too long.
	if _, err := io.CopyBuffer(&got, io.LimitReader(f, want.Bytes+1), make([]byte, min(want.Bytes+1, 1<<20))); err != nil {
		return err
	}
	if got.bytes > want.Bytes {
		return fmt.Errorf("it is longer than the %d bytes in the manifest", want.Bytes)
	}
	if got.bytes != want.Bytes {
		return fmt.Errorf("%d bytes, the manifest says %d", got.bytes, want.Bytes)
	}
	if sum := got.String(); sum != want.SHA256 {
		return fmt.Errorf("SHA-256 %.12s, the manifest says %.12s", sum, want.SHA256)
	}
	return nil
}

func (r *Run) readCapped(path string, most int64) ([]byte, error) {
	f, err := r.files.OpenFile(path, os.O_RDONLY)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(text)) > most {
		err = fmt.Errorf("larger than %d bytes", most)
	}
	return text, err
}

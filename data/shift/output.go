package shift

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/robustvit/workbench/data"
)

// output is the folder that receives the sets.
type output struct{ dir string }

const configFile = "shift.json"

// settings decide every byte of the folder but for the images themselves.
type settings struct {
	Of    string   `json:"of"` // name of the set
	Kinds []string `json:"kinds"`
	Seed  uint64   `json:"seed"`
}

// claim makes the folder that of the job, or says why it cannot be.
func claim(job Job, kinds []Kind) (output, error) {
	o := output{job.Dir}
	s := settings{Of: job.Set.Name(), Seed: job.Seed}
	for _, k := range kinds {
		s.Kinds = append(s.Kinds, k.Name)
	}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return o, err
	}
	text = append(text, '\n')
	if err := os.MkdirAll(job.Dir, 0o755); err != nil {
		return o, fmt.Errorf("shift: %w; choose another folder", err)
	}
	path := filepath.Join(job.Dir, configFile)
	found, err := os.ReadFile(path)
	switch {
	case err == nil && bytes.Equal(found, text):
		// Unfinished until the list of the sets is written again.
		if err := os.Remove(filepath.Join(job.Dir, data.SetListFile)); err != nil && !errors.Is(err, fs.ErrNotExist) {
			return o, fmt.Errorf("shift: %w", err)
		}
		return o, nil
	case err == nil:
		return o, fmt.Errorf("shift: %s holds copies with other settings (%s differs); choose a new folder", job.Dir, configFile)
	case !errors.Is(err, fs.ErrNotExist):
		return o, fmt.Errorf("shift: %w; choose another folder", err)
	}
	entries, err := os.ReadDir(job.Dir)
	if err != nil {
		return o, fmt.Errorf("shift: %w", err)
	}
	for _, entry := range entries {
		if !strings.HasPrefix(entry.Name(), ".") { // a kill may have left a temporary file
			return o, fmt.Errorf("shift: %s is not empty (it holds %s); choose a new folder", job.Dir, entry.Name())
		}
	}
	return o, data.WriteWhole(path, text)
}

// sample writes CLASS/FILE.png of a set, and its mask.
func (o output) sample(set, file string, s outcome) error {
	if err := write(filepath.Join(o.dir, set, file), func(path string) error { return data.WritePNG(path, s.image.Picture()) }); err != nil || s.mask == nil {
		return err
	}
	return write(filepath.Join(o.dir, set+"_masks", file), func(path string) error { return data.WritePNG(path, s.mask.Picture()) })
}

func write(path string, to func(path string) error) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return fmt.Errorf("shift: %w; choose another folder", err)
	}
	return to(path)
}

// manifest lists every sample, used or not.
func (o output) manifest(set string, lines []Line) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	for _, line := range lines {
		if err := encoder.Encode(line); err != nil {
			return err
		}
	}
	return data.WriteWhole(filepath.Join(o.dir, set+".jsonl"), text.Bytes())
}

// finish names the classes and, last, the sets: a folder without the list is unfinished.
func (o output) finish(classes []string, counts []Count) error {
	var sets []string
	for _, c := range counts {
		if c.Used > 0 {
			sets = append(sets, c.Set)
		}
	}
	if len(sets) == 0 {
		return errors.New("shift: no sample could be used; see the .jsonl files for the reasons")
	}
	if err := data.WriteWhole(filepath.Join(o.dir, "classes.txt"), []byte(strings.Join(classes, "\n")+"\n")); err != nil {
		return err
	}
	if err := data.WriteWhole(filepath.Join(o.dir, data.SetListFile), []byte(strings.Join(sets, "\n")+"\n")); err != nil {
		return err
	}
	return data.Finish(o.dir)
}

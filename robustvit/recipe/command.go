package recipe

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/robustvit/workbench/internal/whole"
)

// commandFile remembers in a run folder what the user asked for, so that a run
// can be resumed by its folder's name alone. It begins with a dot: the run's
// own config.json decides, this only saves typing.
const commandFile = ".command.json"

// SaveCommand writes the flags of a run that has begun.
func SaveCommand(dir string, flags any) error {
	text, err := json.MarshalIndent(flags, "", "  ")
	if err != nil {
		return fmt.Errorf("remember the command: %w", err)
	}
	path := filepath.Join(dir, commandFile)
	if err := whole.Quick(path, append(text, '\n')); err != nil {
		return fmt.Errorf("remember the command in %s: %w%s", path, err, whole.Next(err))
	}
	return nil
}

// ResumeCommand fills flags with what the run in dir was started with; what
// flags hold already (JSON without zero values) wins.
func ResumeCommand(dir string, flags any) error {
	given, err := json.Marshal(flags)
	if err != nil {
		return fmt.Errorf("resume %s: %w", dir, err)
	}
	text, err := os.ReadFile(filepath.Join(dir, commandFile))
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("resume %s: no run has begun there; check --dir, or name --weights and --data to start one", dir)
	}
	if err != nil {
		return fmt.Errorf("resume: %w", err)
	}
	for _, part := range [][]byte{text, given} {
		if err := json.Unmarshal(part, flags); err != nil {
			return fmt.Errorf("resume %s: %s: %w; name the whole command again", dir, commandFile, err)
		}
	}
	return nil
}

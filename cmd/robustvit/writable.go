package main

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"

	"github.com/alecthomas/kong"
	"github.com/robustvit/workbench/internal/whole"
)

// writesTo are the flags that name what a command writes.
var writesTo = map[string]bool{"dir": true, "out": true, "sheet": true, "validation": true}

// writable refuses a place that cannot be written before the command has read
// or computed anything: that may take hours.
func writable(parsed *kong.Context) error {
	for _, flag := range parsed.Flags() {
		place, ok := parsed.FlagValue(flag).(string)
		if !ok || place == "" || !writesTo[flag.Name] {
			continue
		}
		folder, err := standing(place)
		if err == nil {
			err = mayWrite(folder)
		}
		if err != nil {
			return unwritable(flag.Name, place, folder, err)
		}
	}
	return nil
}

func unwritable(flag, place, folder string, err error) error {
	if fault, ok := errors.AsType[*fs.PathError](err); ok { // it repeats the folder
		err = fault.Err
	}
	where := "there"
	if folder != filepath.Clean(place) {
		where = "in " + folder
	}
	return fmt.Errorf("--%s %s: nothing can be written %s: %w%s, with --%s", flag, place, where, err, next(err), flag)
}

func next(err error) string {
	if text := whole.Next(err); text != "" {
		return text
	}
	return "; choose another place"
}

// standing is the folder in which the place is or would be made: the nearest
// that is there.
func standing(place string) (string, error) {
	for folder := filepath.Clean(place); ; folder = filepath.Dir(folder) {
		info, err := os.Stat(folder)
		switch {
		case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		case err != nil || info.IsDir():
			return folder, err
		case folder != filepath.Clean(place):
			return folder, errors.New("it is a file")
		}
	}
}

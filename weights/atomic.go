package weights

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/robustvit/workbench/internal/whole"
)

// writeAtomic gives path the content that fill writes, or leaves it as it was.
func writeAtomic(path string, fill func(io.Writer) error) error {
	failed := func(err error) error {
		if fault, ours := errors.AsType[*Fault](err); ours {
			return fault
		}
		return fmt.Errorf("write weights file %q: %w, the old file, if any, is unchanged%s", path, err, whole.Next(err))
	}
	if _, base := filepath.Split(path); base == "" || base == "." || base == ".." {
		return failed(errors.New("path: no file name"))
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return &Fault{File: path, Found: "a " + info.Mode().Type().String(), Expected: "a file name to write to", Next: "choose another name"}
	}
	if err := whole.Write(path, fill); err != nil {
		return failed(err)
	}
	return nil
}

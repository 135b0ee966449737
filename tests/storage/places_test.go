package storage

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// writes are the calls that make or replace a file.
var writes = regexp.MustCompile(`\bos\.(WriteFile|Create|CreateTemp|Rename)\(|\bos\.O_(CREATE|WRONLY|RDWR)\b`)

// mayWriteFiles are the files of this product that do so themselves, and why.
// All others go through internal/whole or a run folder, whose faults the cases
// of this package try.
var mayWriteFiles = map[string]string{
	"internal/whole/whole.go":          "the one way to write a file whole",
	"robustvit/run/files.go":           "the disk of the run folders",
	"robustvit/run/write.go":           "by that disk",
	"robustvit/run/log.go":             "by that disk",
	"robustvit/run/disk_failpoints.go": "that disk, in the build that kills itself",
	"robustvit/run/lock.go":            "a lock",
	"robustvit/run/claim.go":           "a lock",
	"internal/setup/lock_unix.go":      "a lock",
	"robustvit/run/detach.go":          "a log that another process goes on with",
	"internal/lab/server.go":           "a log that another process goes on with",
	"weights/hub/file.go":              "unfinished downloads go on in the next process",
	"robustvit/backend/verify.go":      "a note that may be lost",
	"internal/setup/venv.go":           "in a temporary folder",
	"robustvit/bench/photos.go":        "in a temporary folder",
}

func TestFilesAreWrittenInFewPlaces(t *testing.T) {
	root := catalogue.Root()
	seen := map[string]bool{}
	must(t, filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		name, _ := filepath.Rel(root, path)
		name = filepath.ToSlash(name)
		switch {
		case err != nil:
			return err
		case d.IsDir() && (name == "tests" || strings.HasPrefix(d.Name(), ".") && name != "."):
			return fs.SkipDir
		case d.IsDir() || !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go"):
			return nil
		}
		text, err := os.ReadFile(path)
		if err == nil && writes.Match(text) {
			if seen[name] = true; mayWriteFiles[name] == "" {
				t.Errorf("%s writes files itself (%s); use internal/whole, or give a reason here", name, writes.Find(text))
			}
		}
		return err
	}))
	for name := range mayWriteFiles {
		if !seen[name] {
			t.Errorf("%s writes no file: take it off the list", name)
		}
	}
}

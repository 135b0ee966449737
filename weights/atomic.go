package weights

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"syscall"
)

// writeAtomic gives path the content that fill writes, or leaves it as it was.
// A kill at any moment leaves the old file or the new one; what it leaves
// under a temporary name is swept by the next write of the same file.
func writeAtomic(path string, fill func(io.Writer) error) (err error) {
	folder, base := filepath.Split(path)
	if folder == "" {
		folder = "."
	}
	failed := func(step string, err error) error {
		if _, ours := errors.AsType[*Fault](err); ours {
			return err
		}
		return fmt.Errorf("write weights file %q: %s: %w; the old file, if any, is unchanged: check space and permissions", path, step, reason(err))
	}
	if base == "" || base == "." || base == ".." {
		return failed("path", errors.New("no file name"))
	}
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		return &Fault{File: path, Found: "a " + info.Mode().Type().String(), Expected: "a file name to write to", Next: "choose another name"}
	}
	sweep(folder, base)
	temp, err := createLocked(folder, base)
	if err != nil {
		return failed("create a temporary file beside it", err)
	}
	defer func() {
		temp.Close()
		if err != nil {
			os.Remove(temp.Name())
		}
	}()
	if err := fill(temp); err != nil {
		return failed("write", err)
	}
	if err := temp.Sync(); err != nil {
		return failed("sync", err)
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return failed("rename the temporary file", err)
	}
	if err := SyncFolder(folder); err != nil {
		return failed("sync the folder", err)
	}
	return nil
}

// createLocked makes a temporary file and locks it. The lock, which the kernel
// drops when a process dies, tells a sweeper which leftovers are dead.
func createLocked(folder, base string) (*os.File, error) {
	for {
		name := filepath.Join(folder, fmt.Sprintf("%s%016x.tmp", tempPrefix(base), rand.Uint64()))
		temp, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|os.O_EXCL, 0o644)
		if errors.Is(err, os.ErrExist) {
			continue
		}
		if err != nil {
			return nil, err
		}
		err = syscall.Flock(int(temp.Fd()), syscall.LOCK_EX|syscall.LOCK_NB)
		if errors.Is(err, syscall.EWOULDBLOCK) { // a sweeper holds it and will remove it
			temp.Close()
			continue
		}
		if err != nil {
			return temp, nil // a file system without locks: writing still works, sweeping does not
		}
		ours, err1 := temp.Stat()
		there, err2 := os.Stat(name)
		if err1 == nil && err2 == nil && os.SameFile(ours, there) {
			return temp, nil
		}
		temp.Close() // swept between creation and lock: again
	}
}

// tempPrefix keeps the temporary name within 255 bytes for long names.
func tempPrefix(base string) string {
	return "." + base[:min(len(base), 200)] + "."
}

// sweep removes temporary files of this name that no living process holds.
func sweep(folder, base string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, entry := range entries {
		rest, ours := strings.CutPrefix(entry.Name(), tempPrefix(base))
		if !ours || len(rest) != len("0123456789abcdef.tmp") || !strings.HasSuffix(rest, ".tmp") || !entry.Type().IsRegular() {
			continue
		}
		name := filepath.Join(folder, entry.Name())
		leftover, err := os.Open(name)
		if err != nil {
			continue
		}
		if syscall.Flock(int(leftover.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
			os.Remove(name)
		}
		leftover.Close()
	}
}

// SyncFolder makes a rename durable. Some file systems cannot sync a folder; there the rename stands as it is.
func SyncFolder(folder string) error {
	f, err := os.Open(folder)
	if err != nil {
		return err
	}
	defer f.Close()
	if err := f.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, syscall.ENOTSUP) {
		return err
	}
	return nil
}

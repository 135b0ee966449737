// Package whole writes files that appear whole or not at all: a kill at any
// moment leaves the file absent, old or new. What it leaves under the temporary
// name, a dot and .tmp around the file's own in the same folder, is overwritten
// and renamed by the next write of the file.
package whole

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// Write gives path the content that fill writes, durably, or leaves it as it
// was. The error says at which step, without a path of its own.
func Write(path string, fill func(io.Writer) error) error {
	return write(path, fill, true)
}

// Quick is Write without the syncs, for many files that are looked at again
// anyway: after a power cut, not after a kill, one may be empty.
func Quick(path string, content []byte) error {
	return write(path, func(w io.Writer) error { _, err := w.Write(content); return err }, false)
}

func write(path string, fill func(io.Writer) error, durable bool) (err error) {
	folder := filepath.Dir(path)
	temp, err := create(folder, filepath.Base(path))
	if err != nil {
		return failed("create a temporary file beside it", err)
	}
	defer func() {
		if err != nil {
			os.Remove(temp.Name()) // while it is locked: then it is nobody else's
		}
		temp.Close()
	}()
	out := &sink{File: temp}
	if err := fill(out); err != nil {
		if out.err != nil {
			err = out.err
		}
		return failed("write", err)
	}
	if durable {
		if err := temp.Sync(); err != nil {
			return failed("sync", err)
		}
	}
	if err := os.Rename(temp.Name(), path); err != nil {
		return failed("rename the temporary file", err)
	}
	if durable {
		if err := SyncFolder(folder); err != nil {
			return failed("sync the folder", err)
		}
	}
	return nil
}

// sink remembers why a write failed, which fill may have put into other words.
type sink struct {
	*os.File
	err error
}

func (s *sink) Write(p []byte) (int, error) {
	n, err := s.File.Write(p)
	if err != nil {
		s.err = err
	}
	return n, err
}

// failed names the step. The system's errors repeat the temporary file's name,
// which says nothing to the user.
func failed(step string, err error) error {
	switch fault := err.(type) {
	case *fs.PathError:
		err = fault.Err
	case *os.LinkError:
		err = fault.Err
	}
	return fmt.Errorf("%s: %w", step, err)
}

// writers is how many may write one file at the same time.
const writers = 64

// create opens the temporary file and locks it. The kernel drops the lock when
// a process dies: what is not locked is a dead one's, to be overwritten; beside
// a living writer another number is taken. Where the file system has no locks
// two writers of one file at the same time are not told apart.
func create(folder, base string) (*os.File, error) {
	base = base[:min(len(base), 200)] // a name has at most 255 bytes
	for n := 0; n < writers; n++ {
		number := ""
		if n > 0 {
			number = fmt.Sprintf(".%d", n)
		}
		name := filepath.Join(folder, "."+base+number+".tmp")
		temp, err := os.OpenFile(name, os.O_RDWR|os.O_CREATE|syscall.O_NOFOLLOW, 0o644)
		if err != nil {
			return nil, err
		}
		switch err := syscall.Flock(int(temp.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); {
		case errors.Is(err, syscall.EWOULDBLOCK):
			temp.Close()
			continue
		case err == nil && !named(temp): // renamed or removed between opening and locking
			temp.Close()
			n--
			continue
		}
		if err := temp.Truncate(0); err != nil {
			temp.Close()
			return nil, err
		}
		return temp, nil
	}
	return nil, fmt.Errorf("%d others are writing the same file", writers)
}

// named says whether the open file still has its name.
func named(f *os.File) bool {
	ours, err := f.Stat()
	if err != nil {
		return false
	}
	there, err := os.Lstat(f.Name())
	return err == nil && os.SameFile(ours, there)
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

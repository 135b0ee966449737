package run

import (
	"io"
	"io/fs"
	"os"
)

// Files are the file operations of this package. Tests replace them to make
// the k-th one fail or to lose what was not synced.
type Files interface {
	OpenFile(path string, flag int) (File, error)
	Mkdir(path string) error
	Rename(from, to string) error
	Remove(path string) error
	RemoveAll(path string) error
	ReadDir(path string) ([]fs.DirEntry, error)
	// SyncDir makes the names in a folder durable.
	SyncDir(path string) error
}

// File is an open file of [Files].
type File interface {
	io.ReadWriteCloser
	Sync() error
	Truncate(size int64) error
}

// system is the operating system's.
type system struct{}

func (system) OpenFile(path string, flag int) (File, error) { return os.OpenFile(path, flag, 0o644) }
func (system) Mkdir(path string) error                      { return os.Mkdir(path, 0o755) }
func (system) Rename(from, to string) error                 { return os.Rename(from, to) }
func (system) Remove(path string) error                     { return os.Remove(path) }
func (system) RemoveAll(path string) error                  { return os.RemoveAll(path) }
func (system) ReadDir(path string) ([]fs.DirEntry, error)   { return os.ReadDir(path) }

func (system) SyncDir(path string) error {
	d, err := os.Open(path)
	if err != nil {
		return err
	}
	err = d.Sync()
	if cerr := d.Close(); err == nil {
		err = cerr
	}
	return err
}

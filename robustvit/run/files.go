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

// Disk is the real file system.
type Disk struct{}

func (Disk) OpenFile(path string, flag int) (File, error) { return os.OpenFile(path, flag, 0o644) }
func (Disk) Mkdir(path string) error                      { return os.Mkdir(path, 0o755) }
func (Disk) Rename(from, to string) error                 { return os.Rename(from, to) }
func (Disk) Remove(path string) error                     { return os.Remove(path) }
func (Disk) RemoveAll(path string) error                  { return os.RemoveAll(path) }
func (Disk) ReadDir(path string) ([]fs.DirEntry, error)   { return os.ReadDir(path) }

func (Disk) SyncDir(path string) error {
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

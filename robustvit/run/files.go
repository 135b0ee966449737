package run

import (
	"io"
	"io/fs"
	"os"
)

// files are the file operations of this package. Tests replace them to make
// the k-th one fail or kill the process there.
type files interface {
	OpenFile(path string, flag int) (file, error)
	Mkdir(path string) error
	Rename(from, to string) error
	Remove(path string) error
	RemoveAll(path string) error
	ReadDir(path string) ([]fs.DirEntry, error)
	// SyncDir makes the names in a folder durable.
	SyncDir(path string) error
}

type file interface {
	io.ReadWriteCloser
	Sync() error
	Truncate(size int64) error
}

// disk is the real file system.
type disk struct{}

func (disk) OpenFile(path string, flag int) (file, error) { return os.OpenFile(path, flag, 0o644) }
func (disk) Mkdir(path string) error                      { return os.Mkdir(path, 0o755) }
func (disk) Rename(from, to string) error                 { return os.Rename(from, to) }
func (disk) Remove(path string) error                     { return os.Remove(path) }
func (disk) RemoveAll(path string) error                  { return os.RemoveAll(path) }
func (disk) ReadDir(path string) ([]fs.DirEntry, error)   { return os.ReadDir(path) }

func (disk) SyncDir(path string) error {
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

package storage

import (
	"io/fs"
	"os"
	"syscall"

	"github.com/robustvit/workbench/robustvit/run"
)

// faulty counts file operations and hands each to hook before it happens.
// A hook that returns an error makes the operation fail with it. Syncs are
// counted but not done: no test here pulls the plug, and they cost seconds.
type faulty struct {
	run.Disk
	n    int
	hook func(n int, op, path string) error
}

// calm is the disk without faults and without waiting for syncs.
func calm() *faulty { return &faulty{hook: func(int, string, string) error { return nil }} }

// Errors that ask for damage rather than stand for it.
const (
	shortWrite = syscall.Errno(10001) // half of the bytes, and an error
	silentCut  = syscall.Errno(10002) // half of the bytes, reported as all
	silentFlip = syscall.Errno(10003) // one bit changed
)

// everyFault are the ways in which a file operation fails.
var everyFault = []struct {
	name string
	err  syscall.Errno
}{
	{"disk full", syscall.ENOSPC}, {"I/O error", syscall.EIO}, {"no permission", syscall.EACCES},
	{"read-only", syscall.EROFS}, {"quota", syscall.EDQUOT}, {"short write", shortWrite},
	{"silent cut", silentCut}, {"silent flip", silentFlip},
}

func (f *faulty) at(op, path string) error {
	f.n++
	if err := f.hook(f.n, op, path); err != nil {
		return &fs.PathError{Op: op, Path: path, Err: err}
	}
	return nil
}

func (f *faulty) OpenFile(path string, flag int) (run.File, error) {
	if err := f.at("open", path); err != nil {
		return nil, err
	}
	g, err := os.OpenFile(path, flag, 0o644)
	if err != nil {
		return nil, err
	}
	return &faultyFile{g, path, f}, nil
}

func (f *faulty) Mkdir(path string) error {
	if err := f.at("mkdir", path); err != nil {
		return err
	}
	return f.Disk.Mkdir(path)
}

func (f *faulty) Rename(from, to string) error {
	if err := f.at("rename", from); err != nil {
		return err
	}
	return f.Disk.Rename(from, to)
}

func (f *faulty) Remove(path string) error {
	if err := f.at("remove", path); err != nil {
		return err
	}
	return f.Disk.Remove(path)
}

func (f *faulty) RemoveAll(path string) error {
	if err := f.at("removeall", path); err != nil {
		return err
	}
	return f.Disk.RemoveAll(path)
}

func (f *faulty) ReadDir(path string) ([]fs.DirEntry, error) {
	if err := f.at("readdir", path); err != nil {
		return nil, err
	}
	return f.Disk.ReadDir(path)
}

func (f *faulty) SyncDir(path string) error { return f.at("syncdir", path) }

type faultyFile struct {
	*os.File
	path string
	f    *faulty
}

func (g *faultyFile) Write(p []byte) (int, error) {
	err := g.f.at("write", g.path)
	if err == nil {
		return g.File.Write(p)
	}
	switch err.(*fs.PathError).Err {
	case shortWrite:
		n, _ := g.File.Write(p[:len(p)/2])
		return n, &fs.PathError{Op: "write", Path: g.path, Err: syscall.ENOSPC}
	case silentCut:
		g.File.Write(p[:len(p)/2])
		return len(p), nil
	case silentFlip:
		q := append([]byte(nil), p...)
		q[len(q)/2] ^= 0x10
		return g.File.Write(q)
	}
	return 0, err
}

func (g *faultyFile) Read(p []byte) (int, error) {
	if err := g.f.at("read", g.path); err != nil {
		return 0, err
	}
	return g.File.Read(p)
}

func (g *faultyFile) Sync() error { return g.f.at("sync", g.path) }

func (g *faultyFile) Truncate(size int64) error {
	if err := g.f.at("truncate", g.path); err != nil {
		return err
	}
	return g.File.Truncate(size)
}

func (g *faultyFile) Close() error {
	err := g.f.at("close", g.path)
	if cerr := g.File.Close(); err == nil {
		err = cerr
	}
	return err
}

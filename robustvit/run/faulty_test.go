package run

import (
	"io/fs"
	"os"
)

// faulty counts file operations and hands each to hook before it happens.
// A hook that returns an error makes the operation fail with it. Syncs are
// counted but not done: no test here pulls the plug, and they cost seconds.
type faulty struct {
	Disk
	n    int
	hook func(n int, op, path string) error
}

func (f *faulty) at(op, path string) error {
	f.n++
	if err := f.hook(f.n, op, path); err != nil {
		return &fs.PathError{Op: op, Path: path, Err: err}
	}
	return nil
}

func (f *faulty) OpenFile(path string, flag int) (File, error) {
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

func (f *faulty) SyncDir(path string) error {
	if err := f.at("syncdir", path); err != nil {
		return err
	}
	return nil
}

type faultyFile struct {
	*os.File
	path string
	f    *faulty
}

func (g *faultyFile) Write(p []byte) (int, error) {
	if err := g.f.at("write", g.path); err != nil {
		return 0, err
	}
	return g.File.Write(p)
}

func (g *faultyFile) Read(p []byte) (int, error) {
	if err := g.f.at("read", g.path); err != nil {
		return 0, err
	}
	return g.File.Read(p)
}

func (g *faultyFile) Sync() error {
	return g.f.at("sync", g.path)
}

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

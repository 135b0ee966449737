package storage

import (
	"bytes"
	"maps"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"

	"github.com/robustvit/workbench/robustvit/run"
)

// A model of a file system that loses power. Bytes written since a file's last
// sync may be lost from any point on; names changed since a folder's last sync
// may be lost likewise, each folder by itself. It is fed the operations of a
// real run and gives the states that the disk may hold after a crash.

type node struct {
	names   map[string]*node // nil for a file
	pending []func(map[string]*node)
	durable []byte
	writes  []edit // not yet synced, in order
}

type edit struct {
	data []byte
	cut  int // new length, where data is nil
}

func newDir() *node { return &node{names: map[string]*node{}} }

// now is the file's content without a crash, or with only its first n edits.
func (f *node) now(n int) []byte {
	b := bytes.Clone(f.durable)
	for _, e := range f.writes[:n] {
		b = e.apply(b)
	}
	return b
}

func (e edit) apply(b []byte) []byte {
	if e.data == nil {
		return b[:min(e.cut, len(b))]
	}
	return append(b, e.data...)
}

// live is the folder's names without a crash.
func (d *node) live(n int) map[string]*node {
	names := maps.Clone(d.names)
	for _, change := range d.pending[:n] {
		change(names)
	}
	return names
}

// powerDisk passes operations on to the real disk and keeps the model beside.
type powerDisk struct {
	faulty
	base string
	root *node
}

func newPowerDisk(base string) *powerDisk {
	return &powerDisk{faulty: *calm(), base: base, root: newDir()}
}

func (p *powerDisk) find(path string) *node {
	rel, _ := filepath.Rel(p.base, path)
	at := p.root
	for _, name := range strings.Split(rel, string(filepath.Separator)) {
		if name != "." {
			if at = at.live(len(at.pending))[name]; at == nil {
				return nil
			}
		}
	}
	return at
}

func (p *powerDisk) change(path string, change func(map[string]*node)) {
	d := p.find(filepath.Dir(path))
	d.pending = append(d.pending, change)
}

func (p *powerDisk) OpenFile(path string, flag int) (run.File, error) {
	f, err := p.faulty.OpenFile(path, flag)
	if err != nil || flag == os.O_RDONLY {
		return f, err
	}
	n := p.find(path)
	if n == nil {
		n = &node{}
		p.change(path, func(names map[string]*node) { names[filepath.Base(path)] = n })
	} else if flag&os.O_TRUNC != 0 {
		n.writes = append(n.writes, edit{})
	}
	return &powerFile{f, n}, nil
}

func (p *powerDisk) Mkdir(path string) error {
	err := p.faulty.Mkdir(path)
	if err == nil {
		d := newDir()
		p.change(path, func(names map[string]*node) { names[filepath.Base(path)] = d })
	}
	return err
}

func (p *powerDisk) Rename(from, to string) error {
	n := p.find(from)
	err := p.faulty.Rename(from, to)
	if err == nil {
		p.change(to, func(names map[string]*node) {
			delete(names, filepath.Base(from))
			names[filepath.Base(to)] = n
		})
	}
	return err
}

func (p *powerDisk) Remove(path string) error {
	err := p.faulty.Remove(path)
	if err == nil {
		p.change(path, func(names map[string]*node) { delete(names, filepath.Base(path)) })
	}
	return err
}

func (p *powerDisk) RemoveAll(path string) error {
	err := p.faulty.RemoveAll(path)
	if err == nil && p.find(path) != nil {
		p.change(path, func(names map[string]*node) { delete(names, filepath.Base(path)) })
	}
	return err
}

func (p *powerDisk) SyncDir(path string) error {
	if err := p.faulty.SyncDir(path); err != nil {
		return err
	}
	d := p.find(path)
	d.names, d.pending = d.live(len(d.pending)), nil
	return nil
}

type powerFile struct {
	run.File
	n *node
}

func (f *powerFile) Write(p []byte) (int, error) {
	n, err := f.File.Write(p)
	f.n.writes = append(f.n.writes, edit{data: bytes.Clone(p)})
	return n, err
}

func (f *powerFile) Truncate(size int64) error {
	err := f.File.Truncate(size)
	f.n.writes = append(f.n.writes, edit{cut: int(size)})
	return err
}

func (f *powerFile) Sync() error {
	if err := f.File.Sync(); err != nil {
		return err
	}
	f.n.durable, f.n.writes = f.n.now(len(f.n.writes)), nil
	return nil
}

// crash writes one state that the disk may hold now into dir. least drops all
// that may be lost, else chance decides.
func (d *node) crash(dir string, rng *rand.Rand, least bool) error {
	part := func(n int) int {
		if least {
			return 0
		}
		return rng.IntN(n + 1)
	}
	for name, n := range d.live(part(len(d.pending))) {
		path := filepath.Join(dir, name)
		if n.names != nil {
			if err := os.Mkdir(path, 0o755); err != nil {
				return err
			}
			if err := n.crash(path, rng, least); err != nil {
				return err
			}
			continue
		}
		k := part(len(n.writes))
		data := n.now(k)
		if k < len(n.writes) && n.writes[k].data != nil { // and a piece of the next write
			next := bytes.Clone(n.writes[k].data[:part(len(n.writes[k].data))])
			if !least && rng.IntN(2) == 0 {
				clear(next) // the length reached the disk, the bytes did not
			}
			data = append(data, next...)
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	return nil
}

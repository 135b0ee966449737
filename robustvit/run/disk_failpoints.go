//go:build failpoints

package run

import (
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"syscall"
)

// Disk is the real file system in a command that tests kill (tests/kill_*):
// before each operation it names the point on standard error, and before the
// one that ROBUSTVIT_KILL_AT names, "state.safetensors-open:2" for the second of
// its kind, the process kills itself. A point is a file's name and what is about
// to happen to it; steps and what marks a temporary name are left out.
type Disk struct{ system }

var passed = struct {
	sync.Mutex
	times map[string]int
}{times: map[string]int{}}

// before stands in front of every operation.
func before(path, operation string) {
	point := pointName(filepath.Base(path)) + "-" + operation
	passed.Lock()
	defer passed.Unlock()
	passed.times[point]++
	fmt.Fprintln(os.Stderr, "point", point)
	if os.Getenv("ROBUSTVIT_KILL_AT") == point+":"+strconv.Itoa(passed.times[point]) {
		syscall.Kill(os.Getpid(), syscall.SIGKILL)
		select {} // until it is delivered
	}
}

func pointName(base string) string {
	name := strings.TrimSuffix(strings.TrimPrefix(base, "."), tmpSuffix)
	if i := strings.Index(name, stepPrefix); i >= 0 {
		name = name[:i] + strings.TrimSuffix(stepPrefix, "-")
	}
	return name
}

func (d Disk) OpenFile(path string, flag int) (File, error) {
	if flag&(os.O_WRONLY|os.O_RDWR) == 0 {
		before(path, "read")
	} else {
		before(path, "open")
	}
	f, err := d.system.OpenFile(path, flag)
	if err != nil {
		return nil, err
	}
	return killableFile{f, path}, nil
}

func (d Disk) Mkdir(path string) error {
	before(path, "make")
	return d.system.Mkdir(path)
}

func (d Disk) Rename(from, to string) error {
	before(to, "rename")
	return d.system.Rename(from, to)
}

func (d Disk) Remove(path string) error {
	before(path, "remove")
	return d.system.Remove(path)
}

func (d Disk) RemoveAll(path string) error {
	before(path, "remove")
	return d.system.RemoveAll(path)
}

func (d Disk) SyncDir(path string) error {
	before(path, "sync")
	return d.system.SyncDir(path)
}

type killableFile struct {
	File
	path string
}

func (f killableFile) Write(p []byte) (int, error) {
	before(f.path, "write")
	return f.File.Write(p)
}

func (f killableFile) Sync() error {
	before(f.path, "sync")
	return f.File.Sync()
}

func (f killableFile) Truncate(size int64) error {
	before(f.path, "truncate")
	return f.File.Truncate(size)
}

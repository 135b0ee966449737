package hub

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"syscall"

	"github.com/robustvit/workbench/internal/whole"
	"github.com/robustvit/workbench/weights"
)

// target is a file to be written and what it has to be.
type target struct {
	path  string
	facts facts
	pin   string // SHA-256 that the caller knows, or ""
	check func(f *os.File, size int64) error
}

// sha256 is what the file has to hash to, "" where nobody says.
func (t target) sha256() string {
	if t.pin != "" {
		return t.pin
	}
	return t.facts.sha256
}

func (t target) checked() string {
	switch {
	case t.pin != "":
		return checkedPin
	case t.facts.sha256 != "":
		return checkedHub
	}
	return checkedLength
}

// file fetches one file and returns its SHA-256, and whether it was there before.
func (c *Client) file(ctx context.Context, r Reference, t target) (hash string, there bool, err error) {
	if t.pin != "" && t.facts.sha256 != "" && t.pin != t.facts.sha256 {
		return "", false, &Fault{File: r.String(), Host: c.host.Host, Found: "a file with SHA-256 " + t.facts.sha256, Expected: t.pin,
			Next: "nothing was fetched: the file changed since, name the revision you mean as owner/repo@commit:file"}
	}
	if hash, ok := t.present(); ok {
		return hash, true, nil
	}
	part, err := openPart(t.path + ".part")
	if err != nil {
		return "", false, err
	}
	defer part.Close()
	resumed, err := t.prepare(part)
	if err != nil {
		return "", false, err
	}
	hash, err = c.fill(ctx, r, part, t)
	if fault, ok := errors.AsType[*Fault](err); ok && fault.lost && resumed { // the old bytes may be those of another version
		if err := part.Truncate(0); err != nil {
			return "", false, diskFault("empty", part.Name(), err)
		}
		hash, err = c.fill(ctx, r, part, t)
	}
	if err != nil {
		if fault, ok := errors.AsType[*Fault](err); ok && fault.lost {
			os.Remove(part.Name())
		}
		return "", false, err
	}
	if err := t.check(part, t.facts.size); err != nil {
		os.Remove(part.Name())
		return "", false, err
	}
	return hash, false, publish(part, t.path)
}

// present says whether the file is there and right. Without a hash nobody can say.
func (t target) present() (hash string, ok bool) {
	info, err := os.Stat(t.path)
	if err != nil || !info.Mode().IsRegular() || info.Size() != t.facts.size || t.sha256() == "" {
		return "", false
	}
	f, err := os.Open(t.path)
	if err != nil {
		return "", false
	}
	defer f.Close()
	hash, err = weights.FileSHA256(t.path)
	return hash, err == nil && hash == t.sha256() && t.check(f, info.Size()) == nil
}

// prepare keeps earlier bytes only where a hash will tell whether they belong to the file.
func (t target) prepare(part *os.File) (resumed bool, err error) {
	info, err := part.Stat()
	if err != nil {
		return false, diskFault("read", part.Name(), err)
	}
	if info.Size() > 0 && (t.sha256() == "" || info.Size() > t.facts.size) {
		if err := part.Truncate(0); err != nil {
			return false, diskFault("empty", part.Name(), err)
		}
		return false, nil
	}
	return info.Size() > 0, nil
}

// fill downloads what is missing and compares the hash.
func (c *Client) fill(ctx context.Context, r Reference, part *os.File, t target) (string, error) {
	if err := c.download(ctx, r, part, t.facts.size); err != nil {
		return "", err
	}
	sum := sha256.New()
	if _, err := io.Copy(sum, io.NewSectionReader(part, 0, t.facts.size)); err != nil {
		return "", diskFault("read", part.Name(), err)
	}
	hash := hex.EncodeToString(sum.Sum(nil))
	if want := t.sha256(); want != "" && hash != want {
		return "", &Fault{File: r.String(), Host: c.host.Host, Found: "bytes with SHA-256 " + hash, Expected: want, lost: true,
			Next: "nothing was kept: the file was altered on the way or changed on the server; run the command again, and check HF_ENDPOINT"}
	}
	return hash, nil
}

// openPart opens the unfinished file for this process alone.
func openPart(path string) (*os.File, error) {
	for {
		if info, err := os.Lstat(path); err == nil && !info.Mode().IsRegular() {
			return nil, fmt.Errorf("fetch: %q: found no regular file, expected an unfinished download; remove it", path)
		}
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o644)
		if err != nil {
			return nil, diskFault("write", path, err)
		}
		if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB); errors.Is(err, syscall.EWOULDBLOCK) {
			f.Close()
			return nil, fmt.Errorf("fetch: %q: found another process fetching it, expected none; wait for it or stop it", path)
		}
		ours, err1 := f.Stat()
		named, err2 := os.Stat(path)
		if err1 == nil && err2 == nil && os.SameFile(ours, named) {
			return f, nil
		}
		f.Close() // finished by another process between opening and locking: again
	}
}

// publish makes the finished file durable under its name.
func publish(part *os.File, path string) error {
	if err := part.Sync(); err != nil {
		return diskFault("sync", part.Name(), err)
	}
	if err := os.Rename(part.Name(), path); err != nil {
		return diskFault("rename to", path, err)
	}
	if err := whole.SyncFolder(filepath.Dir(path)); err != nil {
		return diskFault("sync the folder of", path, err)
	}
	return nil
}

// Package mat73 reads arrays out of MATLAB v7.3 files. Those are HDF5 behind a
// user block of 512 bytes; the subset here is what MATLAB and h5py write for
// numeric arrays, structs and cell arrays. It is made for files of unknown
// origin: every size and offset is held against the length of the file before
// anything is allocated, and the work is bounded whatever the file claims.
// HDF5's own terms and layouts are those of the HDF5 File Format Specification.
package mat73

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strings"
)

// Ref points to an object of a file: the address of its header, as cell arrays
// store it.
type Ref uint64

// File is an open file. Its methods may be called from several goroutines.
type File struct {
	r    io.ReaderAt
	size int64
	base int64 // where HDF5 begins: addresses count from there
	root Ref
}

const signature = "\x89HDF\r\n\x1a\n"

// New looks at the superblock. Errors name no file: the caller knows its name.
func New(r io.ReaderAt, size int64) (*File, error) {
	f := &File{r: r, size: size}
	if err := f.findBase(); err != nil {
		return nil, err
	}
	return f, f.superblock()
}

// Recognises tells from its first bytes whether a file claims to be a MATLAB
// v7.3 file or plain HDF5.
func Recognises(head []byte) bool {
	return bytes.HasPrefix(head, []byte("MATLAB 7.3 MAT-file")) || bytes.HasPrefix(head, []byte(signature))
}

// findBase looks where the specification allows: at 0, 512, 1024, 2048, ...
func (f *File) findBase() error {
	at := make([]byte, len(signature))
	for base := int64(0); base <= f.size-int64(len(signature)); base = max(512, 2*base) {
		if _, err := f.r.ReadAt(at, base); err != nil {
			return fmt.Errorf("it cannot be read (%w); copy it again", err)
		}
		if string(at) == signature {
			f.base = base
			return nil
		}
		if base > math.MaxInt64/2 {
			break
		}
	}
	head := make([]byte, min(f.size, 19))
	if _, err := f.r.ReadAt(head, 0); err != nil && !errors.Is(err, io.EOF) {
		return fmt.Errorf("it cannot be read (%w); copy it again", err)
	}
	switch {
	case strings.HasPrefix(string(head), "MATLAB 5.0 MAT-file"):
		return errors.New("it is a MATLAB file of version 5 to 7, expected version 7.3; save it in MATLAB with the option '-v7.3'")
	case strings.HasPrefix(string(head), "MATLAB 7.3"):
		return fmt.Errorf("it begins as a MATLAB v7.3 file but holds no HDF5 signature within its %d bytes; it is cut or damaged, copy it again", f.size)
	}
	return errors.New("it is no MATLAB v7.3 file (found no HDF5 signature at byte 0, 512, 1024, ...); check the path")
}

// fault is an error about damaged content.
func fault(format string, args ...any) error {
	return fmt.Errorf(format+"; the file is damaged, copy it again", args...)
}

// unsupported is an error about valid HDF5 outside the subset.
func unsupported(format string, args ...any) error {
	return fmt.Errorf(format+"; save the file in MATLAB with the option '-v7.3'", args...)
}

// superblock reads the address of the root group. Version 0 is MATLAB's.
func (f *File) superblock() error {
	c, err := f.at("superblock", 0, 9)
	if err != nil {
		return err
	}
	c.skip(len(signature))
	switch version := c.uint(1); version {
	case 0, 1:
		return f.oldSuperblock(version)
	case 2, 3:
		return f.newSuperblock()
	default:
		return unsupported("the superblock has version %d, expected 0 to 3", version)
	}
}

func (f *File) oldSuperblock(version uint64) error {
	c, err := f.at("superblock", 0, int64(72+4*version))
	if err != nil {
		return err
	}
	c.skip(13)
	if err := checkWidths(c.uint(1), c.uint(1)); err != nil {
		return err
	}
	c.skip(9 + 4*int(version) + 8 + 8) // tree ranks, flags, base and free space addresses
	end := c.uint(8)
	c.skip(8 + 8) // driver information, name of the root
	f.root = Ref(c.uint(8))
	return errors.Join(c.err, f.checkEnd(end))
}

func (f *File) newSuperblock() error {
	c, err := f.at("superblock", 0, 48)
	if err != nil {
		return err
	}
	if err := c.checksum(); err != nil {
		return err
	}
	c.skip(9)
	if err := checkWidths(c.uint(1), c.uint(1)); err != nil {
		return err
	}
	c.skip(1 + 8 + 8) // flags, base and extension addresses
	end := c.uint(8)
	f.root = Ref(c.uint(8))
	return errors.Join(c.err, f.checkEnd(end))
}

func checkWidths(offset, length uint64) error {
	if offset != 8 || length != 8 {
		return unsupported("addresses have %d bytes and lengths %d, expected 8 and 8", offset, length)
	}
	return nil
}

// checkEnd finds a file that was cut, before its missing part is asked for.
func (f *File) checkEnd(end uint64) error {
	if end > uint64(f.size) {
		return fmt.Errorf("it has %d bytes, its header announces %d; it is cut, copy it again", f.size, end)
	}
	return nil
}

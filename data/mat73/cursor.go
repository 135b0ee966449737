package mat73

import (
	"encoding/binary"
	"fmt"
	"io"
)

// undefined is HDF5's address of nothing.
const undefined = ^uint64(0)

// cursor reads little-endian fields from one structure of the file. Reading
// beyond its end gives zeros and sets err, so that callers check once.
type cursor struct {
	what string
	rest []byte
	err  error
}

// at reads n bytes at an address. The file must hold them: n is bounded by its size.
func (f *File) at(what string, address uint64, n int64) (*cursor, error) {
	room := f.size - f.base
	if address > uint64(room) || n < 0 || n > room-int64(address) {
		return nil, fault("%s: %d bytes at address %d are outside the file, which has %d", what, n, address, room)
	}
	content := make([]byte, n)
	if _, err := f.r.ReadAt(content, f.base+int64(address)); err != nil {
		if err == io.EOF {
			return nil, fmt.Errorf("%s: the file became shorter while it was read; copy it again", what)
		}
		return nil, fmt.Errorf("%s: it cannot be read (%w); copy it again", what, err)
	}
	return &cursor{what: what, rest: content}, nil
}

// take returns the next n bytes, or nil.
func (c *cursor) take(n int) []byte {
	if n < 0 || n > len(c.rest) {
		if c.err == nil {
			c.err = fault("%s: it ends too early", c.what)
		}
		c.rest = nil
		return nil
	}
	taken := c.rest[:n]
	c.rest = c.rest[n:]
	return taken
}

func (c *cursor) skip(n int) { c.take(n) }

// uint is an unsigned number of 1 to 8 bytes.
func (c *cursor) uint(width int) uint64 {
	var padded [8]byte
	copy(padded[:], c.take(width))
	return binary.LittleEndian.Uint64(padded[:])
}

// size is a length that must fit memory; more than most is a fault.
func (c *cursor) size(width, most int) int {
	n := c.uint(width)
	if n > uint64(most) {
		if c.err == nil {
			c.err = fault("%s: a length of %d, expected at most %d", c.what, n, most)
		}
		return 0
	}
	return int(n)
}

// magic checks the four letters that a structure begins with.
func (c *cursor) magic(want string) error {
	if found := c.take(len(want)); c.err == nil && string(found) != want {
		c.err = fault("%s: found %q, expected %q", c.what, found, want)
	}
	return c.err
}

// checksum verifies and drops the last four bytes.
func (c *cursor) checksum() error {
	end := len(c.rest) - 4
	if end < 0 {
		return fault("%s: it ends too early", c.what)
	}
	found, want := binary.LittleEndian.Uint32(c.rest[end:]), Lookup3(c.rest[:end])
	if found != want {
		return fault("%s: the checksum is %08x, expected %08x", c.what, found, want)
	}
	c.rest = c.rest[:end]
	return nil
}

package mat73

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"io"
	"slices"
)

// HDF5's registered filters that are read.
const (
	filterDeflate  = 1
	filterShuffle  = 2
	filterFletcher = 3
)

const maxFilters = 32

type filter struct {
	kind  uint64
	width int // of shuffled elements
}

func readFilters(m *message) ([]filter, error) {
	if m.shared {
		return nil, unsupported("its filters are shared with other objects, which is not read")
	}
	c := m.cursor("filters")
	version, n := c.uint(1), c.size(1, maxFilters)
	if version == 1 {
		c.skip(6)
	} else if c.err == nil && version != 2 {
		return nil, unsupported("filters of version %d, expected 1 or 2", version)
	}
	var filters []filter
	for range n {
		f := filter{kind: c.uint(2)}
		if c.err == nil && (f.kind < filterDeflate || f.kind > filterFletcher) {
			return nil, unsupported("filter %d, expected deflate (1), shuffle (2) or fletcher32 (3)", f.kind)
		}
		if slices.ContainsFunc(filters, func(other filter) bool { return other.kind == f.kind }) {
			return nil, fault("filter %d is used twice", f.kind)
		}
		name := 0
		if version == 1 {
			name = (int(c.uint(2)) + 7) &^ 7
		}
		c.skip(2) // flags
		values := int(c.uint(2))
		c.skip(name)
		for i := range values {
			if v := c.size(4, 1<<31-1); i == 0 {
				f.width = v
			}
		}
		if version == 1 && values%2 == 1 {
			c.skip(4)
		}
		if c.err != nil {
			return nil, c.err
		}
		filters = append(filters, f)
	}
	return filters, c.err
}

// decoder undoes the filters of one array's chunks; it is reused from chunk to chunk.
type decoder struct {
	filters  []filter
	bytes    int // of a whole chunk
	inflater io.ReadCloser
}

// maxRatio is the most that deflate can expand.
const maxRatio = 1032

// plausible refuses a stored size from which the chunk cannot come, before
// memory is set aside for it.
func (d *decoder) plausible(stored uint64) bool {
	for _, f := range d.filters {
		if f.kind == filterDeflate {
			return uint64(d.bytes) <= maxRatio*min(stored, 1<<40)
		}
	}
	return stored <= uint64(d.bytes+4*len(d.filters))
}

// decode returns the chunk's values. Bit i of mask says that filter i was skipped.
func (d *decoder) decode(data []byte, mask uint64) ([]byte, error) {
	for i := len(d.filters) - 1; i >= 0; i-- {
		if mask>>i&1 == 1 {
			continue
		}
		var err error
		switch f := d.filters[i]; f.kind {
		case filterFletcher:
			data, err = checkFletcher(data)
		case filterShuffle:
			data, err = unshuffle(data, f.width)
		case filterDeflate:
			data, err = d.inflate(data)
		}
		if err != nil {
			return nil, err
		}
	}
	if len(data) != d.bytes {
		return nil, fault("a chunk holds %d bytes, expected %d", len(data), d.bytes)
	}
	return data, nil
}

// inflate stops one byte after what a chunk and its checksums can hold.
func (d *decoder) inflate(data []byte) ([]byte, error) {
	var err error
	if d.inflater == nil {
		d.inflater, err = zlib.NewReader(bytes.NewReader(data))
	} else {
		err = d.inflater.(zlib.Resetter).Reset(bytes.NewReader(data), nil)
	}
	if err != nil {
		d.inflater = nil
		return nil, fault("a chunk cannot be inflated (%w)", err)
	}
	most := d.bytes + 4*len(d.filters)
	out := make([]byte, most+1)
	n, err := io.ReadFull(d.inflater, out)
	switch {
	case err == nil:
		return nil, fault("a chunk inflates to more than %d bytes", most)
	case err != io.EOF && err != io.ErrUnexpectedEOF:
		return nil, fault("a chunk cannot be inflated (%w)", err)
	}
	return out[:n], nil
}

func checkFletcher(data []byte) ([]byte, error) {
	end := len(data) - 4
	if end < 0 {
		return nil, fault("a chunk of %d bytes has no checksum", len(data))
	}
	if found, want := binary.LittleEndian.Uint32(data[end:]), fletcher32(data[:end]); found != want {
		return nil, fault("the checksum of a chunk is %08x, expected %08x", found, want)
	}
	return data[:end], nil
}

// unshuffle puts the bytes of each element together again; a rest that fills no
// element was not shuffled.
func unshuffle(data []byte, width int) ([]byte, error) {
	if width < 1 || width > 8 {
		return nil, fault("shuffled elements of %d bytes, expected 1 to 8", width)
	}
	n := len(data) / width
	out := make([]byte, len(data))
	for b := range width {
		for i, v := range data[b*n : (b+1)*n] {
			out[i*width+b] = v
		}
	}
	copy(out[n*width:], data[n*width:])
	return out, nil
}

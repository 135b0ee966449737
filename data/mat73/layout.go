package mat73

// The ways in which an array's values are stored.
const (
	compact = iota
	contiguous
	chunked
)

// The indices of chunks that are read.
const (
	indexTree   = 0 // version 1 B-tree, in layouts of version 3
	indexSingle = 1
	indexFixed  = 3
)

// layout says where the values are.
type layout struct {
	class   uint64
	data    []byte // compact
	address uint64 // of the values or of the index of chunks
	length  uint64 // contiguous; the one chunk of indexSingle
	chunk   []int  // axes of a chunk
	index   uint64
	mask    uint64 // filters that the one chunk of indexSingle skipped
}

func (d *Dataset) readLayout(m *message) error {
	c := m.cursor("layout")
	version := c.uint(1)
	if c.err == nil && (version < 3 || version > 5) {
		return unsupported("layout of version %d, expected 3 to 5", version)
	}
	l := &d.layout
	switch l.class = c.uint(1); l.class {
	case compact:
		l.data = c.take(int(c.uint(2)))
	case contiguous:
		l.address, l.length = c.uint(8), c.uint(8)
	case chunked:
		var err error
		if version == 3 {
			err = l.oldChunks(c, d)
		} else {
			err = l.newChunks(c, d)
		}
		if err != nil {
			return err
		}
	default:
		return unsupported("layout of class %d, expected compact, contiguous or chunked", l.class)
	}
	return c.err
}

func (l *layout) oldChunks(c *cursor, d *Dataset) error {
	axes := c.size(1, maxRank+1)
	l.address, l.index = c.uint(8), indexTree
	return l.chunkAxes(c, d, axes, 4)
}

// newChunks reads what HDF5 1.10 introduced and h5py writes with libver="latest".
func (l *layout) newChunks(c *cursor, d *Dataset) error {
	const filteredSingle = 2
	flags, axes := c.uint(1), c.size(1, maxRank+1)
	if err := l.chunkAxes(c, d, axes, c.size(1, 8)); err != nil {
		return err
	}
	switch l.index = c.uint(1); l.index {
	case indexSingle:
		if flags&filteredSingle != 0 {
			l.length, l.mask = c.uint(8), c.uint(4)
		}
	case indexFixed:
		c.skip(1) // page size, which the array repeats
	default:
		return unsupported("its chunks are found by an index of kind %d, expected 1 (single) or 3 (fixed array)", l.index)
	}
	l.address = c.uint(8)
	return c.err
}

// chunkAxes reads the axes of a chunk; the last one is the bytes of an element.
func (l *layout) chunkAxes(c *cursor, d *Dataset, axes, width int) error {
	if c.err == nil && axes != len(d.Dims)+1 {
		return fault("chunks have %d axes, the array has %d", axes-1, len(d.Dims))
	}
	for range d.Dims {
		axis := c.size(width, maxElements)
		if c.err == nil && axis == 0 {
			return fault("chunks of no element")
		}
		l.chunk = append(l.chunk, axis)
	}
	if bytes := c.uint(width); c.err == nil && bytes != uint64(d.Type.Bytes) {
		return fault("chunks have elements of %d bytes, the array of %d", bytes, d.Type.Bytes)
	}
	return c.err
}

package mat73

import (
	"errors"
	"fmt"
)

const maxRank = 32 // HDF5's own limit

// Dataset describes an array without its values. HDF5 counts the last axis
// fastest and MATLAB the first: a MATLAB array of h x w x 3 has Dims [3, w, h].
type Dataset struct {
	Dims []int
	Type Type

	file    *File
	layout  layout
	filters []filter
}

// Len is the number of elements.
func (d *Dataset) Len() int {
	n := 1
	for _, dim := range d.Dims {
		n *= dim // spaceOf bounded the product
	}
	return n
}

// Dataset reads the header of an array.
func (f *File) Dataset(object Ref) (*Dataset, error) {
	if object == 0 || uint64(object) == undefined {
		return nil, fault("a reference points to nothing")
	}
	messages, err := f.messages(object)
	if err != nil {
		return nil, err
	}
	d := &Dataset{file: f}
	for _, part := range []struct {
		kind uint64
		name string
		read func(*message) error
	}{{messageDataspace, "dataspace", d.readSpace}, {messageDatatype, "datatype", d.readType}, {messageLayout, "layout", d.readLayout}} {
		m := find(messages, part.kind)
		switch {
		case m == nil:
			err = fault("it has no %s: it is no array", part.name)
		case m.shared:
			err = unsupported("its %s is shared with other objects, which is not read", part.name)
		default:
			err = part.read(m)
		}
		if err != nil {
			return nil, fmt.Errorf("array at address %d: %w", uint64(object), err)
		}
	}
	if find(messages, messageExternal) != nil {
		return nil, unsupported("array at address %d: its values are in another file", uint64(object))
	}
	if m := find(messages, messageFilters); m != nil {
		if d.filters, err = readFilters(m); err != nil {
			return nil, fmt.Errorf("array at address %d: %w", uint64(object), err)
		}
	}
	return d, nil
}

func (d *Dataset) readSpace(m *message) (err error) {
	d.Dims, err = spaceOf(m.cursor("dataspace"))
	return err
}

func (d *Dataset) readType(m *message) (err error) {
	d.Type, err = typeOf(m.cursor("datatype"))
	return err
}

// maxElements keeps the product of the axes and its bytes far from overflow.
const maxElements = 1 << 40

// spaceOf reads the axes; a scalar has none.
func spaceOf(c *cursor) ([]int, error) {
	version, rank, flags := c.uint(1), c.size(1, maxRank), c.uint(1)
	switch version {
	case 1:
		c.skip(5)
	case 2:
		if kind := c.uint(1); kind > 1 {
			return nil, errors.New("it is an array without elements, expected some; check which variable the file holds")
		}
	default:
		return nil, unsupported("dataspace of version %d, expected 1 or 2", version)
	}
	if flags&^1 != 0 {
		return nil, unsupported("dataspace with the flags %#x, expected 0 or 1", flags)
	}
	dims, n := make([]int, rank), 1
	for i := range dims {
		dim := c.uint(8)
		if c.err == nil && (dim == 0 || dim > maxElements || uint64(n)*dim > maxElements) {
			return nil, fmt.Errorf("axis %d has %d elements, expected 1 or more and at most %d in all; check which variable the file holds", i, dim, int64(maxElements))
		}
		dims[i] = int(dim)
		n *= max(1, dims[i])
	}
	return dims, c.err
}

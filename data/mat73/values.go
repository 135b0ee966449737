package mat73

import "fmt"

// Read returns the values of an array of at most most bytes.
func (d *Dataset) Read(most int) (*Array, error) {
	n := d.Len() * d.Type.Bytes
	if n > most {
		return nil, fmt.Errorf("an array of %v %s takes %d bytes, expected at most %d; check which variable the file holds", d.Dims, d.Type, n, most)
	}
	var raw []byte
	var err error
	switch d.layout.class {
	case compact:
		raw = d.layout.data
	case contiguous:
		raw, err = d.contiguous(n)
	default:
		raw, err = d.gather(n)
	}
	if err == nil && len(raw) != n {
		err = fault("%d bytes of values, expected %d", len(raw), n)
	}
	if err != nil {
		return nil, fmt.Errorf("array of %v %s: %w", d.Dims, d.Type, err)
	}
	return &Array{d, raw}, nil
}

func (d *Dataset) contiguous(n int) ([]byte, error) {
	if len(d.filters) > 0 {
		return nil, fault("filters without chunks")
	}
	if d.layout.address == undefined {
		return nil, fault("its values were never written")
	}
	if d.layout.length != uint64(n) {
		return nil, fault("%d bytes of values, expected %d", d.layout.length, n)
	}
	c, err := d.file.at("values", d.layout.address, int64(n))
	if err != nil {
		return nil, err
	}
	return c.rest, nil
}

// gather puts the chunks together. What the file can hold is known before
// memory is set aside: every chunk must be there and large enough.
func (d *Dataset) gather(n int) ([]byte, error) {
	counts, chunkCount, err := d.grid()
	if err != nil {
		return nil, err
	}
	bytes, err := d.chunkBytes(chunkCount)
	if err != nil {
		return nil, err
	}
	all, err := d.chunks(counts, chunkCount, bytes)
	if err != nil {
		return nil, err
	}
	if err := d.covers(all, counts, chunkCount); err != nil {
		return nil, err
	}
	decode, room := decoder{filters: d.filters, bytes: bytes}, uint64(d.file.size)
	for _, one := range all { // chunks do not overlap: together they fit the file
		if one.stored.length > room || !decode.plausible(one.stored.length) {
			return nil, fault("a chunk of %d bytes at address %d cannot hold %d bytes of values in a file of %d", one.stored.length, one.stored.address, bytes, d.file.size)
		}
		room -= one.stored.length
	}
	var out []byte
	for _, one := range all {
		stored, err := d.file.at("chunk", one.stored.address, int64(one.stored.length))
		if err != nil {
			return nil, err
		}
		values, err := decode.decode(stored.rest, one.mask)
		if err != nil {
			return nil, err
		}
		if d.whole() {
			return values, nil
		}
		if out == nil {
			out = make([]byte, n)
		}
		d.place(out, values, one.at)
	}
	return out, nil
}

// place copies the part of a chunk that lies inside the array, row by row of
// the last axis.
func (d *Dataset) place(out, values []byte, at []int) {
	rank, size := len(d.Dims), d.Type.Bytes
	if rank == 0 {
		copy(out, values)
		return
	}
	last := rank - 1
	row := min(d.layout.chunk[last], d.Dims[last]-at[last]) * size
	index := make([]int, last) // in the chunk
	for {
		from, to := 0, 0
		for axis := range last {
			from = from*d.layout.chunk[axis] + index[axis]
			to = to*d.Dims[axis] + at[axis] + index[axis]
		}
		from, to = from*d.layout.chunk[last]*size, (to*d.Dims[last]+at[last])*size
		copy(out[to:to+row], values[from:])
		axis := last - 1
		for ; axis >= 0; axis-- {
			index[axis]++
			if index[axis] < d.layout.chunk[axis] && at[axis]+index[axis] < d.Dims[axis] {
				break
			}
			index[axis] = 0
		}
		if axis < 0 {
			return
		}
	}
}

package mat73

import (
	"fmt"
	"slices"
)

// maxChunks bounds the index of one array.
const maxChunks = 1 << 18

// chunk is one stored block of an array.
type chunk struct {
	at     []int // first element, axis by axis
	stored block
	mask   uint64 // filters that were skipped
}

// grid is how many chunks cover the array, axis by axis and in all.
func (d *Dataset) grid() (counts []int, n int, err error) {
	n = 1
	for i, dim := range d.Dims {
		count := (dim-1)/d.layout.chunk[i] + 1
		if n *= count; n > maxChunks {
			return nil, 0, fault("more than %d chunks", maxChunks)
		}
		counts = append(counts, count)
	}
	return counts, n, nil
}

// maxChunkBytes bounds a chunk that is only a part of its array: it takes memory
// beside the array.
const maxChunkBytes = 16 << 20

// whole tells whether one chunk is exactly the array.
func (d *Dataset) whole() bool { return slices.Equal(d.layout.chunk, d.Dims) }

// chunkBytes is the size of a whole chunk. Chunks may stick out of the array,
// but a few times the array's size is all that is ever decoded.
func (d *Dataset) chunkBytes(n int) (int, error) {
	const slack = 4 << 20
	size, most := d.Type.Bytes, maxChunkBytes
	if d.whole() {
		most = d.Len() * d.Type.Bytes
	}
	for _, axis := range d.layout.chunk {
		if axis > most/size {
			return 0, unsupported("chunks of %v elements take more than %d bytes", d.layout.chunk, most)
		}
		size *= axis
	}
	if size > (4*d.Len()*d.Type.Bytes+slack)/n {
		return 0, fault("%d chunks of %v elements for an array of %v", n, d.layout.chunk, d.Dims)
	}
	return size, nil
}

// chunks lists the stored chunks in the order of the index.
func (d *Dataset) chunks(counts []int, n, bytes int) ([]chunk, error) {
	switch d.layout.index {
	case indexSingle:
		if n != 1 {
			return nil, fault("one chunk for an array that needs %d", n)
		}
		stored := block{d.layout.address, d.layout.length}
		if len(d.filters) == 0 || stored.length == 0 {
			stored.length = uint64(bytes)
		}
		return []chunk{{make([]int, len(counts)), stored, d.layout.mask}}, nil
	case indexFixed:
		return d.fixedArray(counts, n, bytes)
	}
	return d.chunkTree(n)
}

// chunkTree reads the index of MATLAB's files. Its keys hold the stored bytes,
// the mask and the first element; the last axis is that of the element's bytes.
func (d *Dataset) chunkTree(n int) ([]chunk, error) {
	rank := len(d.Dims)
	walk := treeWalk{file: d.file, kind: chunkTree, keyBytes: 8 + 8*(rank+1), maxEntries: 2*n + 64}
	var all []chunk
	err := walk.leaves(d.layout.address, func(key []byte, child uint64) error {
		if len(all) == n {
			return fault("more chunks than the %d that cover the array", n)
		}
		c := cursor{what: "chunk", rest: key}
		one := chunk{stored: block{child, c.uint(4)}, mask: c.uint(4), at: make([]int, rank)}
		for i, dim := range d.Dims {
			at := c.uint(8)
			if at >= uint64(dim) || at%uint64(d.layout.chunk[i]) != 0 {
				return fault("a chunk begins at element %d of axis %d, which has %d and chunks of %d", at, i, dim, d.layout.chunk[i])
			}
			one.at[i] = int(at)
		}
		all = append(all, one)
		return c.err
	})
	return all, err
}

// fixedArray reads the index that HDF5 since 1.10 keeps for arrays that cannot
// grow. Element i is chunk i, counted with the last axis fastest.
func (d *Dataset) fixedArray(counts []int, n, bytes int) ([]chunk, error) {
	const headBytes, blockPrefix = 28, 14
	c, err := d.file.at("fixed array", d.layout.address, headBytes)
	if err != nil {
		return nil, err
	}
	if err := c.checksum(); err != nil {
		return nil, err
	}
	if err := c.magic("FAHD"); err != nil {
		return nil, err
	}
	c.skip(1)
	filtered, entry, page, elements, address := c.uint(1) == 1, int(c.uint(1)), c.uint(1), c.uint(8), c.uint(8)
	width := entry - 12 // of the stored size, between address and mask
	switch {
	case elements != uint64(n):
		return nil, fault("fixed array: %d chunks, expected %d", elements, n)
	case page < 32 && elements > 1<<page:
		return nil, unsupported("fixed array: %d chunks in pages, expected at most %d", elements, uint64(1)<<page)
	case filtered && (width < 1 || width > 8) || !filtered && entry != 8:
		return nil, fault("fixed array: entries of %d bytes", entry)
	}
	if c, err = d.file.at("fixed array", address, int64(blockPrefix+n*entry+4)); err != nil {
		return nil, err
	}
	if err := c.checksum(); err != nil {
		return nil, err
	}
	if err := c.magic("FADB"); err != nil {
		return nil, err
	}
	c.skip(blockPrefix - 4)
	all := make([]chunk, n)
	for i := range all {
		all[i] = chunk{at: d.corner(i, counts), stored: block{c.uint(8), uint64(bytes)}}
		if filtered {
			all[i].stored.length, all[i].mask = c.uint(width), c.uint(4)
		}
	}
	return all, c.err
}

// corner is the first element of chunk i of the grid.
func (d *Dataset) corner(i int, counts []int) []int {
	at := make([]int, len(counts))
	for axis := len(counts) - 1; axis >= 0; axis-- {
		at[axis] = i % counts[axis] * d.layout.chunk[axis]
		i /= counts[axis]
	}
	return at
}

// number is the inverse of corner.
func (d *Dataset) number(at, counts []int) int {
	n := 0
	for axis, count := range counts {
		n = n*count + at[axis]/d.layout.chunk[axis]
	}
	return n
}

// covers tells whether every chunk is there exactly once.
func (d *Dataset) covers(all []chunk, counts []int, n int) error {
	seen := make([]bool, n)
	for _, one := range all {
		i := d.number(one.at, counts)
		if seen[i] {
			return fault("two chunks begin at element %v", one.at)
		}
		seen[i] = true
	}
	if len(all) != n {
		return fmt.Errorf("%d of %d chunks are missing: the file was not written to its end; copy or write it again", n-len(all), n)
	}
	return nil
}

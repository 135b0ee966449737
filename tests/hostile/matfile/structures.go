package matfile

import (
	"fmt"
	"strings"
)

func foreign() []File {
	whole := func(text string) func(*mutant) { return func(m *mutant) { m.content = []byte(text) } }
	return []File{
		{"empty", "matlab.mat", whole("")},
		{"text", "matlab.mat", whole("no set\n")},
		{"one byte of a signature", "matlab.mat", whole("\x89")},
		{"a signature alone", "matlab.mat", whole("\x89HDF\r\n\x1a\n")},
		{"MATLAB v5", "matlab.mat", whole("MATLAB 5.0 MAT-file, Platform: GLNXA64" + strings.Repeat(" ", 600))},
		{"a user block alone", "matlab.mat", func(m *mutant) { m.content = m.content[:512] }},
		{"zeros", "matlab.mat", func(m *mutant) { clear(m.content) }},
		{"signature moved by one byte", "matlab.mat", func(m *mutant) { m.content = append([]byte{0}, m.content...) }},
	}
}

// cuts are made at many places, with a header that says so or not.
func cuts() []File {
	var all []File
	const steps = 12
	for i := 1; i < steps; i++ {
		all = append(all, File{fmt.Sprintf("cut to %d/%d", i, steps), "matlab.mat", func(m *mutant) { m.cut(len(m.content)*i/steps, false) }},
			File{fmt.Sprintf("cut to %d/%d and sealed", i, steps), "contiguous.mat", func(m *mutant) { m.cut(len(m.content)*i/steps, true) }})
	}
	return append(all, File{"last byte cut", "matlab.mat", func(m *mutant) { m.cut(len(m.content)-1, false) }},
		File{"cut within the superblock", "matlab.mat", func(m *mutant) { m.cut(m.base+50, true) }},
		File{"cut within the newer superblock", "latest.mat", func(m *mutant) { m.cut(m.base+30, false) }})
}

// field is a file with one number changed.
func field(name, fixture string, width int, value uint64, at func(m *mutant) int) File {
	return File{name, fixture, func(m *mutant) { m.put(at(m), width, value) }}
}

func superblocks() []File {
	at := func(offset int) func(*mutant) int { return func(m *mutant) int { return m.base + offset } }
	return []File{
		field("superblock of version 9", "matlab.mat", 1, 9, at(8)),
		field("superblock of version 255", "matlab.mat", 1, 255, at(8)),
		field("old superblock that says it is new", "matlab.mat", 1, 2, at(8)),
		field("addresses of 4 bytes", "matlab.mat", 1, 4, at(13)),
		field("lengths of 0 bytes", "matlab.mat", 1, 0, at(14)),
		field("end of file far away", "matlab.mat", 8, 1<<62, at(40)),
		field("end of file negative", "matlab.mat", 8, nowhere, at(40)),
		field("root beyond the file", "matlab.mat", 8, 1<<40, at(64)),
		field("root at a negative address", "matlab.mat", 8, nowhere-7, at(64)),
		field("root is the superblock", "matlab.mat", 8, 0, at(64)),
	}
}

func headers() []File {
	object := func(offset int) func(*mutant) int { return func(m *mutant) int { return m.img + offset } }
	loop := func(length uint64) func(*mutant) {
		return func(m *mutant) {
			at := m.img + 16
			m.put(at, 2, continuation)
			m.put(at+8, 8, uint64(at-m.base))
			m.put(at+16, 8, length)
		}
	}
	return []File{
		field("object header of version 7", "matlab.mat", 1, 7, object(0)),
		field("header of 4 GiB", "matlab.mat", 4, 1<<32-1, object(8)),
		field("header of no bytes", "matlab.mat", 4, 0, object(8)),
		field("message longer than its header", "matlab.mat", 2, 65535, object(18)),
		{"continuation that points to itself", "matlab.mat", loop(40)},
		{"continuation of a whole loop", "matlab.mat", loop(4000)},
		{"continuation without end", "matlab.mat", loop(nowhere)},
		{"continuation of a megabyte", "matlab.mat", loop(1 << 20)},
		field("root that is an array", "matlab.mat", 2, 0, func(m *mutant) int { return m.message(m.root, table) - 8 }),
	}
}

func groups() []File {
	tree := func(offset int) func(*mutant) int { return func(m *mutant) int { return m.tree(m.value) + offset } }
	heap := func(offset int) func(*mutant) int { return func(m *mutant) int { return m.heap(m.value) + offset } }
	leaf := func(offset int) func(*mutant) int { return func(m *mutant) int { return m.leaf(m.value) + offset } }
	links := func(offset int) func(*mutant) int {
		return func(m *mutant) int { return m.message(m.value, table) + offset }
	}
	self := func(m *mutant, level uint64) {
		at := m.tree(m.value)
		m.put(at+5, 1, level)
		m.put(at+32, 8, uint64(at-m.base))
	}
	return []File{
		field("tree beyond the file", "matlab.mat", 8, 1<<50, links(0)),
		field("tree nowhere", "matlab.mat", 8, nowhere, links(0)),
		field("heap beyond the file", "matlab.mat", 8, 1<<50, links(8)),
		field("heap nowhere", "matlab.mat", 8, nowhere, links(8)),
		{"heap and tree exchanged", "matlab.mat", func(m *mutant) {
			at := m.message(m.value, table)
			a, b := m.u64(at), m.u64(at+8)
			m.put(at, 8, uint64(b))
			m.put(at+8, 8, uint64(a))
		}},
		field("tree without its letters", "matlab.mat", 4, 0, tree(0)),
		field("tree of chunks", "matlab.mat", 1, 1, tree(4)),
		field("tree of 200 levels", "matlab.mat", 1, 200, tree(5)),
		{"tree that is its own child", "matlab.mat", func(m *mutant) { self(m, 1) }},
		{"tree that is its own leaf", "matlab.mat", func(m *mutant) { self(m, 0) }},
		field("tree of 65535 entries", "matlab.mat", 2, 65535, tree(6)),
		field("tree of no entries", "matlab.mat", 2, 0, tree(6)),
		field("leaf beyond the file", "matlab.mat", 8, 1<<50, tree(32)),
		field("heap without its letters", "matlab.mat", 4, 0, heap(0)),
		field("heap of 75 TB", "matlab.mat", 8, 75<<40, heap(8)),
		field("heap of no bytes", "matlab.mat", 8, 0, heap(8)),
		field("heap segment beyond the file", "matlab.mat", 8, 1<<50, heap(24)),
		field("heap segment at a negative address", "matlab.mat", 8, nowhere-100, heap(24)),
		{"name without end", "matlab.mat", func(m *mutant) {
			heap := m.heap(m.value)
			segment := m.content[m.base+m.u64(heap+24):][:m.u64(heap+8)]
			for i := range segment {
				segment[i] = 'x'
			}
		}},
		field("leaf without its letters", "matlab.mat", 4, 0, leaf(0)),
		field("leaf of 65535 names", "matlab.mat", 2, 65535, leaf(6)),
		field("leaf of no name", "matlab.mat", 2, 0, leaf(6)),
		field("name beyond the heap", "matlab.mat", 8, 1<<40, leaf(8)),
		field("object beyond the file", "matlab.mat", 8, 1<<40, leaf(16)),
		field("object is the leaf", "matlab.mat", 8, 600, leaf(16)),
	}
}

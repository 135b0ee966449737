package matfile

import "strings"

// arrays are wrong in what an array says of itself.
func arrays() []File {
	at := func(object func(*mutant) int, message, offset int) func(*mutant) int {
		return func(m *mutant) int { return m.message(object(m), message) + offset }
	}
	img := func(m *mutant) int { return m.img }
	image := func(m *mutant) int { return m.image }
	mask := func(m *mutant) int { return m.mask }
	return []File{
		field("dataspace of version 9", "matlab.mat", 1, 9, at(img, space, 0)),
		field("255 axes", "matlab.mat", 1, 255, at(img, space, 1)),
		field("axes that can be permuted", "matlab.mat", 1, 2, at(img, space, 2)),
		field("axis of no element", "matlab.mat", 8, 0, at(img, space, 8)),
		field("axis of 2^63", "matlab.mat", 8, 1<<63, at(img, space, 8)),
		field("axis of -1", "matlab.mat", 8, nowhere, at(img, space, 8)),
		field("more cells than stored", "matlab.mat", 8, 4, at(img, space, 8)),
		field("fewer cells than stored", "matlab.mat", 8, 2, at(img, space, 8)),
		field("a million cells more", "matlab.mat", 8, 1<<20, at(img, space, 8)),
		field("compound elements", "matlab.mat", 1, 0x16, at(img, kind, 0)),
		field("strings", "matlab.mat", 1, 0x13, at(img, kind, 0)),
		field("elements of an unknown class", "matlab.mat", 1, 0x1f, at(img, kind, 0)),
		field("region references", "matlab.mat", 1, 1, at(img, kind, 1)),
		field("references of 12 bytes", "matlab.mat", 4, 12, at(img, kind, 4)),
		field("shared datatype", "matlab.mat", 1, 2, at(img, kind, -4)),
		field("no datatype", "matlab.mat", 2, 0, at(img, kind, -8)),
		field("no layout", "matlab.mat", 2, 0, at(img, place, -8)),
		field("layout of version 1", "matlab.mat", 1, 1, at(img, place, 0)),
		field("layout of class 9", "matlab.mat", 1, 9, at(img, place, 1)),
		field("compact layout of another size", "compact.mat", 2, 3, at(image, place, 2)),
		field("compact layout beyond its message", "compact.mat", 2, 65535, at(image, place, 2)),
		field("values beyond the file", "contiguous.mat", 8, 1<<50, at(image, place, 2)),
		field("values never written", "contiguous.mat", 8, nowhere, at(image, place, 2)),
		field("values of another size", "contiguous.mat", 8, 7, at(image, place, 10)),
		field("values of 2^63 bytes", "contiguous.mat", 8, 1<<63, at(image, place, 10)),
		field("picture of 16-bit values", "contiguous.mat", 4, 2, at(image, kind, 4)),
		field("picture with sign", "contiguous.mat", 1, 8, at(image, kind, 1)),
		field("picture of four planes", "contiguous.mat", 8, 4, at(image, space, 8)),
		{"picture of 2^36 pixels", "contiguous.mat", func(m *mutant) {
			for _, offset := range []int{16, 24} {
				m.put(m.message(m.image, space)+offset, 8, 1<<18)
				m.put(m.message(m.mask, space)+offset-8, 8, 1<<18)
			}
		}},
		{"axes exchanged", "contiguous.mat", func(m *mutant) {
			m.put(m.message(m.image, space)+16, 8, 9)
			m.put(m.message(m.image, space)+24, 8, 12)
		}},
		field("half a mask", "contiguous.mat", 8, 6, at(mask, space, 8)),
		field("mask of doubles that are none", "contiguous.mat", 4, 1000, at(mask, kind, 16)),
		field("mask of three values", "contiguous.mat", 8, 0x4008000000000000, func(m *mutant) int {
			return m.base + m.u64(m.message(m.mask, place)+2) + 8*(5*9+5)
		}),
		field("mask with NaN", "contiguous.mat", 8, 0x7ff8000000000000, func(m *mutant) int {
			return m.base + m.u64(m.message(m.mask, place)+2)
		}),
	}
}

// chunkIndices are wrong in where the values are said to be.
func chunkIndices() []File {
	at := func(message, offset int) func(*mutant) int {
		return func(m *mutant) int { return m.message(m.image, message) + offset }
	}
	tree := func(offset int) func(*mutant) int { return func(m *mutant) int { return m.chunks(m.image) + offset } }
	const set, tiled = "matlab.mat", "tiles.mat"
	return []File{
		field("chunk tree beyond the file", set, 8, 1<<50, at(place, 3)),
		field("chunk tree nowhere", set, 8, nowhere, at(place, 3)),
		field("chunk tree is the header", set, 8, 0, at(place, 3)),
		field("chunks of two axes", set, 1, 2, at(place, 2)),
		field("chunks of 200 axes", set, 1, 200, at(place, 2)),
		field("chunks of no element", set, 4, 0, at(place, 11)),
		field("chunks of 2^32 planes", set, 4, 1<<32-1, at(place, 11)),
		field("chunks of 4-byte elements", set, 4, 4, at(place, 23)),
		field("one element a chunk", set, 4, 1, at(place, 15)),
		field("chunk tree without its letters", set, 4, 0, tree(0)),
		field("chunk tree of names", set, 1, 0, tree(4)),
		field("chunk tree of 65535 entries", set, 2, 65535, tree(6)),
		field("chunk tree of no entry", set, 2, 0, tree(6)),
		field("chunk of 4 GiB", set, 4, 1<<32-1, tree(24)),
		field("chunk of no bytes", set, 4, 0, tree(24)),
		field("chunk of fewer bytes", set, 4, 20, tree(24)),
		field("chunk that was not deflated", set, 4, 1, tree(28)),
		field("chunk outside the array", set, 8, 1<<40, tree(32)),
		field("chunk between two places", set, 8, 1, tree(32)),
		field("chunk beyond the file", set, 8, 1<<50, func(m *mutant) int { return m.values(m.image, 3) }),
		field("chunk at the superblock", set, 8, 0, func(m *mutant) int { return m.values(m.image, 3) }),
		{"chunk tree that is its own child", set, func(m *mutant) {
			m.put(m.chunks(m.image)+5, 1, 1)
			m.put(m.values(m.image, 3), 8, uint64(m.chunks(m.image)-m.base))
		}},
		{"chunk twice", tiled, func(m *mutant) {
			at := m.chunks(m.image) + 24
			copy(m.content[at+48:at+80], m.content[at:at+32])
		}},
		field("filters of version 9", set, 1, 9, at(filters, 0)),
		field("200 filters", set, 1, 200, at(filters, 1)),
		field("unknown filter", set, 2, 307, at(filters, 8)),
		field("shuffle instead of deflate", set, 2, 2, at(filters, 8)),
		field("filter with a name of 65535 bytes", set, 2, 65535, at(filters, 10)),
		field("filter with 65535 values", set, 2, 65535, at(filters, 14)),
		field("filter twice", "direct.mat", 2, 2, at(filters, 32)),
		field("checksum of a chunk", "direct.mat", 1, 0, func(m *mutant) int {
			at := m.chunks(m.image)
			return m.base + m.u64(at+24+40) + int(m.content[at+24]) - 1
		}),
		{"44 MiB picture that is not there", set, func(m *mutant) { pretend(m, 3840, 3840) }},
	}
}

// bombs hold megabytes of zeros, which takes time to make.
func bombs() []File {
	const set = "matlab.mat"
	return []File{
		{"200 MB out of a chunk", set, func(m *mutant) { m.bomb(m.image, 3, 200<<20) }},
		{"44 MiB picture that ends early", set, func(m *mutant) {
			pretend(m, 3840, 3840)
			m.bomb(m.image, 3, 3*3840*3840-1)
		}},
		{"picture over the limit", set, func(m *mutant) {
			pretend(m, 8192, 8192)
			m.bomb(m.image, 3, 3*8192*8192)
		}},
	}
}

// pretend gives picture 1 and its mask another size, each in one chunk.
func pretend(m *mutant, width, height uint64) {
	for _, part := range []struct{ object, rank int }{{m.image, 3}, {m.mask, 2}} {
		dims, chunk := m.message(part.object, space)+8, m.message(part.object, place)+11
		m.put(dims+8*(part.rank-2), 8, width)
		m.put(dims+8*(part.rank-1), 8, height)
		m.put(chunk+4*(part.rank-2), 4, width)
		m.put(chunk+4*(part.rank-1), 4, height)
	}
}

// cells are references to the wrong things.
func cells() []File {
	list := func(object func(*mutant) int) func(*mutant) int {
		return func(m *mutant) int { return m.base + m.u64(m.message(object(m), place)+2) }
	}
	img, gt := list(func(m *mutant) int { return m.img }), list(func(m *mutant) int { return m.gt })
	cell := list(func(m *mutant) int { return m.cell })
	to := func(name string, at, object func(*mutant) int) File {
		return File{name, "matlab.mat", func(m *mutant) { m.put(at(m), 8, uint64(object(m)-m.base)) }}
	}
	return []File{
		field("picture is nothing", "matlab.mat", 8, 0, img),
		field("picture is nowhere", "matlab.mat", 8, nowhere, img),
		field("picture beyond the file", "matlab.mat", 8, 1<<40, img),
		to("picture is a group", img, func(m *mutant) int { return m.value }),
		to("picture is the list", img, func(m *mutant) int { return m.img }),
		to("picture is a mask", img, func(m *mutant) int { return m.mask }),
		to("mask is a picture", gt, func(m *mutant) int { return m.image }),
		to("mask is a group", gt, func(m *mutant) int { return m.root }),
		to("mask is a tree", gt, func(m *mutant) int { return m.tree(m.value) }),
		to("cell that holds itself", cell, func(m *mutant) int { return m.cell }),
		field("empty cell", "matlab.mat", 8, 0, cell),
		{"struct without img", "matlab.mat", func(m *mutant) { rename(m, m.value, "img", "imh") }},
		{"no value", "matlab.mat", func(m *mutant) { rename(m, m.root, "value", "valux") }},
		to("value is an array", func(m *mutant) int { return m.leaf(m.root) + 8 + 40 + 8 }, func(m *mutant) int { return m.img }),
	}
}

func rename(m *mutant, group int, from, to string) {
	heap := m.heap(group)
	segment := m.content[m.base+m.u64(heap+24):][:m.u64(heap+8)]
	copy(segment[strings.Index(string(segment), from):], to)
}

// sealed are files of the newer kind, whose checksums agree or not.
func sealed() []File {
	const set, tiled = "latest.mat", "latest_tiles.mat"
	array := func(m *mutant) int { return m.base + strings.Index(string(m.content[m.base:]), "FAHD") }
	block := func(m *mutant) int { return m.base + strings.Index(string(m.content[m.base:]), "FADB") }
	flip := func(name, fixture string, at func(*mutant) int) File {
		return File{name, fixture, func(m *mutant) { m.content[at(m)] ^= 1 }}
	}
	sealedField := func(name string, offset, width int, value uint64) File {
		return File{name, tiled, func(m *mutant) {
			at := array(m)
			m.put(at+offset, width, value)
			m.seal(at, at+28)
		}}
	}
	return []File{
		flip("superblock changed", set, func(m *mutant) int { return m.base + 36 }),
		{"sealed superblock with a root beyond the file", set, func(m *mutant) {
			m.put(m.base+36, 8, 1<<50)
			m.seal(m.base, m.base+48)
		}},
		flip("header changed", set, func(m *mutant) int { return m.img + 12 }),
		flip("header of another version", set, func(m *mutant) int { return m.img + 4 }),
		flip("array of chunks changed", tiled, func(m *mutant) int { return array(m) + 9 }),
		flip("block of chunks changed", tiled, func(m *mutant) int { return block(m) + 20 }),
		sealedField("array of 2^60 chunks", 8, 8, 1<<60),
		sealedField("array of no chunk", 8, 8, 0),
		sealedField("array in pages", 7, 1, 1),
		sealedField("array with entries of 3 bytes", 6, 1, 3),
		sealedField("array beyond the file", 16, 8, 1<<50),
		sealedField("array that is its own block", 16, 8, 0),
		{"names in a fractal heap", set, func(m *mutant) {
			at := m.base + 48 // the root: one block of 120 bytes
			m.put(at+7+4+2, 8, 48)
			m.seal(at, at+7+int(m.content[at+6])+4)
		}},
	}
}

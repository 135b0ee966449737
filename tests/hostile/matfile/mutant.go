package matfile

import (
	"bytes"
	"compress/zlib"
	"encoding/binary"
	"testing"

	"github.com/robustvit/workbench/data/mat73"
)

// Message kinds of the specification.
const (
	space, kind, place, filters, table, continuation = 0x01, 0x03, 0x08, 0x0b, 0x11, 0x10
	nowhere                                          = ^uint64(0)
)

// mutant is a fixture that a test changes, with the places of its parts as
// offsets in the file.
type mutant struct {
	t                                       testing.TB
	content                                 []byte
	base                                    int
	root, value, img, gt, image, mask, cell int // object headers; image, mask and cell of picture 1
}

// open finds the parts of an intact set with the reader itself.
func open(t testing.TB, name string) *mutant {
	t.Helper()
	m := &mutant{t: t, content: Fixture(t, name)}
	m.base = bytes.Index(m.content, []byte("\x89HDF"))
	file, err := mat73.New(bytes.NewReader(m.content), int64(len(m.content)))
	if err != nil {
		t.Fatal(err)
	}
	lookup := func(path string) mat73.Ref {
		ref, err := file.Lookup(path)
		if err != nil {
			t.Fatal(err)
		}
		return ref
	}
	first := func(object mat73.Ref) mat73.Ref {
		d, err := file.Dataset(object)
		if err != nil {
			t.Fatal(err)
		}
		array, err := d.Read(1 << 20)
		if err != nil {
			t.Fatal(err)
		}
		return array.Ref(0)
	}
	at := func(ref mat73.Ref) int { return m.base + int(ref) }
	img, gt := lookup("value/img"), lookup("value/gt")
	m.value, m.img, m.gt, m.image, m.cell = at(lookup("value")), at(img), at(gt), at(first(img)), at(first(gt))
	m.mask = m.cell
	if name != "direct.mat" {
		m.mask = at(first(first(gt)))
	}
	if m.content[m.base+8] == 0 {
		m.root = m.base + int(binary.LittleEndian.Uint64(m.content[m.base+64:]))
	}
	return m
}

// put writes a number of 1 to 8 bytes.
func (m *mutant) put(at, width int, v uint64) {
	var b [8]byte
	binary.LittleEndian.PutUint64(b[:], v)
	copy(m.content[at:at+width], b[:])
}

func (m *mutant) u64(at int) int { return int(binary.LittleEndian.Uint64(m.content[at:])) }

// message is the body of the first message of a kind in a header of version 1,
// which has one continuation at most.
func (m *mutant) message(object, kind int) int {
	m.t.Helper()
	end, more := object+16+int(binary.LittleEndian.Uint32(m.content[object+8:])), 0
	for at := object + 16; at+8 <= end || more > 0; at += 8 + int(binary.LittleEndian.Uint16(m.content[at+2:])) {
		if at+8 > end {
			at, end, more = m.base+m.u64(more), m.base+m.u64(more)+m.u64(more+8), 0
		}
		switch int(binary.LittleEndian.Uint16(m.content[at:])) {
		case kind:
			return at + 8
		case continuation:
			more = at + 8
		}
	}
	m.t.Fatalf("the object at %d has no message %#x", object, kind)
	return 0
}

// tree, heap and leaf are those of a group.
func (m *mutant) tree(group int) int { return m.base + m.u64(m.message(group, table)) }
func (m *mutant) heap(group int) int { return m.base + m.u64(m.message(group, table)+8) }
func (m *mutant) leaf(group int) int { return m.base + m.u64(m.tree(group)+32) }

// chunks is the chunk tree of an array, values the address field of its first chunk.
func (m *mutant) chunks(object int) int { return m.base + m.u64(m.message(object, place)+3) }
func (m *mutant) values(object, rank int) int {
	return m.chunks(object) + 24 + 8 + 8*(rank+1)
}

// cut shortens the file; with sealed set the header agrees.
func (m *mutant) cut(n int, sealed bool) {
	m.content = m.content[:n]
	if sealed && n >= m.base+48 {
		m.put(m.base+40, 8, uint64(n))
	}
}

// seal renews the checksum at the end of a structure.
func (m *mutant) seal(from, end int) {
	m.put(end-4, 4, uint64(mat73.Lookup3(m.content[from:end-4])))
}

// bomb appends n zeros, deflated, as the first chunk of an array.
func (m *mutant) bomb(object, rank, n int) {
	var packed bytes.Buffer
	w := zlib.NewWriter(&packed)
	zeros := make([]byte, 1<<20)
	for ; n > 0; n -= len(zeros) {
		if _, err := w.Write(zeros[:min(n, len(zeros))]); err != nil {
			m.t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		m.t.Fatal(err)
	}
	field := m.values(object, rank)
	m.put(field, 8, uint64(len(m.content)-m.base))
	m.put(field-8*(rank+1)-8, 4, uint64(packed.Len()))
	m.content = append(m.content, packed.Bytes()...)
}

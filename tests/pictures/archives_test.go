package pictures

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// member is a file of an archive.
type member struct {
	zip.FileHeader
	content []byte
}

// archive packs members, whatever their names.
func archive(t testing.TB, members ...member) []byte {
	t.Helper()
	var out bytes.Buffer
	w := zip.NewWriter(&out)
	for _, m := range members {
		to, err := w.CreateHeader(&m.FileHeader)
		if err == nil {
			_, err = to.Write(m.content)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return out.Bytes()
}

func named(name string, content []byte) member {
	return member{zip.FileHeader{Name: name, Method: zip.Store}, content}
}

func (m member) packed() member {
	m.Method = zip.Deflate
	return m
}

// npy is an array of float32 zeros.
func npy(n int) []byte {
	dict := fmt.Sprintf("{'descr': '<f4', 'fortran_order': False, 'shape': (%d,), }", n)
	head := binary.LittleEndian.AppendUint16([]byte("\x93NUMPY\x01\x00"), uint16(len(dict)))
	return append(append(head, dict...), make([]byte, 4*n)...)
}

// link is a member that an unpacker would turn into a symbolic link.
func link(name, target string) member {
	m := named(name, []byte(target))
	m.SetMode(fs.ModeSymlink | 0o777)
	return m
}

// put is a copy with another number of 2, 4 or 8 bytes at an offset behind the
// n-th place of a signature.
func put(content []byte, signature string, n, offset, width int, value uint64) []byte {
	content, at := bytes.Clone(content), 0
	for ; ; n-- {
		at += bytes.Index(content[at:], []byte(signature))
		if n == 0 {
			break
		}
		at++
	}
	var number [8]byte
	binary.LittleEndian.PutUint64(number[:], value)
	copy(content[at+offset:], number[:width])
	return content
}

const (
	localHeader, directory, directoryEnd = "PK\x03\x04", "PK\x01\x02", "PK\x05\x06"
)

// entries is a directory of n entries that all name one member.
func entries(t testing.TB, n int) []byte {
	one := archive(t, named("a.npy", npy(2)))
	at, end := bytes.Index(one, []byte(directory)), bytes.Index(one, []byte(directoryEnd))
	out := append(bytes.Clone(one[:at]), bytes.Repeat(one[at:end], n)...)
	tail := bytes.Clone(one[end:])
	binary.LittleEndian.PutUint16(tail[8:], uint16(n)) // the count is modulo 65536
	binary.LittleEndian.PutUint16(tail[10:], uint16(n))
	binary.LittleEndian.PutUint32(tail[12:], uint32(n*(end-at)))
	return append(out, tail...)
}

// zip64 puts an extra field with these sizes into the first entry.
func zip64(t testing.TB, uncompressed, compressed uint64) []byte {
	extra := binary.LittleEndian.AppendUint64(binary.LittleEndian.AppendUint64([]byte{1, 0, 16, 0}, uncompressed), compressed)
	m := named("a.npy", npy(2))
	m.Extra = extra
	content := archive(t, m)
	for _, offset := range []int{20, 24} {
		content = put(content, directory, 0, offset, 4, 1<<32-1)
	}
	return content
}

// npzArchives are hostile archives of arrays.
func npzArchives(t testing.TB) map[string][]byte {
	a, b := named("a.npy", npy(2)), named("b.npy", npy(2))
	two := archive(t, a, b)
	big := named("a.npy", npy(64<<20/4)).packed()
	var parts []member
	for i := range 12 {
		parts = append(parts, named(fmt.Sprintf("%d.npy", i), npy(8<<20/4)).packed())
	}
	nested := archive(t, named("a.npy", archive(t, a)))
	all := map[string][]byte{
		"a name that leads out":                     archive(t, named("../../a.npy", npy(2))),
		"an absolute name":                          archive(t, named("/tmp/a.npy", npy(2))),
		"backslashes":                               archive(t, named(`..\..\a.npy`, npy(2))),
		"a drive":                                   archive(t, named(`C:\a.npy`, npy(2))),
		"a name with a NUL":                         archive(t, named("a\x00.npy", npy(2))),
		"an escape in a name":                       archive(t, named("\x1b[2Ja.npy", npy(2))),
		"no name":                                   archive(t, named("", npy(2))),
		"a link, then a file below it":              archive(t, link("x", "/tmp"), named("x/a.npy", npy(2))),
		"a link alone":                              archive(t, link("a.npy", "/etc/hostname")),
		"a folder":                                  archive(t, named("x/", nil), a),
		"the same name twice":                       archive(t, a, a),
		"the same name, packed once":                archive(t, a, a.packed()),
		"a thousand to one":                         archive(t, big),
		"a thousand to one, in parts":               archive(t, parts...),
		"an archive within":                         nested,
		"a wrong checksum":                          put(two, directory, 0, 16, 4, 12345),
		"two entries of one member":                 put(two, directory, 1, 42, 4, 0),
		"a member that is the directory":            put(two, directory, 1, 42, 4, uint64(bytes.Index(two, []byte(directory)))),
		"a member beyond the end":                   put(two, directory, 1, 42, 4, 1<<31),
		"a size that is smaller":                    put(two, directory, 0, 24, 4, 20),
		"a size of 4 GB":                            put(put(two, directory, 0, 24, 4, 1<<32-2), directory, 0, 20, 4, 1<<32-2),
		"an encrypted member":                       put(two, directory, 0, 8, 2, 1),
		"an unknown method":                         put(two, directory, 0, 10, 2, 99),
		"2^60 bytes by zip64":                       zip64(t, 1<<60, 1<<60),
		"2^63 bytes by zip64":                       zip64(t, 1<<63, 1<<63),
		"a smaller size by zip64":                   zip64(t, 4, 4),
		"a directory beyond the end":                put(two, directoryEnd, 0, 16, 4, 1<<31),
		"a directory of no entry":                   put(put(two, directoryEnd, 0, 8, 2, 0), directoryEnd, 0, 10, 2, 0),
		"a directory of 65535 entries":              put(put(two, directoryEnd, 0, 8, 2, 65535), directoryEnd, 0, 10, 2, 65535),
		"a million entries":                         entries(t, 1_000_000),
		"a million entries that are said to be few": entries(t, 1<<20),
		"no member's header":                        put(two, localHeader, 0, 0, 4, 0),
		"an end alone":                              two[bytes.Index(two, []byte(directoryEnd)):],
	}
	for _, n := range []int{10, len(two) / 3, len(two) / 2, len(two) - 30, len(two) - 1} {
		all[fmt.Sprintf("cut to %d bytes", n)] = two[:n]
	}
	return all
}

// pthArchives are a checkpoint of PyTorch with its archive changed.
func pthArchives(t testing.TB) map[string][]byte {
	content, err := os.ReadFile(filepath.Join(catalogue.Root(), "tests", "golden", "micro", "vit.pth.tar"))
	if err != nil {
		t.Fatal(err)
	}
	r, err := zip.NewReader(bytes.NewReader(content), int64(len(content)))
	if err != nil {
		t.Fatal(err)
	}
	var good []member
	for _, f := range r.File {
		in, err := f.Open()
		if err != nil {
			t.Fatal(err)
		}
		var b bytes.Buffer
		if _, err := b.ReadFrom(in); err != nil {
			t.Fatal(err)
		}
		good = append(good, named(f.Name, b.Bytes()))
	}
	changed := func(change func(m member) member) []byte {
		var members []member
		for _, m := range good {
			members = append(members, change(m))
		}
		return archive(t, members...)
	}
	whole, tensor := archive(t, good...), 0 // the first record that holds values
	for !contains(good[tensor].Name, "/data/") {
		tensor++
	}
	return map[string][]byte{
		"packed records":           changed(member.packed),
		"records of zeros, packed": changed(func(m member) member { return named(m.Name, make([]byte, 1<<20)).packed() }),
		"the same record twice":    archive(t, append(good, good[len(good)-1])...),
		"two data.pkl":             archive(t, append(good, named("../other/data.pkl", good[0].content))...),
		"a record's checksum":      put(whole, directory, tensor, 16, 4, 12345),
		"records that overlap":     put(whole, directory, tensor, 42, 4, 0),
		"records of 4 GB":          put(put(whole, directory, tensor, 24, 4, 1<<32-2), directory, tensor, 20, 4, 1<<32-2),
		"links for records":        changed(func(m member) member { return link(m.Name, "/etc/hostname") }),
		"cut in half":              whole[:len(whole)/2],
		"cut by a byte":            whole[:len(whole)-1],
		"a million entries":        entries(t, 1_000_000),
	}
}

// TestHostileArchives: refused before anything is written, whatever an
// unpacker would have done.
func TestHostileArchives(t *testing.T) {
	for ending, all := range map[string]map[string][]byte{"npz": npzArchives(t), "pth": pthArchives(t)} {
		for name, content := range all {
			catalogue.Case(t, "I11", ending+": "+name, func(t *testing.T) {
				dir := t.TempDir()
				path := write(t, dir, "weights."+ending, content)
				o := catalogue.Refused(t, []string{path}, "convert", path, "--out", filepath.Join(dir, "out.safetensors"))
				quiet(t, o.Out+o.Err)
				left, err := os.ReadDir(dir)
				if err != nil || len(left) != 1 {
					t.Errorf("it wrote %v, %v", left, err)
				}
				os.Remove(path)
			})
			delete(all, name) // the million entries of one are enough in memory
		}
	}
}

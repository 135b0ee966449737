package weightfiles

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"slices"
	"strings"
)

// ArrayMagic begins a .npy array.
const ArrayMagic = "\x93NUMPY"

// Array is a .npy array: a version 1.0 header and zeros.
func Array(dict string, dataBytes int) []byte {
	b := append([]byte(ArrayMagic), 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(dict)))
	return append(append(b, dict...), make([]byte, dataBytes)...)
}

// PlainArray describes two numbers.
const PlainArray = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"

// Archive packs contents under a.npy, b.npy, ...
func Archive(method uint16, contents ...[]byte) []byte {
	members := make([]member, len(contents))
	for i, content := range contents {
		members[i] = member{string(rune('a'+i)) + ".npy", string(content)}
	}
	return archiveOf(method, members...)
}

// lying is an archive whose directory announces other sizes than there are.
func lying(compressed, uncompressed uint64) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	content := Array(PlainArray, 8)
	member, err := w.CreateRaw(&zip.FileHeader{Name: "a.npy", Method: zip.Store, CRC32: crc32.ChecksumIEEE(content),
		CompressedSize64: compressed, UncompressedSize64: uncompressed})
	if err != nil {
		panic(err)
	}
	member.Write(content)
	w.Close()
	return b.Bytes()
}

func changed(b []byte, old, new string) []byte { return bytes.ReplaceAll(b, []byte(old), []byte(new)) }

// Named packs the plain array under these names.
func Named(names ...string) []byte {
	members := make([]member, len(names))
	for i, name := range names {
		members[i] = member{name, string(Array(PlainArray, 8))}
	}
	return archiveOf(zip.Deflate, members...)
}

// Arrays are malformed NumPy archives.
func Arrays() []Case {
	return slices.Concat(archiveCases(), arrayCases(), arrayHeaderCases())
}

// archiveCases: the zip around the arrays.
func archiveCases() []Case {
	good := Archive(zip.Store, Array(PlainArray, 8))
	long := Archive(zip.Store, Array("{'descr': '<f4', 'fortran_order': False, 'shape': (64,), }", 256))
	bomb := Array("{'descr': '<f4', 'fortran_order': False, 'shape': (8388608,), }", 1<<25)
	part := Array("{'descr': '<f4', 'fortran_order': False, 'shape': (2097152,), }", 1<<23)
	return []Case{
		{"empty", nil, []string{"unknown kind"}},
		{"text", []byte("no archive"), []string{"text"}},
		{"pickle", []byte("\x80\x02}q\x00."), []string{"pickle"}},
		{"an array alone", Array(PlainArray, 8), []string{"NumPy array"}},
		{"safetensors", Pack("{"+EntryA+"}", 8), []string{"unknown kind"}},
		{"cut", good[:len(good)-30], []string{"broken zip"}},
		{"cut in the data", append(bytes.Clone(good[:60]), good[80:]...), nil},
		{"checksum", changed(long, strings.Repeat("\x00", 100), strings.Repeat("\x00", 99)+"\x01"), []string{"end well"}},
		{"member twice", Named("a.npy", "a.npy"), []string{"twice"}},
		{"no array", Named("a.txt"), []string{"a.txt", ".npy"}},
		{"folder", Named("a/"), []string{"no array"}},
		{"name not in UTF-8", Named("\xff.npy"), []string{"UTF-8"}},
		{"more than the file", lying(1<<40, 1<<40), nil},
		{"stored, two sizes", lying(uint64(len(Array(PlainArray, 8))), 1<<20), nil},
		{"petabytes", lying(1<<60, 1<<60), nil},
		{"bomb", Archive(zip.Deflate, bomb), []string{"16 times"}},
		{"bomb in parts", Archive(zip.Deflate, part, part, part), []string{`"c.npy"`, "16 times"}},
		{"method 99", changed(Named("a.npy"), "\x08\x00\x00\x00", "\x63\x00\x00\x00"), nil},
	}
}

// arrayCases: an array that does not agree with itself.
func arrayCases() []Case {
	return []Case{
		{"empty member", Archive(zip.Store, nil), []string{"first 8 bytes"}},
		{"other magic", Archive(zip.Store, changed(Array(PlainArray, 8), ArrayMagic, "\x93NUMPX")), []string{"NUMPX"}},
		{"version 4", Archive(zip.Store, changed(Array(PlainArray, 8), "NUMPY\x01", "NUMPY\x04")), []string{"version 4"}},
		{"version 2 of one", Archive(zip.Store, changed(Array(PlainArray, 8), "NUMPY\x01", "NUMPY\x02")), []string{"header"}},
		{"header of 4 GB", Archive(zip.Store, []byte(ArrayMagic+"\x02\x00\xff\xff\xff\xff{")), []string{"longer array header"}},
		{"header beyond the end", Archive(zip.Store, []byte(ArrayMagic+"\x01\x00\xff\xff{")), []string{"header"}},
		{"too much data", Archive(zip.Store, Array(PlainArray, 9)), []string{"sizes that agree"}},
		{"too little data", Archive(zip.Store, Array(PlainArray, 7)), []string{"sizes that agree"}},
	}
}

// arrayHeaderCases: the Python literal that describes an array.
func arrayHeaderCases() []Case {
	with := func(old, new string) string { return strings.Replace(PlainArray, old, new, 1) }
	var cases []Case
	for _, dict := range []string{
		"", "{", "{}", "[]", PlainArray + "x", PlainArray[:20], "{'descr': '<f4', 'fortran_order': False, }", with("}", "'x': 1}"),
		with("'descr': '<f4'", "'descr': '<f4', 'descr': '<f4'"), with("False", "0"),
		with("(2,)", "2"), with("(2,)", "(-2,)"), with("(2,)", "(2.0,)"),
		with("(2,)", "(99999999999999999999,)"), with("(2,)", "(4294967296, 4294967296, 4294967296)"),
		with("(2,)", "(1,1,1,1,1,1,1,1,2)"), with("(2,)", "(,)"), with("(2,)", "(2"),
		with("'<f4'", "'<f4"), with("'<f4'", `'\x3cf4'`), with("'<f4'", "<f4"),
		"{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': (2,), }",
	} {
		cases = append(cases, Case{fmt.Sprintf("header %.60q", dict), Archive(zip.Store, Array(dict, 8)), []string{`"a.npy"`}})
	}
	for _, c := range []struct{ dtype, want string }{
		{"|O", "run code"}, {"O", "run code"}, {"|b1", "element type"}, {">f4", "element type"}, {"<c8", "element type"}, {"<U4", "element type"},
		{"|S4", "element type"}, {"<M8[ns]", "element type"}, {"f4", "element type"}, {"", "element type"}, {"<f16", "element type"},
	} {
		cases = append(cases, Case{"type " + c.dtype, Archive(zip.Store, Array(with("<f4", c.dtype), 8)), []string{c.want}})
	}
	return append(cases, Case{"records", Archive(zip.Store, Array(with("'<f4'", "[('x', '<f4')]"), 8)), []string{"several fields"}})
}

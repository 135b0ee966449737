package weights

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// array is a .npy array: a version 1.0 header and zeros.
func array(dict string, dataBytes int) []byte {
	b := append([]byte(arrayMagic), 1, 0)
	b = binary.LittleEndian.AppendUint16(b, uint16(len(dict)))
	return append(append(b, dict...), make([]byte, dataBytes)...)
}

const plain = "{'descr': '<f4', 'fortran_order': False, 'shape': (2,), }"

// archive packs contents under a.npy, b.npy, ...
func archive(method uint16, contents ...[]byte) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for i, content := range contents {
		member, err := w.CreateHeader(&zip.FileHeader{Name: string(rune('a'+i)) + ".npy", Method: method})
		if err == nil {
			_, err = member.Write(content)
		}
		if err != nil {
			panic(err)
		}
	}
	w.Close()
	return b.Bytes()
}

// lying is an archive whose directory announces other sizes than there are.
func lying(compressed, uncompressed uint64) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	content := array(plain, 8)
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

func named(names ...string) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, name := range names {
		member, err := w.Create(name)
		if err != nil {
			panic(err)
		}
		member.Write(array(plain, 8))
	}
	w.Close()
	return b.Bytes()
}

func malformedArchives() []malformedCase {
	good := archive(zip.Store, array(plain, 8))
	long := archive(zip.Store, array("{'descr': '<f4', 'fortran_order': False, 'shape': (64,), }", 256))
	bomb := array("{'descr': '<f4', 'fortran_order': False, 'shape': (8388608,), }", 1<<25)
	part := array("{'descr': '<f4', 'fortran_order': False, 'shape': (2097152,), }", 1<<23)
	cases := []malformedCase{
		{"empty", nil, []string{"unknown kind"}},
		{"text", []byte("no archive"), []string{"text"}},
		{"pickle", []byte("\x80\x02}q\x00."), []string{"pickle"}},
		{"an array alone", array(plain, 8), []string{"NumPy array"}},
		{"safetensors", pack("{"+entryA+"}", 8), []string{"unknown kind"}},
		{"cut", good[:len(good)-30], []string{"broken zip"}},
		{"cut in the data", append(bytes.Clone(good[:60]), good[80:]...), nil},
		{"checksum", changed(long, strings.Repeat("\x00", 100), strings.Repeat("\x00", 99)+"\x01"), []string{"end well"}},
		{"member twice", named("a.npy", "a.npy"), []string{"twice"}},
		{"no array", named("a.txt"), []string{"a.txt", ".npy"}},
		{"folder", named("a/"), []string{"no array"}},
		{"name not in UTF-8", named("\xff.npy"), []string{"UTF-8"}},
		{"more than the file", lying(1<<40, 1<<40), nil},
		{"stored, two sizes", lying(uint64(len(array(plain, 8))), 1<<20), nil},
		{"petabytes", lying(1<<60, 1<<60), nil},
		{"bomb", archive(zip.Deflate, bomb), []string{"16 times"}},
		{"bomb in parts", archive(zip.Deflate, part, part, part), []string{`"c.npy"`, "16 times"}},
		{"method 99", changed(named("a.npy"), "\x08\x00\x00\x00", "\x63\x00\x00\x00"), nil},
		{"empty member", archive(zip.Store, nil), []string{"first 8 bytes"}},
		{"other magic", archive(zip.Store, changed(array(plain, 8), arrayMagic, "\x93NUMPX")), []string{"NUMPX"}},
		{"version 4", archive(zip.Store, changed(array(plain, 8), "NUMPY\x01", "NUMPY\x04")), []string{"version 4"}},
		{"version 2 of one", archive(zip.Store, changed(array(plain, 8), "NUMPY\x01", "NUMPY\x02")), []string{"header"}},
		{"header of 4 GB", archive(zip.Store, []byte(arrayMagic+"\x02\x00\xff\xff\xff\xff{")), []string{"longer array header"}},
		{"header beyond the end", archive(zip.Store, []byte(arrayMagic+"\x01\x00\xff\xff{")), []string{"header"}},
		{"too much data", archive(zip.Store, array(plain, 9)), []string{"sizes that agree"}},
		{"too little data", archive(zip.Store, array(plain, 7)), []string{"sizes that agree"}},
	}
	for _, dict := range []string{
		"", "{", "{}", "[]", plain + "x", plain[:20], "{'descr': '<f4', 'fortran_order': False, }", strings.Replace(plain, "}", "'x': 1}", 1),
		strings.Replace(plain, "'descr': '<f4'", "'descr': '<f4', 'descr': '<f4'", 1), strings.Replace(plain, "False", "0", 1),
		strings.Replace(plain, "(2,)", "2", 1), strings.Replace(plain, "(2,)", "(-2,)", 1), strings.Replace(plain, "(2,)", "(2.0,)", 1),
		strings.Replace(plain, "(2,)", "(99999999999999999999,)", 1), strings.Replace(plain, "(2,)", "(4294967296, 4294967296, 4294967296)", 1),
		strings.Replace(plain, "(2,)", "(1,1,1,1,1,1,1,1,2)", 1), strings.Replace(plain, "(2,)", "(,)", 1), strings.Replace(plain, "(2,)", "(2", 1),
		strings.Replace(plain, "'<f4'", "'<f4", 1), strings.Replace(plain, "'<f4'", `'\x3cf4'`, 1), strings.Replace(plain, "'<f4'", "<f4", 1),
		"{'descr': __import__('os').system('true'), 'fortran_order': False, 'shape': (2,), }",
	} {
		cases = append(cases, malformedCase{fmt.Sprintf("header %.60q", dict), archive(zip.Store, array(dict, 8)), []string{`"a.npy"`}})
	}
	for dtype, want := range map[string]string{"|O": "run code", "O": "run code", "|b1": "element type", ">f4": "element type", "<c8": "element type",
		"<U4": "element type", "|S4": "element type", "<M8[ns]": "element type", "f4": "element type", "": "element type", "<f16": "element type"} {
		cases = append(cases, malformedCase{"type " + dtype, archive(zip.Store, array(strings.Replace(plain, "<f4", dtype, 1), 8)), []string{want}})
	}
	records := strings.Replace(plain, "'<f4'", "[('x', '<f4')]", 1)
	return append(cases, malformedCase{"records", archive(zip.Store, array(records, 8)), []string{"several fields"}})
}

// patience is milliseconds on an idle machine and allows for a busy one.
const patience = 20 * time.Second

// TestMalformedArchivesAreRefused: one error, soon, and no more memory than the file is worth.
func TestMalformedArchivesAreRefused(t *testing.T) {
	folder := t.TempDir()
	cases := malformedArchives()
	if len(cases) < 55 {
		t.Errorf("%d cases, want at least 55", len(cases))
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(folder, "weights.npz")
			if err := os.WriteFile(path, c.file, 0o644); err != nil {
				t.Fatal(err)
			}
			var before, after runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			_, err := ReadNPZ(path)
			taken := time.Since(start)
			runtime.ReadMemStats(&after)
			if used := after.TotalAlloc - before.TotalAlloc; taken > patience || used > 80<<20 {
				t.Errorf("took %v and %d MiB, want at most %v and 80 MiB", taken, used>>20, patience)
			}
			checkFault(t, err, append(c.want, path))
		})
	}
}

// TestUnusualButValidArchives: what NumPy and JAX write is read.
func TestUnusualButValidArchives(t *testing.T) {
	for name, file := range map[string][]byte{
		"compressed":      archive(zip.Deflate, array(plain, 8)),
		"no trailing":     archive(zip.Store, array("{'descr':'<f4','fortran_order':False,'shape':(2,)}", 8)),
		"other order":     archive(zip.Store, array(`{"shape": (1, 2), "fortran_order": True, "descr": "<f4"}   `+"\n", 8)),
		"scalar":          archive(zip.Store, array("{'descr': '<f4', 'fortran_order': False, 'shape': (), }", 4)),
		"bfloat16 of JAX": archive(zip.Store, array("{'descr': '|V2', 'fortran_order': False, 'shape': (4,), }", 8)),
		"no array":        named(),
		"path in a name":  named("../a.npy", "/b.npy", "opt/target/c.npy"),
	} {
		if _, err := DecodeNPZ(bytes.NewReader(file), int64(len(file)), "x"); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
}

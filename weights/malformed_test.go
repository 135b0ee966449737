package weights

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// pack builds a file from a header text and a number of zero data bytes.
func pack(header string, dataBytes int) []byte {
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(out, header...), make([]byte, dataBytes)...)
}

// length replaces the header length.
func length(file []byte, n uint64) []byte {
	out := bytes.Clone(file)
	binary.LittleEndian.PutUint64(out, n)
	return out
}

const (
	entryA = `"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}`
	entryB = `"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}`
)

// malformedCase is a file that must be refused, with words its error must hold.
type malformedCase struct {
	name string
	file []byte
	want []string
}

func one(dtype, shape, offsets string) string {
	return fmt.Sprintf(`{"a":{"dtype":%s,"shape":%s,"data_offsets":%s}}`, dtype, shape, offsets)
}

func malformedCases() []malformedCase {
	good := pack("{"+entryA+","+entryB+"}", 16)
	cases := []malformedCase{
		// length and frame
		{"empty", nil, []string{"0 bytes"}},
		{"one byte", []byte{1}, []string{"1 bytes"}},
		{"seven bytes", make([]byte, 7), []string{"7 bytes"}},
		{"length only", make([]byte, 8), []string{"header length"}},
		{"header of 1 byte", pack("{", 0), []string{"header length"}},
		{"length beyond the file", length(good, 1000), []string{"header length", "1000"}},
		{"length one beyond the file", length(good, uint64(len(good)-7)), []string{"header length"}},
		{"length 2^63", length(good, 1<<63), []string{"header length"}},
		{"length 2^64-1", length(good, 1<<64-1), []string{"header length"}},
		{"length 2^64-8, wraps to 0", length(good, 1<<64-8), []string{"header length"}},
		{"length over 16 MiB", pack(strings.Repeat(" ", MaxHeaderBytes+1), 0), []string{"header length", "16777216"}},
		{"length one short", length(good, binary.LittleEndian.Uint64(good)-1), []string{"header"}},
		{"length one long", length(good, binary.LittleEndian.Uint64(good)+1), []string{"header"}},
		{"cut by one byte", good[:len(good)-1], []string{`tensor "b"`, "data_offsets", "15"}},
		{"cut in the header", good[:40], []string{"header length"}},
		{"one byte more", append(bytes.Clone(good), 0), []string{"length", "17", "16"}},
		{"no tensors but data", pack("{}", 4), []string{"length", "4 data bytes"}},
		// JSON
		{"null", pack("null", 0), []string{"header", "{"}},
		{"list", pack("[]", 0), []string{"header", "{"}},
		{"string", pack(`"{}"`, 0), []string{"header"}},
		{"leading space", pack(" {}", 0), []string{"header", "{"}},
		{"byte order mark", pack("\xef\xbb\xbf{}", 0), []string{"header"}},
		{"trailing newline", pack("{}\n", 0), []string{"header", "spaces"}},
		{"trailing NUL", pack("{}\x00", 0), []string{"header", "spaces"}},
		{"second object", pack("{}{}", 0), []string{"header", "spaces"}},
		{"unclosed", pack("{"+entryA, 8), []string{"header"}},
		{"trailing comma", pack("{"+entryA+",}", 8), []string{"header"}},
		{"leading comma", pack("{,"+entryA+"}", 8), []string{"header"}},
		{"no colon", pack(`{"a"{}}`, 0), []string{"colon"}},
		{"comment", pack("{/**/"+entryA+"}", 8), []string{"header"}},
		{"single quotes", pack(strings.ReplaceAll("{"+entryA+"}", `"`, "'"), 8), []string{"header"}},
		{"unquoted key", pack(`{a:{}}`, 0), []string{"header"}},
		{"NUL in a name", pack("{\"a\x00\":{}}", 0), []string{"control"}},
		{"newline in a name", pack("{\"a\n\":{}}", 0), []string{"control"}},
		{"open string", pack(`{"aaaa`, 0), []string{"closing quote"}},
		{"bad escape", pack(`{"\x41":{}}`, 0), []string{"escape"}},
		{"short unicode escape", pack(`{"\u41":{}}`, 0), []string{"escape"}},
		{"lone high surrogate", pack(`{"\ud800":{}}`, 0), []string{"escape"}},
		{"lone low surrogate", pack(`{"\udc00":{}}`, 0), []string{"escape"}},
		{"two high surrogates", pack(`{"\ud800\ud800":{}}`, 0), []string{"escape"}},
		{"escape at the end", pack(`{"\`, 0), []string{"escape"}},
		{"invalid UTF-8 name", pack("{\"\xff\":"+strings.TrimPrefix(entryA, `"a":`)+"}", 8), []string{"UTF-8"}},
		{"overlong UTF-8", pack("{\"\xc0\xaf\":"+strings.TrimPrefix(entryA, `"a":`)+"}", 8), []string{"UTF-8"}},
		{"invalid UTF-8 metadata", pack("{\"__metadata__\":{\"a\":\"\xff\"}}", 0), []string{"UTF-8"}},
		{"deep nesting", pack(`{"a":`+strings.Repeat(`{"a":`, 100_000), 0), []string{`tensor "a"`}},
		{"deep lists", pack(`{"a":{"shape":`+strings.Repeat("[", 100_000), 0), []string{"shape"}},
		// keys
		{"duplicate tensor", pack("{"+entryA+","+strings.Replace(entryB, `"b"`, `"a"`, 1)+"}", 16), []string{`"a"`, "twice"}},
		{"duplicate by escape", pack("{"+entryA+","+strings.Replace(entryB, `"b"`, `"\u0061"`, 1)+"}", 16), []string{`"a"`, "twice"}},
		{"duplicate dtype", pack(`{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 8), []string{`"dtype"`, "twice"}},
		{"duplicate metadata", pack(`{"__metadata__":{},"__metadata__":{}}`, 0), []string{"__metadata__", "twice"}},
		{"duplicate metadata key", pack(`{"__metadata__":{"k":"1","k":"2"}}`, 0), []string{`"k"`, "twice"}},
		{"unknown key", pack(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"stride":[1]}}`, 8), []string{`"stride"`}},
		{"upper-case key", pack(`{"a":{"DTYPE":"F32","shape":[2],"data_offsets":[0,8]}}`, 8), []string{`"DTYPE"`}},
		{"no dtype", pack(`{"a":{"shape":[2],"data_offsets":[0,8]}}`, 8), []string{"dtype", "none"}},
		{"no shape", pack(`{"a":{"dtype":"F32","data_offsets":[0,8]}}`, 8), []string{"shape", "none"}},
		{"no offsets", pack(`{"a":{"dtype":"F32","shape":[2]}}`, 8), []string{"data_offsets", "none"}},
		{"empty entry", pack(`{"a":{}}`, 0), []string{`tensor "a"`, "none"}},
		{"entry null", pack(`{"a":null}`, 0), []string{`tensor "a"`}},
		{"entry list", pack(`{"a":["F32",[2],[0,8]]}`, 8), []string{`tensor "a"`}},
		{"entry number", pack(`{"a":1}`, 0), []string{`tensor "a"`}},
		// metadata
		{"metadata null", pack(`{"__metadata__":null}`, 0), []string{"__metadata__"}},
		{"metadata number", pack(`{"__metadata__":{"n":1}}`, 0), []string{"__metadata__", `"n"`}},
		{"metadata null value", pack(`{"__metadata__":{"n":null}}`, 0), []string{"__metadata__"}},
		{"metadata nested", pack(`{"__metadata__":{"n":{}}}`, 0), []string{"__metadata__"}},
		{"metadata list", pack(`{"__metadata__":[]}`, 0), []string{"__metadata__"}},
		{"metadata is a tensor", pack(`{"__metadata__":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 8), []string{"__metadata__"}},
		// shape
		{"shape null", pack(one(`"F32"`, `null`, `[0,8]`), 8), []string{"shape"}},
		{"shape number", pack(one(`"F32"`, `2`, `[0,8]`), 8), []string{"shape"}},
		{"shape string", pack(one(`"F32"`, `"2"`, `[0,8]`), 8), []string{"shape"}},
		{"shape nested", pack(one(`"F32"`, `[[2]]`, `[0,8]`), 8), []string{"shape"}},
		{"axis null", pack(one(`"F32"`, `[null]`, `[0,8]`), 8), []string{"shape"}},
		{"axis negative", pack(one(`"F32"`, `[-2]`, `[0,8]`), 8), []string{"shape"}},
		{"two axes negative", pack(one(`"F32"`, `[-1,-2]`, `[0,8]`), 8), []string{"shape"}},
		{"axis minus zero", pack(one(`"F32"`, `[-0]`, `[0,0]`), 0), []string{"shape"}},
		{"axis fraction", pack(one(`"F32"`, `[2.0]`, `[0,8]`), 8), []string{"shape"}},
		{"axis exponent", pack(one(`"F32"`, `[2e0]`, `[0,8]`), 8), []string{"shape"}},
		{"axis leading zero", pack(one(`"F32"`, `[02]`, `[0,8]`), 8), []string{"shape"}},
		{"axis plus", pack(one(`"F32"`, `[+2]`, `[0,8]`), 8), []string{"shape"}},
		{"axis hex", pack(one(`"F32"`, `[0x2]`, `[0,8]`), 8), []string{"shape"}},
		{"axis NaN", pack(one(`"F32"`, `[NaN]`, `[0,8]`), 8), []string{"shape"}},
		{"axis 2^63", pack(one(`"F32"`, `[9223372036854775808]`, `[0,8]`), 8), []string{"shape"}},
		{"axis of 400 digits", pack(one(`"F32"`, `[`+strings.Repeat("9", 400)+`]`, `[0,8]`), 8), []string{"shape"}},
		{"nine axes", pack(one(`"F32"`, `[1,1,1,1,1,1,1,1,2]`, `[0,8]`), 8), []string{"shape", "8"}},
		{"100,000 axes", pack(one(`"F32"`, `[`+strings.Repeat("1,", 100_000)+`2]`, `[0,8]`), 8), []string{"shape", "8"}},
		{"trailing comma in shape", pack(one(`"F32"`, `[2,]`, `[0,8]`), 8), []string{"shape"}},
		{"2^32 x 2^32 on no bytes", pack(one(`"F32"`, `[4294967296,4294967296]`, `[0,0]`), 0), []string{"shape"}},
		{"2^62 floats on no bytes", pack(one(`"F32"`, `[4611686018427387904]`, `[0,0]`), 0), []string{"shape"}},
		{"2^61 doubles on no bytes", pack(one(`"F64"`, `[2305843009213693952]`, `[0,0]`), 0), []string{"shape"}},
		{"3.7e27 floats on 16 bytes", pack(one(`"F32"`, `[60944740921344,60944740921344]`, `[0,16]`), 16), []string{"shape"}},
		// offsets
		{"offsets null", pack(one(`"F32"`, `[2]`, `null`), 8), []string{"data_offsets"}},
		{"offsets empty", pack(one(`"F32"`, `[2]`, `[]`), 8), []string{"data_offsets", "0 values"}},
		{"one offset", pack(one(`"F32"`, `[2]`, `[0]`), 8), []string{"data_offsets", "1 values"}},
		{"three offsets", pack(one(`"F32"`, `[2]`, `[0,8,8]`), 8), []string{"data_offsets", "2"}},
		{"offset negative", pack(one(`"F32"`, `[2]`, `[-8,0]`), 0), []string{"data_offsets"}},
		{"offset text", pack(one(`"F32"`, `[2]`, `["0","8"]`), 8), []string{"data_offsets"}},
		{"offset fraction", pack(one(`"F32"`, `[2]`, `[0,8.5]`), 8), []string{"data_offsets"}},
		{"offsets reversed", pack(one(`"F32"`, `[2]`, `[8,0]`), 8), []string{"data_offsets", "8 to 0"}},
		{"end past the file", pack(one(`"F32"`, `[4]`, `[0,16]`), 8), []string{"data_offsets", "8 data bytes"}},
		{"both past the file", pack(one(`"F32"`, `[2]`, `[100,108]`), 8), []string{"data_offsets"}},
		{"offsets near 2^63", pack(one(`"F32"`, `[2]`, `[9223372036854775799,9223372036854775807]`), 8), []string{"data_offsets"}},
		{"offsets over 2^63", pack(one(`"F32"`, `[2]`, `[18446744073709551608,18446744073709551616]`), 8), []string{"data_offsets"}},
		{"size too small", pack(one(`"F32"`, `[2]`, `[0,4]`), 4), []string{"data_offsets", "4 bytes", "8 bytes"}},
		{"size too large", pack(one(`"F32"`, `[2]`, `[0,16]`), 16), []string{"data_offsets", "16 bytes", "8 bytes"}},
		{"scalar without data", pack(one(`"F32"`, `[]`, `[0,0]`), 0), []string{"data_offsets", "4 bytes"}},
		{"hole at the start", pack(one(`"F32"`, `[2]`, `[4,12]`), 12), []string{"data_offsets", "belong to no tensor"}},
		{"hole between", pack("{"+entryA+","+strings.Replace(entryB, "8,16", "12,20", 1)+"}", 20), []string{`"b"`, "belong to no tensor"}},
		{"overlap", pack("{"+entryA+","+strings.Replace(entryB, "8,16", "4,12", 1)+"}", 12), []string{`"b"`, "overlaps"}},
		{"two on one range", pack("{"+entryA+","+strings.Replace(entryB, "8,16", "0,8", 1)+"}", 8), []string{`"b"`, "overlaps"}},
		{"empty tensor inside another", pack("{"+entryA+`,"z":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}`, 8), []string{`"z"`}},
		{"empty tensor past the end", pack(one(`"F32"`, `[0]`, `[8,8]`), 0), []string{"data_offsets"}},
		// element types and their bytes
		{"BOOL of 2", append(pack(one(`"BOOL"`, `[1]`, `[0,1]`), 0), 2), []string{`tensor "a"`, "byte 2", "BOOL"}},
		{"BOOL of 255 late", append(pack(one(`"BOOL"`, `[4]`, `[0,4]`), 3), 255), []string{"element 3"}},
		{"three F4", pack(one(`"F4"`, `[3]`, `[0,2]`), 2), []string{"shape", "whole number of bytes"}},
		{"one F6", pack(one(`"F6_E2M3"`, `[1]`, `[0,1]`), 1), []string{"shape", "whole number of bytes"}},
	}
	for _, dtype := range []string{`""`, `"INVALID"`, `"Float32"`, `"f32"`, `"float32"`, `"I4"`, `"U4"`, `"F32 "`, `"F128"`, `"C128"`, `"COMPLEX64"`,
		`"F8"`, `"bf16"`, `"bool"`, `null`, `32`, `["F32"]`} {
		cases = append(cases, malformedCase{"dtype " + dtype, pack(one(dtype, `[2]`, `[0,8]`), 8), []string{`tensor "a"`, "dtype"}})
	}
	var many strings.Builder
	for i := range MaxTensors + 1 {
		fmt.Fprintf(&many, `,"%d":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`, i)
	}
	return append(cases, malformedCase{"100,001 tensors", pack("{"+many.String()[1:]+"}", 0), []string{"100000"}})
}

// foreignCases are files of other kinds under a name that claims safetensors.
func foreignCases() []malformedCase {
	return []malformedCase{
		{"zip", append([]byte("PK\x03\x04"), make([]byte, 60)...), []string{"zip", "robustvit convert"}},
		{"pickle 2", append([]byte("\x80\x02}q\x00."), make([]byte, 60)...), []string{"pickle", "robustvit convert"}},
		{"pickle 4", append([]byte("\x80\x04\x95"), make([]byte, 60)...), []string{"pickle", "robustvit convert"}},
		{"pickle of 3 bytes", []byte("\x80\x02N"), []string{"pickle", "robustvit convert"}},
		{"pickle 0", []byte("cos\nsystem\n(S'true'\ntR."), []string{"pickle", "robustvit convert"}},
		{"HDF5", append([]byte("\x89HDF\r\n\x1a\n"), make([]byte, 60)...), []string{"HDF5"}},
		{"gzip", append([]byte("\x1f\x8b\x08"), make([]byte, 60)...), []string{"gzip"}},
		{"NumPy", append([]byte("\x93NUMPY\x01\x00"), make([]byte, 60)...), []string{"NumPy"}},
		{"GGUF", append([]byte("GGUF\x03\x00\x00\x00"), make([]byte, 60)...), []string{"GGUF"}},
		{"PNG", append([]byte("\x89PNG\r\n\x1a\n"), make([]byte, 60)...), []string{"PNG"}},
		{"JPEG", append([]byte("\xff\xd8\xff\xe0"), make([]byte, 60)...), []string{"JPEG"}},
		{"LFS pointer", []byte("version https://git-lfs.github.com/spec/v1\noid sha256:00\nsize 1\n"), []string{"LFS"}},
		{"web page", []byte("<!DOCTYPE html><html><body>404</body></html>"), []string{"text", "DOCTYPE"}},
		{"text", []byte("these are not the weights"), []string{"text"}},
		{"tar", func() []byte {
			b := make([]byte, 1024)
			copy(b, "file")
			copy(b[257:], "ustar")
			return b
		}(), []string{"tar"}},
	}
}

func TestMalformedFilesAreRefused(t *testing.T) {
	folder := t.TempDir()
	cases := append(malformedCases(), foreignCases()...)
	if len(cases) < 120 {
		t.Errorf("%d cases, want at least 120", len(cases))
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			path := filepath.Join(folder, "weights.safetensors")
			if err := os.WriteFile(path, c.file, 0o644); err != nil {
				t.Fatal(err)
			}
			start := time.Now()
			_, err := Read(path)
			if taken := time.Since(start); taken > time.Second {
				t.Errorf("took %v, want at most 1 s", taken)
			}
			checkFault(t, err, append(c.want, path))
			if _, err := Decode(bytes.NewReader(c.file), int64(len(c.file)), "x"); err == nil {
				t.Error("Decode accepted it")
			}
		})
	}
}

// checkFault demands an error in the house's form: file, words, next step, one line of bounded length.
func checkFault(t *testing.T, err error, words []string) {
	t.Helper()
	if err == nil {
		t.Fatal("accepted")
	}
	for _, word := range words {
		if !strings.Contains(err.Error(), word) {
			t.Errorf("error %q lacks %q", err, word)
		}
	}
	fault, ok := errors.AsType[*Fault](err)
	if !ok || fault.Next == "" || fault.Found == "" || fault.Expected == "" {
		t.Errorf("error %q lacks found, expected or next step", err)
	}
	if strings.ContainsAny(err.Error(), "\n\x00\xff") || len(err.Error()) > 1500 {
		t.Errorf("error of %d bytes with raw bytes of the file or too long: %.300q", len(err.Error()), err)
	}
}

// What the format allows is read: refusing too much is a fault as well.
func TestUnusualButValid(t *testing.T) {
	for name, file := range map[string][]byte{
		"no tensors":          pack("{}", 0),
		"padded":              pack("{}      ", 0),
		"empty metadata":      pack(`{"__metadata__":{}}`, 0),
		"metadata last":       pack("{"+entryA+`,"__metadata__":{"a":"b"}}`, 8),
		"white space":         pack("{ \"a\" :\t{ \"shape\" : [ 2 ] ,\n\"dtype\":\"F32\",\r\"data_offsets\": [ 0 , 8 ] } }", 8),
		"order by name":       pack("{"+entryB+","+entryA+"}", 16),
		"scalar":              pack(one(`"F32"`, `[]`, `[0,4]`), 4),
		"empty tensor":        pack(one(`"F32"`, `[0,3]`, `[0,0]`), 0),
		"empty beside other":  pack("{"+entryA+`,"z":{"dtype":"F32","shape":[0],"data_offsets":[8,8]},"y":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`, 8),
		"eight axes":          pack(one(`"F32"`, `[1,1,1,1,1,1,1,2]`, `[0,8]`), 8),
		"escapes":             pack(`{"\u00e9\"\\\/\b\f\n\r\t\ud83d\ude00":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1),
		"empty name":          pack(`{"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1),
		"two F4":              pack(one(`"F4"`, `[2]`, `[0,1]`), 1),
		"four F6":             pack(one(`"F6_E3M2"`, `[4]`, `[0,3]`), 3),
		"header of 640 bytes": pack("{}"+strings.Repeat(" ", 638), 0), // begins like a pickle: 0x80 0x02
	} {
		if f, err := Decode(bytes.NewReader(file), int64(len(file)), "x"); err != nil {
			t.Errorf("%s: %v", name, err)
		} else if name == "escapes" && f.Tensors[0].Name != "é\"\\/\b\f\n\r\t😀" {
			t.Errorf("escapes: name %q", f.Tensors[0].Name)
		}
	}
}

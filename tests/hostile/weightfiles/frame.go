package weightfiles

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
)

// frameCases: the file's length, the header's length, the data's length.
func frameCases() []Case {
	good := Pack("{"+EntryA+","+EntryB+"}", 16)
	return []Case{
		{"empty", nil, []string{"0 bytes"}},
		{"one byte", []byte{1}, []string{"1 bytes"}},
		{"seven bytes", make([]byte, 7), []string{"7 bytes"}},
		{"length only", make([]byte, 8), []string{"header length"}},
		{"header of 1 byte", Pack("{", 0), []string{"header length"}},
		{"length beyond the file", Length(good, 1000), []string{"header length", "1000"}},
		{"length one beyond the file", Length(good, uint64(len(good)-7)), []string{"header length"}},
		{"length 2^63", Length(good, 1<<63), []string{"header length"}},
		{"length 2^64-1", Length(good, 1<<64-1), []string{"header length"}},
		{"length 2^64-8, wraps to 0", Length(good, 1<<64-8), []string{"header length"}},
		{"length over 16 MiB", Pack(strings.Repeat(" ", maxHeaderBytes+1), 0), []string{"header length", "16777216"}},
		{"length one short", Length(good, binary.LittleEndian.Uint64(good)-1), []string{"header"}},
		{"length one long", Length(good, binary.LittleEndian.Uint64(good)+1), []string{"header"}},
		{"cut by one byte", good[:len(good)-1], []string{`tensor "b"`, "data_offsets", "15"}},
		{"cut in the header", good[:40], []string{"header length"}},
		{"one byte more", append(bytes.Clone(good), 0), []string{"length", "17", "16"}},
		{"no tensors but data", Pack("{}", 4), []string{"length", "4 data bytes"}},
	}
}

// maxHeaderBytes is the reader's limit; its test holds the two together.
const maxHeaderBytes = 16 << 20

// cutCases cut a sound file at each kind of place.
func cutCases() []Case {
	good := Pack("{"+EntryA+","+EntryB+"}", 16)
	header := len(good) - 16
	place := func(text string, into int) int { return bytes.Index(good, []byte(text)) + into }
	var cases []Case
	for _, c := range []struct {
		where string
		at    int
		words []string
	}{
		{"in the length", 4, []string{"4 bytes"}},
		{"after the length", 8, []string{"header length"}},
		{"after the brace", 9, []string{"header length"}},
		{"in a name", place(`"b"`, 2), []string{"header length"}},
		{"in a field's name", place(`dtype`, 3), []string{"header length"}},
		{"in the element type", place(`F32`, 1), []string{"header length"}},
		{"in the shape", place(`[2]`, 1), []string{"header length"}},
		{"in the offsets", place(`[8,16]`, 3), []string{"header length"}},
		{"before the last brace", header - 1, []string{"header length"}},
		{"behind the header", header, []string{`tensor "a"`, "data_offsets", "0 data bytes"}},
		{"in the first tensor", header + 3, []string{`tensor "a"`, "data_offsets", "3 data bytes"}},
		{"between the tensors", header + 8, []string{`tensor "b"`, "data_offsets", "8 data bytes"}},
		{"in the last tensor", header + 12, []string{`tensor "b"`, "data_offsets", "12 data bytes"}},
	} {
		cases = append(cases, Case{fmt.Sprintf("cut %s", c.where), good[:c.at], c.words})
	}
	return cases
}

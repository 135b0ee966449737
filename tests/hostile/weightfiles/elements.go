package weightfiles

import (
	"fmt"
	"strings"
)

// Elements are the format's element types by their width in bits.
var Elements = []struct {
	DType string
	Bits  int
}{
	{"BOOL", 8}, {"F4", 4}, {"F6_E2M3", 6}, {"F6_E3M2", 6}, {"U8", 8}, {"I8", 8},
	{"F8_E5M2", 8}, {"F8_E4M3", 8}, {"F8_E8M0", 8}, {"F8_E4M3FNUZ", 8}, {"F8_E5M2FNUZ", 8},
	{"I16", 16}, {"U16", 16}, {"F16", 16}, {"BF16", 16}, {"I32", 32}, {"U32", 32}, {"F32", 32},
	{"C64", 64}, {"F64", 64}, {"I64", 64}, {"U64", 64},
}

// elementCases: element types that the format does not have, and sizes that do
// not fit those it has.
func elementCases() []Case {
	cases := []Case{
		{"BOOL of 2", append(Pack(One(`"BOOL"`, `[1]`, `[0,1]`), 0), 2), []string{`tensor "a"`, "byte 2", "BOOL"}},
		{"BOOL of 255 late", append(Pack(One(`"BOOL"`, `[4]`, `[0,4]`), 3), 255), []string{"element 3"}},
		{"three F4", Pack(One(`"F4"`, `[3]`, `[0,2]`), 2), []string{"shape", "whole number of bytes"}},
		{"one F6", Pack(One(`"F6_E2M3"`, `[1]`, `[0,1]`), 1), []string{"shape", "whole number of bytes"}},
	}
	for _, e := range Elements { // 8 elements of any type fill whole bytes
		for _, size := range []int{e.Bits - 1, e.Bits + 1} {
			cases = append(cases, Case{fmt.Sprintf("%s in %d bytes", e.DType, size), Pack(One(`"`+e.DType+`"`, `[2,4]`, fmt.Sprintf("[0,%d]", size)), size),
				[]string{`tensor "a"`, "data_offsets", fmt.Sprintf("%d bytes", size), fmt.Sprintf("%d bytes for %s [2 4]", e.Bits, e.DType)}})
		}
	}
	for _, dtype := range []string{`""`, `"INVALID"`, `"Float32"`, `"f32"`, `"float32"`, `"I4"`, `"U4"`, `"F32 "`, `"F128"`, `"C128"`, `"COMPLEX64"`,
		`"F8"`, `"bf16"`, `"bool"`, `"F32\u0000"`, `null`, `true`, `32`, `["F32"]`, `{"F32":1}`} {
		cases = append(cases, Case{"dtype " + dtype, Pack(One(dtype, `[2]`, `[0,8]`), 8), []string{`tensor "a"`, "dtype"}})
	}
	return cases
}

// maxEntries is the reader's limit on tensors and on metadata.
const maxEntries = 100_000

// limitCases are large enough to hurt a reader that builds before it counts.
func limitCases() []Case {
	entries := func(n int, entry string) string {
		var b strings.Builder
		b.Grow(n * (len(entry) + 8))
		for i := range n {
			fmt.Fprintf(&b, entry, i)
		}
		return "{" + b.String()[1:] + "}"
	}
	const empty = `,"%d":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`
	name := strings.Repeat("n", 100)
	full := entries(maxEntries-1, `,"`+name+`%d":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}`)
	text := strings.Repeat("n", maxHeaderBytes-200)
	return []Case{
		{"100,001 tensors", Pack(entries(maxEntries+1, empty), 0), []string{"100000"}},
		{"200,000 tensors", Pack(entries(200_000, empty), 0), []string{"100000"}},
		{"a hole behind 99,999 tensors", Pack(full[:len(full)-1]+`,"z":{"dtype":"U8","shape":[1],"data_offsets":[1,2]}}`, 2),
			[]string{`tensor "z"`, "data_offsets", "belong to no tensor"}},
		{"a million metadata keys", Pack(`{"__metadata__":`+entries(1_000_000, `,"%d":""`)+`}`, 0), []string{"__metadata__", "100000"}},
		{"a name of 16 MiB", Pack(`{"layers.0.`+text+`.bias":{"dtype":"U8","shape":[0],"data_offsets":[0,0]}}`, 0), []string{`tensor "layers.0.nnn`, "name", "4096"}},
		{"an element type of 16 MiB", Pack(`{"a":{"dtype":"`+text+`"}}`, 0), []string{`tensor "a"`, "dtype", "bytes)"}},
		{"metadata of 16 MiB without an end", Pack(`{"__metadata__":{"a":"`+text, 0), []string{"__metadata__", "closing quote"}},
		{"16 MiB of escapes", Pack(`{"__metadata__":{"a":"`+strings.Repeat(`\u0041`, maxHeaderBytes/6-10)+`","a":""}}`, 0), []string{"__metadata__", "twice"}},
		{"16 MiB of white space", Pack(`{`+strings.Repeat(" \n", maxHeaderBytes/2-2), 0), []string{"header", "a string"}},
	}
}

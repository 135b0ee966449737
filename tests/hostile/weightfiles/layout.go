package weightfiles

import "strings"

// shapeCases: axes that are no numbers, too many, too large, or wrap around.
func shapeCases() []Case {
	return []Case{
		{"shape null", Pack(One(`"F32"`, `null`, `[0,8]`), 8), []string{"shape"}},
		{"shape number", Pack(One(`"F32"`, `2`, `[0,8]`), 8), []string{"shape"}},
		{"shape string", Pack(One(`"F32"`, `"2"`, `[0,8]`), 8), []string{"shape"}},
		{"shape nested", Pack(One(`"F32"`, `[[2]]`, `[0,8]`), 8), []string{"shape"}},
		{"axis null", Pack(One(`"F32"`, `[null]`, `[0,8]`), 8), []string{"shape"}},
		{"axis negative", Pack(One(`"F32"`, `[-2]`, `[0,8]`), 8), []string{"shape"}},
		{"two axes negative", Pack(One(`"F32"`, `[-1,-2]`, `[0,8]`), 8), []string{"shape"}},
		{"axis minus zero", Pack(One(`"F32"`, `[-0]`, `[0,0]`), 0), []string{"shape"}},
		{"axis fraction", Pack(One(`"F32"`, `[2.0]`, `[0,8]`), 8), []string{"shape"}},
		{"axis exponent", Pack(One(`"F32"`, `[2e0]`, `[0,8]`), 8), []string{"shape"}},
		{"axis leading zero", Pack(One(`"F32"`, `[02]`, `[0,8]`), 8), []string{"shape"}},
		{"axis plus", Pack(One(`"F32"`, `[+2]`, `[0,8]`), 8), []string{"shape"}},
		{"axis hex", Pack(One(`"F32"`, `[0x2]`, `[0,8]`), 8), []string{"shape"}},
		{"axis NaN", Pack(One(`"F32"`, `[NaN]`, `[0,8]`), 8), []string{"shape"}},
		{"axis 2^63", Pack(One(`"F32"`, `[9223372036854775808]`, `[0,8]`), 8), []string{"shape"}},
		{"axis of 400 digits", Pack(One(`"F32"`, `[`+strings.Repeat("9", 400)+`]`, `[0,8]`), 8), []string{"shape"}},
		{"nine axes", Pack(One(`"F32"`, `[1,1,1,1,1,1,1,1,2]`, `[0,8]`), 8), []string{"shape", "8"}},
		{"100,000 axes", Pack(One(`"F32"`, `[`+strings.Repeat("1,", 100_000)+`2]`, `[0,8]`), 8), []string{"shape", "8"}},
		{"trailing comma in shape", Pack(One(`"F32"`, `[2,]`, `[0,8]`), 8), []string{"shape"}},
		{"2^32 x 2^32 on no bytes", Pack(One(`"F32"`, `[4294967296,4294967296]`, `[0,0]`), 0), []string{"shape"}},
		{"2^62 floats on no bytes", Pack(One(`"F32"`, `[4611686018427387904]`, `[0,0]`), 0), []string{"shape"}},
		{"2^61 doubles on no bytes", Pack(One(`"F64"`, `[2305843009213693952]`, `[0,0]`), 0), []string{"shape"}},
		{"3.7e27 floats on 16 bytes", Pack(One(`"F32"`, `[60944740921344,60944740921344]`, `[0,16]`), 16), []string{"shape"}},
	}
}

// offsetCases: offsets that are no numbers, lead outside, overlap or leave holes.
func offsetCases() []Case {
	return []Case{
		{"offsets null", Pack(One(`"F32"`, `[2]`, `null`), 8), []string{"data_offsets"}},
		{"offsets empty", Pack(One(`"F32"`, `[2]`, `[]`), 8), []string{"data_offsets", "0 values"}},
		{"one offset", Pack(One(`"F32"`, `[2]`, `[0]`), 8), []string{"data_offsets", "1 values"}},
		{"three offsets", Pack(One(`"F32"`, `[2]`, `[0,8,8]`), 8), []string{"data_offsets", "2"}},
		{"offset negative", Pack(One(`"F32"`, `[2]`, `[-8,0]`), 0), []string{"data_offsets"}},
		{"offset text", Pack(One(`"F32"`, `[2]`, `["0","8"]`), 8), []string{"data_offsets"}},
		{"offset fraction", Pack(One(`"F32"`, `[2]`, `[0,8.5]`), 8), []string{"data_offsets"}},
		{"offsets reversed", Pack(One(`"F32"`, `[2]`, `[8,0]`), 8), []string{"data_offsets", "8 to 0"}},
		{"end past the file", Pack(One(`"F32"`, `[4]`, `[0,16]`), 8), []string{"data_offsets", "8 data bytes"}},
		{"both past the file", Pack(One(`"F32"`, `[2]`, `[100,108]`), 8), []string{"data_offsets"}},
		{"offsets near 2^63", Pack(One(`"F32"`, `[2]`, `[9223372036854775799,9223372036854775807]`), 8), []string{"data_offsets"}},
		{"offsets over 2^63", Pack(One(`"F32"`, `[2]`, `[18446744073709551608,18446744073709551616]`), 8), []string{"data_offsets"}},
		{"size too small", Pack(One(`"F32"`, `[2]`, `[0,4]`), 4), []string{"data_offsets", "4 bytes", "8 bytes"}},
		{"size too large", Pack(One(`"F32"`, `[2]`, `[0,16]`), 16), []string{"data_offsets", "16 bytes", "8 bytes"}},
		{"scalar without data", Pack(One(`"F32"`, `[]`, `[0,0]`), 0), []string{"data_offsets", "4 bytes"}},
		{"hole at the start", Pack(One(`"F32"`, `[2]`, `[4,12]`), 12), []string{"data_offsets", "belong to no tensor"}},
		{"hole between", Pack("{"+EntryA+","+strings.Replace(EntryB, "8,16", "12,20", 1)+"}", 20), []string{`"b"`, "belong to no tensor"}},
		{"overlap", Pack("{"+EntryA+","+strings.Replace(EntryB, "8,16", "4,12", 1)+"}", 12), []string{`"b"`, "overlaps"}},
		{"two on one range", Pack("{"+EntryA+","+strings.Replace(EntryB, "8,16", "0,8", 1)+"}", 8), []string{`"b"`, "overlaps"}},
		{"empty tensor inside another", Pack("{"+EntryA+`,"z":{"dtype":"F32","shape":[0],"data_offsets":[4,4]}}`, 8), []string{`"z"`}},
		{"empty tensor past the end", Pack(One(`"F32"`, `[0]`, `[8,8]`), 0), []string{"data_offsets"}},
	}
}

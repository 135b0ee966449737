package weightfiles

import "strings"

// Valid are safetensors that look odd and are allowed: refusing too much is a
// fault as well. The words must be in what is said about the file.
func Valid() []Case {
	return []Case{
		{"no tensors", Pack("{}", 0), nil},
		{"padded", Pack("{}      ", 0), nil},
		{"empty metadata", Pack(`{"__metadata__":{}}`, 0), nil},
		{"metadata last", Pack("{"+EntryA+`,"__metadata__":{"a":"b"}}`, 8), nil},
		{"white space", Pack("{ \"a\" :\t{ \"shape\" : [ 2 ] ,\n\"dtype\":\"F32\",\r\"data_offsets\": [ 0 , 8 ] } }", 8), nil},
		{"order by name", Pack("{"+EntryB+","+EntryA+"}", 16), nil},
		{"scalar", Pack(One(`"F32"`, `[]`, `[0,4]`), 4), []string{"[]"}},
		{"empty tensor", Pack(One(`"F32"`, `[0,3]`, `[0,0]`), 0), []string{"[0 3]"}},
		{"empty beside other", Pack("{"+EntryA+`,"z":{"dtype":"F32","shape":[0],"data_offsets":[8,8]},"y":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}}`, 8), nil},
		{"empty with large axes", Pack(One(`"F32"`, `[0,4611686018427387904,4611686018427387904]`, `[0,0]`), 0), nil},
		{"eight axes", Pack(One(`"F32"`, `[1,1,1,1,1,1,1,2]`, `[0,8]`), 8), nil},
		{"escapes", Pack(`{"\u00e9\"\\\/\b\f\n\r\t\ud83d\ude00":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1), []string{`é\"\\/\b\f\n\r\t😀`}},
		{"a name that steers a terminal", Pack(`{"\u001b[2J\u202e":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1), []string{`\x1b[2J\u202e`}},
		{"metadata that steers a terminal", Pack(`{"__metadata__":{"\u001b[2J":"\u001b[1A"}}`, 0), []string{`\x1b[2J`, `\x1b[1A`}},
		{"empty name", Pack(`{"":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}`, 1), nil},
		{"two F4", Pack(One(`"F4"`, `[2]`, `[0,1]`), 1), nil},
		{"four F6", Pack(One(`"F6_E3M2"`, `[4]`, `[0,3]`), 3), nil},
		{"header of 640 bytes", Pack("{}"+strings.Repeat(" ", 638), 0), nil}, // begins like a pickle: 0x80 0x02
	}
}

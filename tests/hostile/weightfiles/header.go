package weightfiles

import "strings"

// jsonCases: the header is no JSON, or not the JSON that the format allows.
func jsonCases() []Case {
	return []Case{
		{"null", Pack("null", 0), []string{"header", "{"}},
		{"list", Pack("[]", 0), []string{"header", "{"}},
		{"string", Pack(`"{}"`, 0), []string{"header"}},
		{"leading space", Pack(" {}", 0), []string{"header", "{"}},
		{"byte order mark", Pack("\xef\xbb\xbf{}", 0), []string{"header"}},
		{"trailing newline", Pack("{}\n", 0), []string{"header", "spaces"}},
		{"trailing NUL", Pack("{}\x00", 0), []string{"header", "spaces"}},
		{"second object", Pack("{}{}", 0), []string{"header", "spaces"}},
		{"unclosed", Pack("{"+EntryA, 8), []string{"header"}},
		{"trailing comma", Pack("{"+EntryA+",}", 8), []string{"header"}},
		{"leading comma", Pack("{,"+EntryA+"}", 8), []string{"header"}},
		{"no colon", Pack(`{"a"{}}`, 0), []string{"colon"}},
		{"comment", Pack("{/**/"+EntryA+"}", 8), []string{"header"}},
		{"single quotes", Pack(strings.ReplaceAll("{"+EntryA+"}", `"`, "'"), 8), []string{"header"}},
		{"unquoted key", Pack(`{a:{}}`, 0), []string{"header"}},
		{"NUL in a name", Pack("{\"a\x00\":{}}", 0), []string{"control"}},
		{"newline in a name", Pack("{\"a\n\":{}}", 0), []string{"control"}},
		{"open string", Pack(`{"aaaa`, 0), []string{"closing quote"}},
		{"bad escape", Pack(`{"\x41":{}}`, 0), []string{"escape"}},
		{"short unicode escape", Pack(`{"\u41":{}}`, 0), []string{"escape"}},
		{"lone high surrogate", Pack(`{"\ud800":{}}`, 0), []string{"escape"}},
		{"lone low surrogate", Pack(`{"\udc00":{}}`, 0), []string{"escape"}},
		{"two high surrogates", Pack(`{"\ud800\ud800":{}}`, 0), []string{"escape"}},
		{"escape at the end", Pack(`{"\`, 0), []string{"escape"}},
		{"invalid UTF-8 name", Pack("{\"\xff\":"+strings.TrimPrefix(EntryA, `"a":`)+"}", 8), []string{"UTF-8"}},
		{"overlong UTF-8", Pack("{\"\xc0\xaf\":"+strings.TrimPrefix(EntryA, `"a":`)+"}", 8), []string{"UTF-8"}},
		{"invalid UTF-8 metadata", Pack("{\"__metadata__\":{\"a\":\"\xff\"}}", 0), []string{"UTF-8"}},
		{"deep nesting", Pack(`{"a":`+strings.Repeat(`{"a":`, 100_000), 0), []string{`tensor "a"`}},
		{"deep lists", Pack(`{"a":{"shape":`+strings.Repeat("[", 100_000), 0), []string{"shape"}},
	}
}

// keyCases: keys that come twice, are unknown or missing.
func keyCases() []Case {
	return []Case{
		{"duplicate tensor", Pack("{"+EntryA+","+strings.Replace(EntryB, `"b"`, `"a"`, 1)+"}", 16), []string{`"a"`, "twice"}},
		{"duplicate by escape", Pack("{"+EntryA+","+strings.Replace(EntryB, `"b"`, `"\u0061"`, 1)+"}", 16), []string{`"a"`, "twice"}},
		{"duplicate dtype", Pack(`{"a":{"dtype":"F32","dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 8), []string{`"dtype"`, "twice"}},
		{"duplicate metadata", Pack(`{"__metadata__":{},"__metadata__":{}}`, 0), []string{"__metadata__", "twice"}},
		{"duplicate metadata key", Pack(`{"__metadata__":{"k":"1","k":"2"}}`, 0), []string{`"k"`, "twice"}},
		{"unknown key", Pack(`{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8],"stride":[1]}}`, 8), []string{`"stride"`}},
		{"upper-case key", Pack(`{"a":{"DTYPE":"F32","shape":[2],"data_offsets":[0,8]}}`, 8), []string{`"DTYPE"`}},
		{"no dtype", Pack(`{"a":{"shape":[2],"data_offsets":[0,8]}}`, 8), []string{"dtype", "none"}},
		{"no shape", Pack(`{"a":{"dtype":"F32","data_offsets":[0,8]}}`, 8), []string{"shape", "none"}},
		{"no offsets", Pack(`{"a":{"dtype":"F32","shape":[2]}}`, 8), []string{"data_offsets", "none"}},
		{"empty entry", Pack(`{"a":{}}`, 0), []string{`tensor "a"`, "none"}},
		{"entry null", Pack(`{"a":null}`, 0), []string{`tensor "a"`}},
		{"entry list", Pack(`{"a":["F32",[2],[0,8]]}`, 8), []string{`tensor "a"`}},
		{"entry number", Pack(`{"a":1}`, 0), []string{`tensor "a"`}},
	}
}

// metadataCases: metadata is text by text, or nothing.
func metadataCases() []Case {
	return []Case{
		{"metadata null", Pack(`{"__metadata__":null}`, 0), []string{"__metadata__"}},
		{"metadata number", Pack(`{"__metadata__":{"n":1}}`, 0), []string{"__metadata__", `"n"`}},
		{"metadata null value", Pack(`{"__metadata__":{"n":null}}`, 0), []string{"__metadata__"}},
		{"metadata nested", Pack(`{"__metadata__":{"n":{}}}`, 0), []string{"__metadata__"}},
		{"metadata list", Pack(`{"__metadata__":[]}`, 0), []string{"__metadata__"}},
		{"metadata is a tensor", Pack(`{"__metadata__":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}`, 8), []string{"__metadata__"}},
		{"metadata true", Pack(`{"__metadata__":{"n":true}}`, 0), []string{"__metadata__", `"n"`}},
		{"metadata a list of texts", Pack(`{"__metadata__":{"n":["a"]}}`, 0), []string{"__metadata__", `"n"`}},
		{"metadata text", Pack(`{"__metadata__":"n"}`, 0), []string{"__metadata__"}},
	}
}

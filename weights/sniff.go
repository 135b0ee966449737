package weights

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"
)

// sniffBytes is how much of a file its kind is told from (tar keeps its mark at byte 257).
const sniffBytes = 512

// magics are first bytes of files that people take for safetensors.
var magics = []struct {
	prefix, kind string
	checkpoint   bool // convert may read it
}{
	{"PK\x03\x04", "a zip archive (a PyTorch checkpoint?)", true},
	{"PK\x05\x06", "an empty zip archive", false},
	{"\x1f\x8b", "a gzip archive", false},
	{"\x93NUMPY", "a NumPy array", false},
	{"\x89PNG", "a PNG image", false},
	{"\xff\xd8\xff", "a JPEG image", false},
	{"\x7fELF", "a program", false},
	{"version https://git-lfs", "a Git LFS pointer, not the file itself", false},
}

// isPickle tells Python's pickle: protocol 2 to 5 by its mark, protocol 0 by a
// leading opcode that names a class ("cmodule\nname\n").
func isPickle(head []byte) bool {
	if len(head) > 2 && head[0] == 0x80 && head[1] >= 2 && head[1] <= 5 {
		return true
	}
	if len(head) > 4 && head[0] == 'c' {
		module, rest, ok := bytes.Cut(head[1:], []byte("\n"))
		name, _, ok2 := bytes.Cut(rest, []byte("\n"))
		return ok && ok2 && isIdentifier(module) && isIdentifier(name)
	}
	return false
}

func isIdentifier(text []byte) bool {
	for _, c := range text {
		letter := 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' || '0' <= c && c <= '9' || c == '_' || c == '.'
		if !letter {
			return false
		}
	}
	return len(text) > 0
}

// isSafetensors tells a head that at least begins like safetensors. A header
// of 640 bytes begins with the two bytes of a pickle, so '{' decides.
func isSafetensors(head []byte) bool {
	return len(head) > 8 && head[8] == '{' && binary.LittleEndian.Uint64(head) <= MaxHeaderBytes
}

// sniff recognises files of another kind by their first bytes and returns the
// error that tells what to do; nil where nothing is known about them.
func sniff(head []byte, name string) error {
	const expected = "safetensors"
	if isSafetensors(head) {
		return nil
	}
	if isPickle(head) {
		return &Fault{File: name, Found: "a Python pickle (a PyTorch checkpoint?), which can run code when loaded",
			Expected: expected, Next: convertHint(name)}
	}
	if IsNPZ(head) {
		return &Fault{File: name, Found: "a NumPy archive (.npz, a JAX checkpoint?)", Expected: expected, Next: convertHint(name)}
	}
	for _, m := range magics {
		if !bytes.HasPrefix(head, []byte(m.prefix)) {
			continue
		}
		next := "name a .safetensors file"
		if m.checkpoint {
			next = convertHint(name)
		}
		return &Fault{File: name, Found: m.kind, Expected: expected, Next: next}
	}
	if len(head) > 262 && string(head[257:262]) == "ustar" {
		return &Fault{File: name, Found: "a tar archive", Expected: expected, Next: "unpack it and name the .safetensors file"}
	}
	if other := OtherProgram(head, name); other != nil {
		return other
	}
	if len(head) > 0 && isText(head) {
		return &Fault{File: name, Found: fmt.Sprintf("text that begins %s", brief(string(head[:min(24, len(head))]))),
			Expected: expected, Next: "this is no weights file: check the path or download it again"}
	}
	return nil
}

func convertHint(name string) string {
	return fmt.Sprintf("turn it into safetensors first: robustvit convert %s", ShellWord(name))
}

// ShellWord quotes a path for a command line where it needs that.
func ShellWord(path string) string {
	if isIdentifier([]byte(strings.NewReplacer("/", "", "-", "").Replace(path))) && !strings.HasPrefix(path, "-") {
		return path
	}
	return "'" + strings.ReplaceAll(path, "'", `'\''`) + "'"
}

func isText(head []byte) bool {
	for _, c := range head {
		if c < 0x20 && c != '\n' && c != '\r' && c != '\t' {
			return false
		}
	}
	return true
}

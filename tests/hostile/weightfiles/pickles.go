package weightfiles

import (
	"archive/zip"
	"bytes"
	"encoding/binary"
	"maps"
	"slices"
	"strings"
)

// Checkpoint wraps a pickle and storages by key as torch.save does since 1.6.
func Checkpoint(pickle string, storages map[string]string, method uint16) []byte {
	members := []member{{"x/data.pkl", pickle}, {"x/byteorder", "little"}}
	for _, key := range slices.Sorted(maps.Keys(storages)) {
		members = append(members, member{"x/data/" + key, storages[key]})
	}
	return archiveOf(method, members...)
}

type member struct{ name, content string }

func archiveOf(method uint16, members ...member) []byte {
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	for _, m := range members {
		f, err := w.CreateHeader(&zip.FileHeader{Name: m.name, Method: method})
		if err == nil && !strings.HasSuffix(m.name, "/") { // a folder has no content
			_, err = f.Write([]byte(m.content))
		}
		if err != nil {
			panic(err) // a buffer takes everything
		}
	}
	w.Close()
	return b.Bytes()
}

// Legacy wraps a pickle and the storage "0" as torch.save did before 1.6.
func Legacy(pickle, storage string) []byte {
	const (
		magic   = "\x80\x02\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
		version = "\x80\x02M\xe9\x03."
		facts   = "\x80\x02}X\x0d\x00\x00\x00little_endian\x88s."
		keys    = "\x80\x02]X\x01\x00\x00\x000a."
	)
	out := []byte(magic + version + facts + pickle + keys)
	return append(binary.LittleEndian.AppendUint64(out, uint64(len(storage))), storage...)
}

// Tensor is the pickle of {name: tensor} on the storage "0" of bytes; numbers
// are opcodes, "K\x02" is 2.
func Tensor(name, elements, offset, size, stride string) string {
	return "\x80\x02}" + text(name) + tensor(elements, offset, size, stride) + "s."
}

// tensor leaves one on the stack.
func tensor(elements, offset, size, stride string) string {
	return "ctorch._utils\n_rebuild_tensor_v2\n((" + text("storage") + "ctorch\nByteStorage\n" + text("0") + text("cpu") + elements + "tQ" +
		offset + "(" + size + "t(" + stride + "t\x89)tR"
}

// text pushes a string.
func text(s string) string {
	return "X" + string(binary.LittleEndian.AppendUint32(nil, uint32(len(s)))) + s
}

// Six is a tensor of six bytes and its storage.
var (
	Six      = Tensor("w", "K\x06", "K\x00", "K\x06", "K\x01")
	Storages = map[string]string{"0": "123456"}
)

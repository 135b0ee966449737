// Package weightfiles builds weights files that are wrong, foreign or
// dangerous: safetensors, NumPy archives, PyTorch checkpoints. The fuzz targets
// of the readers begin with them, and the catalogue gives each to the command.
package weightfiles

import (
	"bytes"
	"encoding/binary"
	"fmt"
)

// Case is a file that must be refused, with words that its error must hold.
type Case struct {
	Name  string
	Bytes []byte
	Words []string
}

// Pack builds safetensors from a header text and a number of zero data bytes.
func Pack(header string, dataBytes int) []byte {
	out := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(out, header...), make([]byte, dataBytes)...)
}

// Length replaces the header length.
func Length(file []byte, n uint64) []byte {
	out := bytes.Clone(file)
	binary.LittleEndian.PutUint64(out, n)
	return out
}

// Entries of two tensors that lie one behind the other, 8 bytes each.
const (
	EntryA = `"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}`
	EntryB = `"b":{"dtype":"F32","shape":[2],"data_offsets":[8,16]}`
)

// One is the header of one tensor of these JSON texts.
func One(dtype, shape, offsets string) string {
	return fmt.Sprintf(`{"a":{"dtype":%s,"shape":%s,"data_offsets":%s}}`, dtype, shape, offsets)
}

// Names lists the cases' names, which are the same in every run.
func Names(cases []Case) []string {
	names := make([]string, len(cases))
	for i, c := range cases {
		names[i] = c.Name
	}
	return names
}

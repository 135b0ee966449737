package weights

import (
	"bufio"
	"bytes"
	"cmp"
	"encoding/binary"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"
)

// Write stores f as safetensors under path: whole or not at all, under a dot
// name in the same folder first, synced, renamed, folder synced. Two writes of
// the same content are equal byte for byte, whatever the order of its tensors.
func Write(path string, f *File) error {
	return writeAtomic(path, func(w io.Writer) error { return encode(w, f, path) })
}

// Encode writes f as safetensors to w, byte for byte what Write stores.
func Encode(w io.Writer, f *File) error {
	return encode(w, f, "(stream)")
}

func encode(w io.Writer, f *File, name string) error {
	tensors, err := writeOrder(f, name)
	if err != nil {
		return err
	}
	header, err := headerText(tensors, f.Metadata, name)
	if err != nil {
		return err
	}
	buffered := bufio.NewWriterSize(w, 1<<16)
	length := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	for _, part := range [][]byte{length, header} {
		if _, err := buffered.Write(part); err != nil {
			return err
		}
	}
	for _, t := range tensors {
		if _, err := buffered.Write(t.Data); err != nil {
			return err
		}
	}
	return buffered.Flush()
}

// writeOrder checks the tensors and sorts them as the reference writer does:
// widest alignment first, then by name.
func writeOrder(f *File, file string) ([]*Tensor, error) {
	if len(f.Tensors) > MaxTensors {
		return nil, &Fault{File: file, Found: fmt.Sprintf("%d tensors to write", len(f.Tensors)),
			Expected: fmt.Sprintf("at most %d", MaxTensors), Next: "split them over several files"}
	}
	tensors := make([]*Tensor, len(f.Tensors))
	seen := map[string]bool{metadataKey: true}
	for i := range f.Tensors {
		t := &f.Tensors[i]
		if err := t.check(file); err != nil {
			return nil, err
		}
		if seen[t.Name] {
			return nil, &Fault{File: file, Tensor: t.Name, Field: "name", Found: "a name that is taken",
				Expected: "each name once", Next: "rename the tensor"}
		}
		seen[t.Name] = true
		tensors[i] = t
	}
	slices.SortFunc(tensors, func(a, b *Tensor) int {
		return cmp.Or(cmp.Compare(b.DType.rank(), a.DType.rank()), cmp.Compare(a.Name, b.Name))
	})
	return tensors, nil
}

// check says whether the tensor may be written: what our reader would refuse is not written.
func (t *Tensor) check(file string) error {
	fault := func(field, found, expected string) error {
		return &Fault{File: file, Tensor: t.Name, Field: field, Found: found, Expected: expected,
			Next: "nothing was written: this is a fault of the program that built the tensor"}
	}
	switch size, problem := byteSize(t.DType, t.Shape); {
	case t.DType.Bits() == 0:
		return fault("dtype", brief(string(t.DType)), "an element type of the format")
	case !utf8.ValidString(t.Name):
		return fault("name", "bytes that are not UTF-8", "UTF-8 text")
	case len(t.Name) > MaxNameBytes:
		return fault("name", fmt.Sprintf("%d bytes", len(t.Name)), fmt.Sprintf("at most %d", MaxNameBytes))
	case len(t.Shape) > MaxAxes:
		return fault("shape", fmt.Sprintf("%d axes", len(t.Shape)), fmt.Sprintf("at most %d", MaxAxes))
	case problem != "":
		return fault("shape", fmt.Sprintf("%s %v, %s", t.DType, t.Shape, problem), "a size that a file can hold")
	case int64(len(t.Data)) != size:
		return fault("data", fmt.Sprintf("%d bytes", len(t.Data)), fmt.Sprintf("%d for %s %v", size, t.DType, t.Shape))
	}
	if t.DType == Bool {
		for at, b := range t.Data {
			if b > 1 {
				return fault("data", fmt.Sprintf("byte %d at element %d", b, at), "0 or 1 in a BOOL tensor")
			}
		}
	}
	return nil
}

// headerText is the JSON header, padded with spaces to a multiple of 8 bytes so that the data is aligned.
func headerText(tensors []*Tensor, metadata map[string]string, file string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteByte('{')
	separator := ""
	if len(metadata) > 0 {
		b.WriteString(`"` + metadataKey + `":{`)
		for i, key := range slices.Sorted(maps.Keys(metadata)) {
			if !utf8.ValidString(key) || !utf8.ValidString(metadata[key]) {
				return nil, &Fault{File: file, Field: "metadata key " + brief(key), Found: "bytes that are not UTF-8",
					Expected: "UTF-8 text", Next: "nothing was written: store binary data as a U8 tensor"}
			}
			if i > 0 {
				b.WriteByte(',')
			}
			b.WriteString(quoteJSON(key) + ":" + quoteJSON(metadata[key]))
		}
		b.WriteByte('}')
		separator = ","
	}
	offset := 0
	for _, t := range tensors {
		shape := strings.ReplaceAll(strings.Trim(fmt.Sprint(t.Shape), "[]"), " ", ",")
		fmt.Fprintf(&b, `%s%s:{"dtype":"%s","shape":[%s],"data_offsets":[%d,%d]}`,
			separator, quoteJSON(t.Name), t.DType, shape, offset, offset+len(t.Data))
		offset += len(t.Data)
		separator = ","
	}
	b.WriteByte('}')
	for b.Len()%8 != 0 {
		b.WriteByte(' ')
	}
	if b.Len() > MaxHeaderBytes {
		return nil, &Fault{File: file, Field: "header length", Found: fmt.Sprintf("%d bytes", b.Len()),
			Expected: fmt.Sprintf("at most %d", MaxHeaderBytes), Next: "shorten the metadata or the tensor names"}
	}
	return b.Bytes(), nil
}

// quoteJSON escapes what JSON demands and nothing else, as the reference
// writer does (encoding/json would also escape <, > and &).
func quoteJSON(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range s {
		switch {
		case r == '"' || r == '\\':
			b.WriteByte('\\')
			b.WriteRune(r)
		case r == '\n':
			b.WriteString(`\n`)
		case r == '\t':
			b.WriteString(`\t`)
		case r == '\r':
			b.WriteString(`\r`)
		case r == '\b':
			b.WriteString(`\b`)
		case r == '\f':
			b.WriteString(`\f`)
		case r < 0x20:
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
	}
	b.WriteByte('"')
	return b.String()
}

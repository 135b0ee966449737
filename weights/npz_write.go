package weights

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"time"
)

// NPZFile is the name of a model's archive in an exported folder.
const NPZFile = "model.npz"

// WriteNPZ stores f under path as an uncompressed NumPy archive (numpy.load
// reads it), whole or not at all. Names stay as they are: ToJAX gives them
// Google's. Metadata goes into the archive's comment, which NumPy ignores; where
// it is too long for that, the class names are left out. Two writes of the same
// content are equal byte for byte.
func WriteNPZ(path string, f *File) error {
	return writeAtomic(path, func(w io.Writer) error { return EncodeNPZ(w, f, path) })
}

// EncodeNPZ writes to w, byte for byte what WriteNPZ stores; name is what errors call it.
func EncodeNPZ(w io.Writer, f *File, name string) error {
	tensors, err := writeOrder(f, name)
	if err != nil {
		return err
	}
	slices.SortFunc(tensors, func(a, b *Tensor) int { return cmp.Compare(a.Name, b.Name) })
	archive := zip.NewWriter(w)
	for _, t := range tensors {
		header, err := arrayHeaderText(t)
		if err != nil {
			return arrayFault(name, t.Name, err)
		}
		member, err := archive.CreateHeader(&zip.FileHeader{
			Name: t.Name + ".npy", Method: zip.Store,
			Modified: time.Date(1980, 1, 1, 0, 0, 0, 0, time.UTC), // the first that zip knows: bytes must not depend on the clock
		})
		if err != nil {
			return fmt.Errorf("write weights file %q: tensor %s: %w", name, brief(t.Name), err)
		}
		for _, part := range [][]byte{header, t.Data} {
			if _, err := member.Write(part); err != nil {
				return err
			}
		}
	}
	comment, err := metadataComment(f.Metadata)
	if err != nil {
		return fmt.Errorf("write weights file %q: metadata: %w", name, err)
	}
	if err := archive.SetComment(comment); err != nil {
		return fmt.Errorf("write weights file %q: metadata of %d bytes: %w; shorten it", name, len(comment), err)
	}
	return archive.Close()
}

// arrayHeaderText is the header of a .npy array, version 1.0, padded as NumPy
// does so that the data begins at a multiple of 64 bytes.
func arrayHeaderText(t *Tensor) ([]byte, error) {
	var descr string
	for name, dtype := range arrayTypes {
		if dtype == t.DType {
			descr = name
		}
	}
	if descr == "" || t.DType == BF16 {
		return nil, unfit("element type "+string(t.DType), "one that NumPy has (F32, F64, F16, I64, I32, U8); export it as safetensors")
	}
	axes := make([]string, len(t.Shape))
	for i, n := range t.Shape {
		axes[i] = fmt.Sprint(n)
	}
	shape := strings.Join(axes, ", ")
	if len(axes) == 1 {
		shape += ","
	}
	text := fmt.Sprintf("{'descr': '%s', 'fortran_order': False, 'shape': (%s), }", descr, shape)
	padded := (10+len(text)+1+63)/64*64 - 10 // MaxAxes axes of 19 digits stay far below version 1.0's 65535 bytes
	header := append([]byte(arrayMagic), 1, 0)
	header = binary.LittleEndian.AppendUint16(header, uint16(padded))
	header = append(header, text...)
	header = append(header, bytes.Repeat([]byte(" "), padded-len(text)-1)...)
	return append(header, '\n'), nil
}

// metadataComment is the metadata as JSON, keys sorted.
func metadataComment(metadata map[string]string) (string, error) {
	const most = 1<<16 - 1 // of a zip comment
	if len(metadata) == 0 {
		return "", nil
	}
	text, err := json.Marshal(metadata)
	if err == nil && len(text) > most {
		short := maps.Clone(metadata)
		delete(short, MetadataClassNames)
		text, err = json.Marshal(short)
	}
	return string(text), err
}

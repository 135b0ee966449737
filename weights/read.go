package weights

import (
	"encoding/binary"
	"fmt"
	"io"
)

// Read reads a safetensors file into memory. Nothing that the format forbids
// is accepted; a PyTorch checkpoint, an archive or a page of text is refused
// by its first bytes, whatever its name. The error names file, tensor and field.
func Read(path string) (*File, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, err := Decode(f, f.size, path)
	if err != nil {
		return nil, err
	}
	return file, f.unchanged()
}

// Decode reads safetensors from the size bytes of r; name is what errors call
// it. The data is copied: later changes of r do not show.
func Decode(r io.ReaderAt, size int64, name string) (*File, error) {
	header, err := decodeHeader(r, size, name)
	if err != nil {
		return nil, err
	}
	if size > MaxDataBytes {
		return nil, &Fault{File: name, Field: "length", Found: fmt.Sprintf("%d bytes", size), Expected: fmt.Sprintf("at most %d", MaxDataBytes),
			Next: "these are not the weights of a Vision Transformer: check the path"}
	}
	data := make([]byte, size-header.DataStart)
	if err := readFull(r, data, header.DataStart, name); err != nil {
		return nil, err
	}
	file := &File{Tensors: make([]Tensor, len(header.Tensors)), Metadata: header.Metadata}
	for i, info := range header.Tensors {
		file.Tensors[i] = Tensor{
			Name: info.Name, DType: info.DType, Shape: info.Shape,
			Data: data[info.Begin:info.End:info.End], // full slice: append must not run into the next tensor
		}
		if info.DType != Bool {
			continue
		}
		for at, b := range file.Tensors[i].Data {
			if b > 1 {
				return nil, &Fault{File: name, Tensor: info.Name, Field: "data",
					Found: fmt.Sprintf("byte %d at element %d", b, at), Expected: "0 or 1 in a BOOL tensor", Next: damaged}
			}
		}
	}
	return file, nil
}

func decodeHeader(r io.ReaderAt, size int64, name string) (*Header, error) {
	head := make([]byte, max(0, min(size, sniffBytes)))
	if err := readFull(r, head, 0, name); err != nil {
		return nil, err
	}
	fault := func(found, expected string) error {
		if foreign := sniff(head, name); foreign != nil {
			return foreign
		}
		return &Fault{File: name, Field: "header length", Found: found, Expected: expected, Next: damaged}
	}
	if len(head) < 8 {
		return nil, fault(fmt.Sprintf("a file of %d bytes", size), "at least 10")
	}
	length := binary.LittleEndian.Uint64(head)
	switch {
	case length > uint64(size-8):
		return nil, fault(fmt.Sprint(length), fmt.Sprintf("at most the %d bytes that follow it in the file", size-8))
	case length > MaxHeaderBytes:
		return nil, fault(fmt.Sprint(length), fmt.Sprintf("at most %d", MaxHeaderBytes))
	case length < 2:
		return nil, fault(fmt.Sprint(length), "at least 2")
	case head[8] != '{':
		if foreign := sniff(head, name); foreign != nil {
			return nil, foreign
		}
	}
	text := make([]byte, length)
	if err := readFull(r, text, 8, name); err != nil {
		return nil, err
	}
	return parseHeader(name, string(text), size-8-int64(length))
}

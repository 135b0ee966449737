package weights

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

// Limits of the reader. A ViT-L checkpoint has 300 tensors and a header of
// 30 kB; what is far beyond is hostile or not weights.
const (
	MaxHeaderBytes = 16 << 20
	MaxTensors     = 100_000
	MaxMetadata    = 100_000 // keys
	MaxAxes        = 8
	MaxNameBytes   = 4096     // of a tensor
	MaxDataBytes   = 64 << 30 // a sparse file announces any size and takes no room
)

// TensorInfo is what the header says about one tensor.
type TensorInfo struct {
	Name       string
	DType      DType
	Shape      []int
	Begin, End int64 // bytes, counted from the end of the header
}

// Header is the head of a safetensors file: tensors in the order of their data.
type Header struct {
	Tensors   []TensorInfo
	Metadata  map[string]string
	DataStart int64 // file offset of the first data byte
	FileSize  int64
}

// metadataKey is the one header key that is not a tensor.
const metadataKey = "__metadata__"

// parseHeader reads the header's text and holds it against the size of the data behind it.
func parseHeader(file, text string, dataSize int64) (*Header, error) {
	fault := func(field, found, expected string) error {
		return &Fault{File: file, Field: field, Found: found, Expected: expected, Next: damaged}
	}
	if !utf8.ValidString(text) {
		return nil, fault("header", "bytes that are not UTF-8", "UTF-8 text")
	}
	if !strings.HasPrefix(text, "{") {
		return nil, fault("header", brief(text[:min(len(text), 12)]), "JSON that starts with '{' at once")
	}
	header := &Header{DataStart: 8 + int64(len(text)), FileSize: 8 + int64(len(text)) + dataSize}
	parser := &headerParser{text: text}
	err := parser.object("", "header", func(key string) error {
		if key == metadataKey {
			return parser.metadata(header)
		}
		return parser.tensor(header, key)
	})
	if err == nil && strings.Trim(text[parser.at:], " ") != "" {
		err = parser.fail("", "header", "only spaces after the header's object")
	}
	if s, ok := err.(*syntaxFault); ok {
		return nil, &Fault{File: file, Tensor: s.tensor, Field: s.field, Found: s.found, Expected: s.expected, Next: damaged}
	}
	if err := header.checkLayout(file, dataSize); err != nil {
		return nil, err
	}
	return header, nil
}

func (p *headerParser) metadata(header *Header) error {
	header.Metadata = map[string]string{}
	return p.object("", metadataKey, func(key string) error {
		if len(header.Metadata) == MaxMetadata {
			return &syntaxFault{"", metadataKey, fmt.Sprintf("more than %d keys", MaxMetadata), fmt.Sprintf("at most %d", MaxMetadata)}
		}
		value, err := p.str("", metadataKey+" key "+brief(key))
		header.Metadata[key] = value
		return err
	})
}

// tensor reads {"dtype":..., "shape":[...], "data_offsets":[begin,end]}, all three and nothing else.
func (p *headerParser) tensor(header *Header, name string) error {
	if len(header.Tensors) == MaxTensors {
		return &syntaxFault{"", "header", fmt.Sprintf("more than %d tensors", MaxTensors), fmt.Sprintf("at most %d", MaxTensors)}
	}
	if len(name) > MaxNameBytes {
		return &syntaxFault{name, "name", fmt.Sprintf("%d bytes", len(name)), fmt.Sprintf("at most %d", MaxNameBytes)}
	}
	info := TensorInfo{Name: name, Begin: -1}
	err := p.object(name, "header entry", func(key string) error {
		switch key {
		case "dtype":
			text, err := p.str(name, key)
			info.DType = DType(text)
			if err == nil && info.DType.Bits() == 0 {
				err = &syntaxFault{name, key, brief(text), "an element type of the format (F32, BF16, I64, ...)"}
			}
			return err
		case "shape":
			axes, err := p.integers(name, key, MaxAxes)
			info.Shape = make([]int, len(axes))
			for i, n := range axes {
				if n > math.MaxInt {
					return &syntaxFault{name, key, fmt.Sprint(n), "an axis this machine can address"}
				}
				info.Shape[i] = int(n)
			}
			return err
		case "data_offsets":
			offsets, err := p.integers(name, key, 2)
			if err == nil && len(offsets) != 2 {
				err = &syntaxFault{name, key, fmt.Sprintf("%d values", len(offsets)), "2 (begin and end)"}
			}
			if err == nil {
				info.Begin, info.End = offsets[0], offsets[1]
			}
			return err
		}
		return &syntaxFault{name, "header entry", "the unknown key " + brief(key), "dtype, shape and data_offsets only"}
	})
	switch {
	case err != nil:
		return err
	case info.DType == "":
		return &syntaxFault{name, "dtype", "none", "an element type"}
	case info.Shape == nil:
		return &syntaxFault{name, "shape", "none", "a list of axes"}
	case info.Begin < 0:
		return &syntaxFault{name, "data_offsets", "none", "begin and end"}
	}
	header.Tensors = append(header.Tensors, info)
	return nil
}

// checkLayout sorts the tensors by offset and demands that each byte of the
// data belongs to exactly one of them.
func (h *Header) checkLayout(file string, dataSize int64) error {
	slices.SortStableFunc(h.Tensors, func(a, b TensorInfo) int {
		return cmp.Or(cmp.Compare(a.Begin, b.Begin), cmp.Compare(a.End, b.End), cmp.Compare(a.Name, b.Name))
	})
	var next int64
	for _, t := range h.Tensors {
		fault := func(field, found, expected string) error {
			return &Fault{File: file, Tensor: t.Name, Field: field, Found: found, Expected: expected, Next: damaged}
		}
		size, problem := byteSize(t.DType, t.Shape)
		offsets := fmt.Sprintf("%d to %d", t.Begin, t.End)
		switch {
		case problem != "":
			return fault("shape", fmt.Sprintf("%s %v, %s", t.DType, t.Shape, problem), "a size the file can hold")
		case t.End < t.Begin:
			return fault("data_offsets", offsets, "begin before end")
		case t.End > dataSize:
			return fault("data_offsets", offsets, fmt.Sprintf("an end within the file's %d data bytes (cut off?)", dataSize))
		case t.End-t.Begin != size:
			return fault("data_offsets", fmt.Sprintf("%d bytes", t.End-t.Begin), fmt.Sprintf("%d bytes for %s %v", size, t.DType, t.Shape))
		case t.Begin < next:
			return fault("data_offsets", offsets, fmt.Sprintf("a begin of %d (it overlaps the tensor before)", next))
		case t.Begin > next:
			return fault("data_offsets", offsets, fmt.Sprintf("a begin of %d (bytes between belong to no tensor)", next))
		}
		next = t.End
	}
	if next != dataSize {
		return &Fault{File: file, Field: "length", Found: fmt.Sprintf("%d data bytes", dataSize),
			Expected: fmt.Sprintf("%d, as the header lists (bytes left over at the end)", next), Next: damaged}
	}
	return nil
}

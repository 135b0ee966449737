package weights

import (
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/nlpodyssey/gopickle/types"
)

// build turns the unpickled value into a file, reading each storage once.
// Contiguous tensors share the bytes of their storage, as they do in PyTorch.
func build(root any, fileSize int64, read func(*storage) ([]byte, error)) (*File, error) {
	s, err := findState(root)
	if err != nil {
		return nil, err
	}
	loaded := map[string][]byte{}
	budget := 2*fileSize + 1<<20 // for expanded tensors, which are larger than what they are stored in
	out := &File{Metadata: s.metadata}
	seen := map[string]bool{}
	for i, view := range s.tensors {
		name := s.names[i]
		if seen[name] || !utf8.ValidString(name) || len(name) > MaxNameBytes {
			return nil, fmt.Errorf("found the tensor name %s twice, not in UTF-8 or of more than %d bytes, expected short ones, each once", brief(name), MaxNameBytes)
		}
		seen[name] = true
		bytes, ok := loaded[view.storage.key]
		if !ok {
			if bytes, err = read(view.storage); err != nil {
				return nil, err
			}
			loaded[view.storage.key] = bytes
		}
		data, err := view.gather(bytes, &budget)
		if err != nil {
			return nil, fmt.Errorf("tensor %s: %w", brief(name), err)
		}
		out.Tensors = append(out.Tensors, Tensor{Name: name, DType: view.storage.dtype, Shape: view.size, Data: data})
	}
	for i := range out.Tensors { // nested data parallel wrappers: module.module.
		for strings.HasPrefix(out.Tensors[i].Name, "module.") {
			out.Tensors[i].Name = strings.TrimPrefix(out.Tensors[i].Name, "module.")
		}
	}
	return ordered(out)
}

// gather returns the tensor's elements in row-major order, every index checked against the storage.
func (t *torchTensor) gather(data []byte, budget *int64) ([]byte, error) {
	width := t.storage.dtype.Bits() / 8
	if len(data) != t.storage.elements*width || t.storage.elements > len(data) {
		return nil, fmt.Errorf("found a storage of %d bytes, expected %d elements of %s", len(data), t.storage.elements, t.storage.dtype)
	}
	size, problem := byteSize(t.storage.dtype, t.size)
	if problem != "" || len(t.size) != len(t.stride) {
		return nil, fmt.Errorf("found size %v with stride %v, expected sizes that fit the storage", t.size, t.stride)
	}
	if size == 0 {
		return []byte{}, nil
	}
	last, contiguous, next := t.offset, true, 1
	for axis := len(t.size) - 1; axis >= 0; axis-- {
		n, stride := t.size[axis], t.stride[axis]
		if n > 1 && stride > t.storage.elements/(n-1) || last < 0 || last > t.storage.elements {
			return nil, fmt.Errorf("found size %v, stride %v, offset %d beyond a storage of %d elements", t.size, t.stride, t.offset, t.storage.elements)
		}
		last += (n - 1) * stride
		contiguous = contiguous && (n == 1 || stride == next)
		next *= n
	}
	if t.offset < 0 || last >= t.storage.elements {
		return nil, fmt.Errorf("found size %v, stride %v, offset %d beyond a storage of %d elements", t.size, t.stride, t.offset, t.storage.elements)
	}
	if contiguous {
		begin, end := t.offset*width, t.offset*width+int(size)
		return data[begin:end:end], nil
	}
	if *budget -= size; *budget < 0 {
		return nil, fmt.Errorf("found tensors that expand to far more than the file, expected stored ones")
	}
	return t.strided(data, make([]byte, 0, size), width), nil
}

// strided appends the elements one by one, the last axis fastest.
func (t *torchTensor) strided(data, out []byte, width int) []byte {
	index := make([]int, len(t.size))
	for at := t.offset; ; {
		out = append(out, data[at*width:(at+1)*width]...)
		axis := len(index) - 1
		for ; axis >= 0; axis-- {
			index[axis]++
			at += t.stride[axis]
			if index[axis] < t.size[axis] {
				break
			}
			at -= t.size[axis] * t.stride[axis]
			index[axis] = 0
		}
		if axis < 0 {
			return out
		}
	}
}

// entry is one key and value of a dict.
type entry struct{ key, value any }

// dictEntries lists a dict or ordered dict in order; false for other values.
func dictEntries(value any) ([]entry, bool) {
	var entries []entry
	switch dict := value.(type) {
	case *types.Dict:
		for _, e := range *dict {
			entries = append(entries, entry{e.Key, e.Value})
		}
	case *types.OrderedDict:
		for e := dict.List.Front(); e != nil; e = e.Next() {
			pair := e.Value.(*types.OrderedDictEntry)
			entries = append(entries, entry{pair.Key, pair.Value})
		}
	default:
		return nil, false
	}
	return entries, true
}

func lookup(entries []entry, key string) any {
	for _, e := range entries {
		if e.key == any(key) {
			return e.value
		}
	}
	return nil
}

// keyList names up to 10 keys for an error.
func keyList(entries []entry) string {
	var names []string
	for _, e := range entries {
		if name, ok := e.key.(string); ok {
			names = append(names, brief(name))
		}
	}
	if len(names) == 0 {
		return "(none that is text)"
	}
	return enumerate(names)
}

package weights

import (
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"io"
	"slices"
)

// SHA256 is the hash of the content: names, element types, shapes and data,
// whatever the order of the tensors and without the metadata. Files that hold
// the same weights have the same hash.
func (f *File) SHA256() string {
	tensors := make([]*Tensor, len(f.Tensors))
	for i := range f.Tensors {
		tensors[i] = &f.Tensors[i]
	}
	slices.SortFunc(tensors, func(a, b *Tensor) int { return cmp.Compare(a.Name, b.Name) })
	hash := sha256.New()
	number := func(n int) { hash.Write(binary.LittleEndian.AppendUint64(nil, uint64(n))) }
	number(len(tensors))
	for _, t := range tensors {
		// Each part with its length: no two contents share one byte stream.
		for _, text := range []string{t.Name, string(t.DType)} {
			number(len(text))
			io.WriteString(hash, text)
		}
		number(len(t.Shape))
		for _, axis := range t.Shape {
			number(axis)
		}
		number(len(t.Data))
		hash.Write(t.Data)
	}
	return hex.EncodeToString(hash.Sum(nil))
}

// FileSHA256 is the hash of a file's bytes, as sha256sum prints it.
func FileSHA256(path string) (string, error) {
	f, err := openRegular(path)
	if err != nil {
		return "", err
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return "", fmt.Errorf("hash file %q: %w", path, reason(err))
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

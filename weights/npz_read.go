package weights

import (
	"archive/zip"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"
	"unicode/utf8"
)

// Bounds on compressed archives: trained weights hardly compress, so one that
// grows beyond this is a bomb. Uncompressed members cannot be larger than the file.
const (
	maxArchiveGrowth = 16       // times the file, in all
	archiveAllowance = 16 << 20 // bytes on top, for small files of zeros
)

const archiveDamaged = "the file is damaged or of another kind: download or save it again"

// ReadNPZ reads the arrays of a NumPy archive (.npz), as JAX checkpoints of
// Vision Transformers are published. Nothing in it is executed: arrays of
// Python objects are refused. Names stay as they are (ToTimm changes them);
// arrays in Fortran order are turned into row-major ones. Metadata comes from
// the archive's comment where WriteNPZ put it there.
func ReadNPZ(path string) (*File, error) {
	f, err := openRegular(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	file, err := DecodeNPZ(f, f.size, path)
	if err != nil {
		return nil, err
	}
	return file, f.unchanged()
}

// DecodeNPZ is ReadNPZ for the size bytes of r; name is what errors call it.
func DecodeNPZ(r io.ReaderAt, size int64, name string) (*File, error) {
	head := make([]byte, max(0, min(size, sniffBytes)))
	if err := readFull(r, head, 0, name); err != nil {
		return nil, err
	}
	fault := func(member, found string) error {
		return &Fault{File: name, Tensor: member, Found: found, Expected: "a NumPy archive (.npz) of arrays", Next: archiveDamaged}
	}
	if !isArchive(head) {
		if foreign := sniff(head, name); foreign != nil {
			return nil, foreign
		}
		return nil, fault("", "a file of unknown kind")
	}
	archive, err := openArchive(r, size)
	if err != nil {
		return nil, fault("", fmt.Sprintf("a broken zip archive (%v)", err))
	}
	file := &File{Metadata: commentMetadata(archive.Comment)}
	budget := maxArchiveGrowth*size + archiveAllowance
	seen := map[string]bool{}
	for _, member := range archive.File {
		t, err := readArray(member, size, &budget)
		if err != nil {
			return nil, arrayFault(name, member.Name, err)
		}
		if seen[t.Name] {
			return nil, fault(t.Name, "it twice")
		}
		seen[t.Name] = true
		file.Tensors = append(file.Tensors, t)
	}
	return file, nil
}

// isArchive tells a zip archive, empty ones included.
func isArchive(head []byte) bool {
	return len(head) > 3 && (string(head[:4]) == "PK\x03\x04" || string(head[:4]) == "PK\x05\x06")
}

// arrayFault completes an error about one member.
func arrayFault(file, member string, err error) error {
	fault, ok := errors.AsType[*Fault](err)
	if !ok {
		return fmt.Errorf("weights file %q: tensor %s: %w", file, brief(member), err)
	}
	fault.File, fault.Tensor, fault.Next = file, member, archiveDamaged
	return fault
}

// readArray reads one member: sizes are compared with the file before anything is allocated.
func readArray(member *zip.File, fileSize int64, budget *int64) (Tensor, error) {
	var t Tensor
	name, ok := strings.CutSuffix(member.Name, ".npy")
	if !ok || !utf8.ValidString(name) || len(name) > MaxNameBytes {
		return t, unfit("a member that is no array", fmt.Sprintf("names in UTF-8 of at most %d bytes that end in .npy", MaxNameBytes))
	}
	announced := member.UncompressedSize64
	switch {
	case member.Flags&1 != 0:
		return t, unfit("an encrypted member", "a plain one")
	case member.Method != zip.Store && member.Method != zip.Deflate:
		return t, unfit(fmt.Sprintf("compression method %d", member.Method), "none or deflate")
	case member.CompressedSize64 > uint64(fileSize), member.Method == zip.Store && announced > uint64(fileSize):
		return t, unfit(fmt.Sprintf("%d bytes announced", max(announced, member.CompressedSize64)), fmt.Sprintf("at most the %d of the file", fileSize))
	case announced > uint64(max(0, *budget)):
		return t, unfit(fmt.Sprintf("arrays that unpack to more than %d times the file", maxArchiveGrowth), "weights, which hardly compress")
	}
	*budget -= int64(announced)
	stream, err := member.Open()
	if err != nil {
		return t, unfit(fmt.Sprintf("a broken member (%v)", err), "a whole one")
	}
	defer stream.Close()
	header, err := readArrayHeader(stream)
	if err != nil {
		return t, err
	}
	bytes, problem := byteSize(header.dtype, header.shape)
	if problem != "" || uint64(bytes)+uint64(header.length) != announced {
		return t, unfit(fmt.Sprintf("%s %v in a member of %d bytes", header.dtype, header.shape, announced), "sizes that agree")
	}
	data := make([]byte, bytes)
	if _, err := io.ReadFull(stream, data); err != nil {
		return t, unfit(fmt.Sprintf("%v in the data", err), fmt.Sprintf("%d bytes", bytes))
	}
	if _, err := stream.Read(make([]byte, 1)); err != io.EOF { // the checksum is compared at the end
		return t, unfit(fmt.Sprintf("a member that does not end well (%v)", err), "a sound checksum")
	}
	t = Tensor{Name: name, DType: header.dtype, Shape: header.shape, Data: data}
	if header.fortran {
		t = rowMajor(t)
	}
	return t, nil
}

// commentMetadata is the metadata that WriteNPZ put into the comment; other comments are nothing.
func commentMetadata(comment string) map[string]string {
	out := map[string]string{"source_format": "NumPy archive"}
	var ours map[string]string
	if utf8.ValidString(comment) && json.Unmarshal([]byte(comment), &ours) == nil {
		maps.Copy(out, ours)
	}
	return out
}

package weights

import (
	"archive/zip"
	"encoding/binary"
	"fmt"
	"io"
	"math/big"
	"path"

	"github.com/nlpodyssey/gopickle/types"
)

// checkpointSource is the bytes of a checkpoint and their number.
type checkpointSource struct {
	r    io.ReaderAt
	size int64
}

// readZip reads the layout since PyTorch 1.6: a zip archive of uncompressed
// records NAME/data.pkl and NAME/data/KEY, one for each storage.
func (c checkpointSource) readZip() (*File, error) {
	archive, err := openArchive(c.r, c.size)
	if err != nil {
		return nil, fmt.Errorf("found a broken zip archive (%w), expected a whole one", err)
	}
	records := make(map[string]*zip.File, len(archive.File))
	var program *zip.File
	for _, record := range archive.File {
		if records[record.Name] != nil {
			return nil, fmt.Errorf("found the record %s twice, expected each once", brief(record.Name))
		}
		records[record.Name] = record
		switch path.Base(record.Name) {
		case "data.pkl":
			if program != nil {
				return nil, fmt.Errorf("found both %s and %s, expected one data.pkl", brief(program.Name), brief(record.Name))
			}
			program = record
		case "constants.pkl":
			return nil, fmt.Errorf("found a TorchScript program, expected a checkpoint of weights; save model.state_dict() instead")
		}
	}
	if program == nil {
		return nil, fmt.Errorf("found a zip archive without data.pkl, expected a PyTorch checkpoint")
	}
	root := path.Dir(program.Name)
	budget := c.size // what is read in all can be no larger than the file: no bomb, no overlapping records
	read := func(record *zip.File) ([]byte, error) { return readRecord(record, &budget) }
	if order := records[path.Join(root, "byteorder")]; order != nil {
		text, err := read(order)
		if err != nil {
			return nil, err
		}
		if string(text) != "little" {
			return nil, fmt.Errorf("found byte order %s, expected little", brief(string(text)))
		}
	}
	text, err := read(program)
	if err != nil {
		return nil, err
	}
	value, err := scanAndUnpickle(text)
	if err != nil {
		return nil, err
	}
	return build(value, c.size, func(s *storage) ([]byte, error) {
		record := records[path.Join(root, "data", s.key)]
		if record == nil {
			return nil, fmt.Errorf("found no record for storage %s, expected one", brief(s.key))
		}
		return read(record)
	})
}

// readRecord reads an uncompressed record; archive/zip checks its CRC.
func readRecord(record *zip.File, budget *int64) ([]byte, error) {
	if record.Method != zip.Store || record.CompressedSize64 != record.UncompressedSize64 {
		return nil, fmt.Errorf("found the compressed record %s, expected uncompressed ones as torch.save writes them", brief(record.Name))
	}
	if record.UncompressedSize64 > uint64(*budget) {
		return nil, fmt.Errorf("found the record %s of %d bytes, expected records that fit into the file", brief(record.Name), record.UncompressedSize64)
	}
	*budget -= int64(record.UncompressedSize64)
	stream, err := record.Open()
	if err != nil {
		return nil, fmt.Errorf("record %s: %w", brief(record.Name), err)
	}
	defer stream.Close()
	data := make([]byte, record.UncompressedSize64)
	if _, err := io.ReadFull(stream, data); err != nil {
		return nil, fmt.Errorf("record %s: %w", brief(record.Name), err)
	}
	if _, err := stream.Read(make([]byte, 1)); err != io.EOF { // the CRC is compared at the end
		return nil, fmt.Errorf("record %s: %w", brief(record.Name), err)
	}
	return data, nil
}

// scanAndUnpickle reads a pickle that must fill data.
func scanAndUnpickle(data []byte) (any, error) {
	length, err := scanPickle(data)
	if err != nil {
		return nil, err
	}
	return unpickle(data[:length], storageOf)
}

// legacyMagic opens the layout before PyTorch 1.6, followed by its version.
const (
	legacyMagic   = "1950a86a20f9469cfc6c"
	legacyVersion = 1001
)

// readLegacy reads five pickles in a row (magic number, version, facts on the
// machine, the value, the storage keys) and then each storage: count, data.
func (c checkpointSource) readLegacy() (*File, error) {
	var at int64
	var values [5]any
	widths := map[string]int64{} // bytes an element of each storage, known from the references to it
	reference := func(id any) (any, error) {
		value, err := storageOf(id)
		if err == nil {
			s := value.(*storage)
			widths[s.key] = int64(s.dtype.Bits() / 8)
		}
		return value, err
	}
	for i := range values {
		window := make([]byte, min(c.size-at, maxPickleBytes))
		if _, err := c.r.ReadAt(window, at); err != nil && err != io.EOF {
			return nil, err
		}
		length, err := scanPickle(window)
		if err != nil {
			return nil, err
		}
		if values[i], err = unpickle(window[:length], reference); err != nil {
			return nil, err
		}
		at += int64(length)
		if magic, ok := values[0].(*big.Int); !ok || magic.Text(16) != legacyMagic {
			return nil, fmt.Errorf("found a pickle that torch.save did not write, expected a checkpoint")
		}
	}
	if version, ok := values[1].(int); !ok || version != legacyVersion {
		return nil, fmt.Errorf("found another layout version, expected %d", legacyVersion)
	}
	if facts, ok := dictEntries(values[2]); !ok || lookup(facts, "little_endian") != true {
		return nil, fmt.Errorf("found a checkpoint of a big-endian machine, expected little-endian")
	}
	keys, ok := values[4].(*types.List)
	if !ok {
		return nil, fmt.Errorf("found no list of storages, expected one")
	}
	return build(values[3], c.size, c.legacyStorages(*keys, at, widths))
}

// legacyStorages finds where each storage lies and returns the function that reads one.
func (c checkpointSource) legacyStorages(keys []any, at int64, widths map[string]int64) func(*storage) ([]byte, error) {
	places := map[string][2]int64{} // first byte, bytes
	var fault error
	for _, key := range keys {
		name, ok := key.(string)
		var count [8]byte
		if _, err := c.r.ReadAt(count[:], at); err != nil || !ok {
			fault = fmt.Errorf("found the storages cut off at byte %d, expected %d of them", at, len(keys))
			break
		}
		width, elements := widths[name], binary.LittleEndian.Uint64(count[:])
		if width == 0 || elements > uint64(c.size-at-8)/uint64(width) {
			fault = fmt.Errorf("found storage %s of %d elements, which no tensor uses or the file cannot hold, expected whole storages", brief(name), elements)
			break
		}
		places[name] = [2]int64{at + 8, int64(elements) * width}
		at += 8 + int64(elements)*width
	}
	return func(s *storage) ([]byte, error) {
		place, ok := places[s.key]
		if !ok && fault != nil {
			return nil, fault
		}
		if !ok {
			return nil, fmt.Errorf("found no data for storage %s, expected some", brief(s.key))
		}
		data := make([]byte, place[1])
		if _, err := c.r.ReadAt(data, place[0]); err != nil {
			return nil, fmt.Errorf("storage %s: %w", brief(s.key), err)
		}
		return data, nil
	}
}

package weights

import (
	"encoding/binary"
	"path/filepath"
	"strings"
)

// Import reads weights of any kind that can be converted: a model folder or
// safetensors, a NumPy archive, a PyTorch checkpoint. Names stay as they are
// (ToTimm changes them). What a config.json beside the usual file names of the
// hubs says about heads, classes and normalisation is added to the metadata.
// The content decides about the kind, not the name.
func Import(path string) (*File, error) {
	f, err := openRegular(path)
	if err != nil {
		return readModel(path) // a folder, or the error that names the path
	}
	head, err := f.head()
	f.Close()
	var file *File
	switch {
	case err != nil:
		return nil, err
	case IsNPZ(head) || strings.HasSuffix(path, ".npz"):
		file, err = ReadNPZ(path)
	case isSafetensors(head) || strings.HasSuffix(path, ".safetensors") && !isPickle(head) && !isArchive(head):
		return readModel(path)
	default:
		file, err = ReadCheckpoint(path)
	}
	if err != nil {
		return nil, err
	}
	switch filepath.Base(path) {
	case pickleFile, NPZFile:
		err = addConfig(file, filepath.Dir(path))
	}
	return file, err
}

// IsNPZ tells a zip archive whose first member is a NumPy array by its head (a hundred bytes or so).
func IsNPZ(head []byte) bool {
	const nameLength, name = 26, 30 // offsets in a zip archive's first header
	if len(head) < name || string(head[:4]) != "PK\x03\x04" {
		return false
	}
	end := name + int(binary.LittleEndian.Uint16(head[nameLength:]))
	return end <= len(head) && strings.HasSuffix(string(head[name:end]), ".npy")
}

package weights

import (
	"archive/zip"
	"bytes"
	"testing"

	"github.com/robustvit/workbench/tests/hostile/weightfiles"
)

// readCheckpoint reads and demands that what is accepted is what was there: it
// can be written, and no tensor is larger than the storages allow.
func readCheckpoint(t *testing.T, data []byte) {
	t.Helper()
	var file *File
	var err error
	bounded(t, len(data), 2000, func() { file, err = DecodeCheckpoint(bytes.NewReader(data), int64(len(data)), "fuzz") })
	if err != nil {
		if len(err.Error()) > 1500 {
			t.Fatalf("an error of %d bytes: %.300s", len(err.Error()), err)
		}
		return
	}
	var out bytes.Buffer
	if err := Encode(&out, file); err != nil {
		t.Fatalf("accepted but not writable: %v", err)
	}
	again, err := Decode(bytes.NewReader(out.Bytes()), int64(out.Len()), "again")
	if err != nil || again.SHA256() != file.SHA256() {
		t.Fatalf("content changed by writing and reading (%v)", err)
	}
}

// FuzzDecodeCheckpoint: whatever the bytes of the file.
func FuzzDecodeCheckpoint(f *testing.F) {
	small(f, weightfiles.Checkpoints("true"))
	f.Add(weightfiles.Checkpoint(weightfiles.Six, weightfiles.Storages, zip.Store))
	f.Add(weightfiles.Legacy(weightfiles.Six, "123456"))
	f.Fuzz(func(t *testing.T, data []byte) { readCheckpoint(t, data) })
}

// FuzzPickle: whatever the pickle in a sound archive.
func FuzzPickle(f *testing.F) {
	f.Add([]byte(weightfiles.Six))
	f.Add([]byte(weightfiles.Tensor("w", "K\x06", "K\x00", "K\x02K\x03", "K\x03K\x01")))
	small(f, weightfiles.Pickles("true"))
	f.Fuzz(func(t *testing.T, program []byte) {
		readCheckpoint(t, weightfiles.Checkpoint(string(program), weightfiles.Storages, zip.Store))
	})
}

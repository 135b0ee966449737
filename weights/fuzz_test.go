package weights

import (
	"archive/zip"
	"bytes"
	"testing"
)

// FuzzDecode: whatever the bytes, no panic; what is accepted can be written,
// and what was written is read back the same and has the same hash.
func FuzzDecode(f *testing.F) {
	for _, c := range malformedCases() {
		if len(c.file) < 2000 {
			f.Add(c.file)
		}
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := Decode(bytes.NewReader(data), int64(len(data)), "fuzz")
		if err != nil {
			return
		}
		var out bytes.Buffer
		if err := Encode(&out, file); err != nil {
			t.Fatalf("accepted but not writable: %v", err)
		}
		again, err := Decode(bytes.NewReader(out.Bytes()), int64(out.Len()), "again")
		if err != nil {
			t.Fatalf("our own file is refused: %v", err)
		}
		if again.SHA256() != file.SHA256() || len(again.Metadata) != len(file.Metadata) {
			t.Fatal("content changed by writing and reading")
		}
		var second bytes.Buffer
		if err := Encode(&second, again); err != nil || !bytes.Equal(out.Bytes(), second.Bytes()) {
			t.Fatalf("two writes differ (%v)", err)
		}
		file.CheckFinite()
		if timm, err := ToTimm(file); err == nil {
			Describe(timm)
		}
	})
}

// FuzzDecodeNPZ: whatever the bytes, no panic; what is accepted and NumPy can
// hold is written, read back the same, and written the same again.
func FuzzDecodeNPZ(f *testing.F) {
	for _, c := range malformedArchives() {
		if len(c.file) < 2000 {
			f.Add(c.file)
		}
	}
	f.Add(archive(zip.Deflate, array(plain, 8)))
	f.Fuzz(func(t *testing.T, data []byte) {
		file, err := DecodeNPZ(bytes.NewReader(data), int64(len(data)), "fuzz")
		if err != nil {
			return
		}
		var out, second bytes.Buffer
		if err := EncodeNPZ(&out, file, "fuzz"); err != nil {
			return // bfloat16, a comment that grew
		}
		again, err := DecodeNPZ(bytes.NewReader(out.Bytes()), int64(out.Len()), "again")
		if err != nil {
			t.Fatalf("our own file is refused: %v", err)
		}
		if again.SHA256() != file.SHA256() {
			t.Fatal("content changed by writing and reading")
		}
		if err := EncodeNPZ(&second, again, "again"); err != nil || !bytes.Equal(out.Bytes(), second.Bytes()) {
			t.Fatalf("two writes differ (%v)", err)
		}
		if timm, err := ToTimm(file); err == nil {
			Describe(timm)
			ToJAX(timm)
		}
	})
}

package weights

import (
	"archive/zip"
	"bytes"
	"runtime/metrics"
	"sync/atomic"
	"testing"

	"github.com/robustvit/workbench/tests/hostile/weightfiles"
)

// small are the cases that a fuzzer can work with.
func small(f *testing.F, cases []weightfiles.Case) {
	for _, c := range cases {
		if len(c.Bytes) < 2000 {
			f.Add(c.Bytes)
		}
	}
}

// calls of bounded in this process.
var calls atomic.Int64

// bounded runs a reader on n bytes of input and demands that it allocates a
// multiple of them at most: what a file announces must not be believed. To look
// takes longer than to read most inputs: after as many as there are seeds each
// 64th is measured.
func bounded(t *testing.T, n, times int, read func()) {
	t.Helper()
	const (
		allowance = 1 << 20 // for what does not depend on the input
		always    = 1000
	)
	if call := calls.Add(1); call > always && call%64 != 0 {
		read()
		return
	}
	allocated := func() uint64 {
		sample := []metrics.Sample{{Name: "/gc/heap/allocs:bytes"}}
		metrics.Read(sample)
		return sample[0].Value.Uint64()
	}
	before := allocated()
	read()
	if used, limit := allocated()-before, uint64(allowance+times*n); used > limit {
		t.Fatalf("%d bytes of input made it allocate %d, at most %d allowed", n, used, limit)
	}
}

// FuzzDecode: whatever the bytes, no panic; what is accepted can be written,
// and what was written is read back the same and has the same hash.
func FuzzDecode(f *testing.F) {
	small(f, weightfiles.Safetensors())
	small(f, weightfiles.Foreign())
	small(f, weightfiles.Valid())
	f.Fuzz(func(t *testing.T, data []byte) {
		var file *File
		var err error
		bounded(t, len(data), 64, func() { file, err = Decode(bytes.NewReader(data), int64(len(data)), "fuzz") })
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
	small(f, weightfiles.Arrays())
	f.Add(weightfiles.Archive(zip.Deflate, weightfiles.Array(weightfiles.PlainArray, 8)))
	f.Fuzz(func(t *testing.T, data []byte) {
		var file *File
		var err error
		bounded(t, len(data)+archiveAllowance, 4*maxArchiveGrowth, func() { file, err = DecodeNPZ(bytes.NewReader(data), int64(len(data)), "fuzz") })
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

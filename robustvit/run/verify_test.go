package run

import (
	"reflect"
	"testing"
)

// Whatever a manifest holds, reading it gives an error or exactly what writing
// that checkpoint would seal.
func FuzzManifest(f *testing.F) {
	sound, err := encodeManifest(Checkpoint{Format: format, Step: 120, Epoch: 3, Batch: 1, Seed: 1<<63 + 1,
		Numbers: map[string]float64{"best": 0.5}, Files: []FileSum{{stateFile, 1 << 40, "00"}}})
	if err != nil {
		f.Fatal(err)
	}
	for _, seed := range [][]byte{sound, sound[:len(sound)/2], []byte("null"), []byte("{}"), []byte(`{"checkpoint":null,"sha256":""}`),
		[]byte(`{"checkpoint":{"format":1,"step":-1},"sha256":"0"}`), {}} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		at, err := decodeManifest(text)
		if err != nil {
			return
		}
		again, err := encodeManifest(at)
		if err != nil {
			t.Fatal(err)
		}
		if back, err := decodeManifest(again); err != nil || !reflect.DeepEqual(at, back) {
			t.Errorf("%+v came back as %+v, %v", at, back, err)
		}
	})
}

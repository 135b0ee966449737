package weights

import (
	"archive/zip"
	"bytes"
	"os"
	"strings"
	"testing"

	"github.com/robustvit/workbench/tests/hostile/weightfiles"
)

func TestReadCheckpointEqualsSafetensors(t *testing.T) {
	want := mustRead(t, micro+"vit.safetensors")
	for _, name := range []string{"vit.pth.tar", "vit_legacy.pth.tar"} {
		got, err := ReadCheckpoint(micro + name)
		if err != nil {
			t.Fatal(err)
		}
		if diff := diffTensors(want.Tensors, got.Tensors); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if got.Metadata["checkpoint_key"] != "state_dict" || got.Metadata["arch"] != "vit" {
			t.Errorf("%s: metadata %v", name, got.Metadata)
		}
		if _, err := Read(micro + name); err == nil || !strings.Contains(err.Error(), "robustvit convert ") {
			t.Errorf("%s: Read: %v, want the convert command", name, err)
		}
	}
}

func TestReadCheckpointStrides(t *testing.T) {
	data := string([]byte{1, 2, 3, 4, 5, 6})
	for _, c := range []struct {
		name, pickle string
		shape        []int
		want         []byte
	}{
		{"plain", weightfiles.Tensor("w", "K\x06", "K\x00", "K\x02K\x03", "K\x03K\x01"), []int{2, 3}, []byte{1, 2, 3, 4, 5, 6}},
		{"transposed", weightfiles.Tensor("w", "K\x06", "K\x00", "K\x03K\x02", "K\x01K\x03"), []int{3, 2}, []byte{1, 4, 2, 5, 3, 6}},
		{"offset", weightfiles.Tensor("w", "K\x06", "K\x02", "K\x02", "K\x01"), []int{2}, []byte{3, 4}},
		{"every second", weightfiles.Tensor("w", "K\x06", "K\x01", "K\x03", "K\x02"), []int{3}, []byte{2, 4, 6}},
		{"expanded", weightfiles.Tensor("w", "K\x06", "K\x05", "K\x03", "K\x00"), []int{3}, []byte{6, 6, 6}},
		{"scalar", weightfiles.Tensor("w", "K\x06", "K\x04", "", ""), []int{}, []byte{5}},
		{"empty", weightfiles.Tensor("w", "K\x06", "K\x00", "K\x00K\x03", "K\x03K\x01"), []int{0, 3}, []byte{}},
		{"module prefix", weightfiles.Tensor("module.w", "K\x06", "K\x00", "K\x06", "K\x01"), []int{6}, []byte{1, 2, 3, 4, 5, 6}},
	} {
		content := weightfiles.Checkpoint(c.pickle, map[string]string{"0": data}, zip.Store)
		f, err := DecodeCheckpoint(bytes.NewReader(content), int64(len(content)), "w.pth")
		if err != nil {
			t.Errorf("%s: %v", c.name, err)
			continue
		}
		want := []Tensor{{Name: "w", DType: U8, Shape: c.shape, Data: c.want}}
		if diff := diffTensors(want, f.Tensors); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

// Cutting a checkpoint anywhere, or flipping bits in it, gives an error or weights, never a panic.
func TestDamagedCheckpoints(t *testing.T) {
	for _, name := range []string{"vit.pth.tar", "vit_legacy.pth.tar"} {
		data, err := os.ReadFile(micro + name)
		if err != nil {
			t.Fatal(err)
		}
		try := func(file []byte) error {
			_, err := DecodeCheckpoint(bytes.NewReader(file), int64(len(file)), name)
			return err
		}
		for i := range 40 {
			if try(data[:len(data)*i/40]) == nil {
				t.Errorf("%s cut to %d of %d bytes: accepted", name, len(data)*i/40, len(data))
			}
			flipped := bytes.Clone(data)
			flipped[(i*2654435761)%5000] ^= 1 << (i % 8)
			try(flipped)
		}
	}
}

// The checkpoints of testdata hold every element type, views, tied weights, an
// optimizer and a namespace; the same tensors lie beside them as safetensors.
func TestReadCheckpointMixed(t *testing.T) {
	want := mustRead(t, "testdata/mixed.safetensors")
	for _, name := range []string{"mixed.pth", "mixed_legacy.pth", "mixed_protocol4.pth", "state.pth"} {
		got, err := ReadCheckpoint("testdata/" + name)
		if err != nil {
			t.Error(err)
			continue
		}
		if diff := diffTensors(want.Tensors, got.Tensors); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
		if name != "state.pth" && (got.Metadata["epoch"] != "5" || got.Metadata["checkpoint_key"] != "model") {
			t.Errorf("%s: metadata %v", name, got.Metadata)
		}
	}
}

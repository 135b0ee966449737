package weights

import (
	"archive/zip"
	"bytes"
	"os"
	"path/filepath"
	"strings"
	"testing"
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

// zipCheckpoint wraps a pickle and storages as torch.save does.
func zipCheckpoint(t *testing.T, pickle string, storages map[string]string, method uint16) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	add := func(name, content string) {
		f, err := w.CreateHeader(&zip.FileHeader{Name: name, Method: method})
		if err != nil {
			t.Fatal(err)
		}
		f.Write([]byte(content))
	}
	add("x/data.pkl", pickle)
	add("x/byteorder", "little")
	for key, data := range storages {
		add("x/data/"+key, data)
	}
	if err := w.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// tensorPickle is the pickle of {name: tensor}; numbers are pickle opcodes, "K\x02" is 2.
func tensorPickle(name, class, elements, offset, size, stride string) string {
	return "\x80\x02}X" + string(rune(len(name))) + "\x00\x00\x00" + name +
		"ctorch._utils\n_rebuild_tensor_v2\n((X\x07\x00\x00\x00storagectorch\n" + class + "\nX\x01\x00\x00\x000X\x03\x00\x00\x00cpu" + elements + "tQ" +
		offset + "(" + size + "t(" + stride + "t\x89)tRs."
}

func TestReadCheckpointStrides(t *testing.T) {
	data := string([]byte{1, 2, 3, 4, 5, 6})
	for _, c := range []struct {
		name, pickle string
		shape        []int
		want         []byte
	}{
		{"plain", tensorPickle("w", "ByteStorage", "K\x06", "K\x00", "K\x02K\x03", "K\x03K\x01"), []int{2, 3}, []byte{1, 2, 3, 4, 5, 6}},
		{"transposed", tensorPickle("w", "ByteStorage", "K\x06", "K\x00", "K\x03K\x02", "K\x01K\x03"), []int{3, 2}, []byte{1, 4, 2, 5, 3, 6}},
		{"offset", tensorPickle("w", "ByteStorage", "K\x06", "K\x02", "K\x02", "K\x01"), []int{2}, []byte{3, 4}},
		{"every second", tensorPickle("w", "ByteStorage", "K\x06", "K\x01", "K\x03", "K\x02"), []int{3}, []byte{2, 4, 6}},
		{"expanded", tensorPickle("w", "ByteStorage", "K\x06", "K\x05", "K\x03", "K\x00"), []int{3}, []byte{6, 6, 6}},
		{"scalar", tensorPickle("w", "ByteStorage", "K\x06", "K\x04", "", ""), []int{}, []byte{5}},
		{"empty", tensorPickle("w", "ByteStorage", "K\x06", "K\x00", "K\x00K\x03", "K\x03K\x01"), []int{0, 3}, []byte{}},
		{"module prefix", tensorPickle("module.w", "ByteStorage", "K\x06", "K\x00", "K\x06", "K\x01"), []int{6}, []byte{1, 2, 3, 4, 5, 6}},
	} {
		path := filepath.Join(t.TempDir(), "w.pth")
		if err := os.WriteFile(path, zipCheckpoint(t, c.pickle, map[string]string{"0": data}, zip.Store), 0o644); err != nil {
			t.Fatal(err)
		}
		f, err := ReadCheckpoint(path)
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

func TestHostileCheckpointsAreRefused(t *testing.T) {
	marker := filepath.Join(t.TempDir(), "ran")
	command := "touch " + marker
	reduce := func(module, name string) string {
		return "\x80\x02c" + module + "\n" + name + "\n(S'" + command + "'\ntR."
	}
	bytePickle := func(elements, offset, size, stride string) string {
		return tensorPickle("w", "ByteStorage", elements, offset, size, stride)
	}
	plain := bytePickle("K\x06", "K\x00", "K\x06", "K\x01")
	six := map[string]string{"0": "123456"}
	nested := "\x80\x02)q\x00" + strings.Repeat("0h\x00h\x00\x86q\x00", 200) // 2^200 leaves if anybody printed it
	zipped := func(pickle string) []byte { return zipCheckpoint(t, pickle, six, zip.Store) }
	for _, c := range []struct {
		name string
		file []byte
		want string
	}{
		{"os.system in a zip", zipped(reduce("os", "system")), "os.system"},
		{"posix.system", zipped(reduce("posix", "system")), "posix.system"},
		{"builtins.eval", zipped(reduce("builtins", "eval")), "builtins.eval"},
		{"subprocess.Popen", zipped(reduce("subprocess", "Popen")), "subprocess.Popen"},
		{"torch loader", zipped(reduce("torch.storage", "_load_from_bytes")), "torch.storage._load_from_bytes"},
		{"runpy", zipped(reduce("runpy", "run_path")), "runpy.run_path"},
		{"array", zipped(reduce("array", "_array_reconstructor")), "array._array_reconstructor"},
		{"a whole model", zipped(reduce("timm.models.vision_transformer", "VisionTransformer")), "timm.models.vision_transformer.VisionTransformer"},
		{"stack global", zipped("\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R."), "os.system"},
		{"inst", zipped("(S'true'\nios\nsystem\n."), "0x69"},
		{"obj", zipped("(cos\nsystem\nS'true'\no."), "0x6f"},
		{"extension", zipped("\x80\x02\x82\x01."), "0x82"},
		{"bare pickle", []byte(reduce("os", "system")), "os.system"},
		{"protocol 0 pickle", []byte("cos\nsystem\n(S'" + command + "'\ntR."), "os.system"},
		{"legacy with os.system", legacyWith(t, reduce("os", "system")), "os.system"},
		{"no end", zipped("\x80\x02}"), "no end"},
		{"empty pickle", zipped(""), "no end"},
		{"string of 4 GiB", zipped("\x80\x02X\xff\xff\xff\xff."), "cut off"},
		{"string of 2^62", zipped("\x80\x04\x8d\xff\xff\xff\xff\xff\xff\xff\x3f."), "cut off"},
		{"frame of 2^62", zipped("\x80\x04\x95\xff\xff\xff\xff\xff\xff\xff\x3f."), "cut off"},
		{"huge integer", zipped("\x80\x02\x8b\x00\x10\x00\x00" + strings.Repeat("\x7f", 4096) + "."), "0x8b"},
		{"integer of no bytes", zipped("\x80\x02\x8a\x00."), "makes no sense"},
		{"million marks", zipped("\x80\x02" + strings.Repeat("(", 1<<20) + "."), "opcodes"},
		{"odd dict", zipped("\x80\x02(K\x01d."), "makes no sense"},
		{"nested as function", zipped(nested + ")R."), "Callable"},
		{"nested as name", zipped(nested + "\x8c\x01a\x93."), "STACK_GLOBAL"},
		{"nested as root", zipped(nested + "."), "not a dict"},
		{"nested as key", zipped("\x80\x02}" + nested[2:] + "K\x01s."), "tensors"},
		{"unhashable key", zipped("\x80\x02ccollections\nOrderedDict\n)R]K\x01s."), "tensors"},
		{"empty stack", zipped("\x80\x02."), "stack"},
		{"dict of numbers", zipped("\x80\x02}X\x05\x00\x00\x00epochK\x01s."), `"epoch"`},
		{"compressed", zipCheckpoint(t, plain, six, zip.Deflate), "compressed"},
		{"no pickle", zipCheckpoint(t, plain, six, zip.Store)[:50], "zip"},
		{"missing storage", zipCheckpoint(t, plain, nil, zip.Store), "storage"},
		{"short storage", zipCheckpoint(t, plain, map[string]string{"0": "123"}, zip.Store), "3 bytes"},
		{"more elements", zipped(bytePickle("K\x07", "K\x00", "K\x06", "K\x01")), "elements"},
		{"negative elements", zipped(bytePickle("J\xff\xff\xff\xff", "K\x00", "K\x06", "K\x01")), "storage"},
		{"view beyond", zipped(bytePickle("K\x06", "K\x00", "K\x07", "K\x01")), "beyond"},
		{"offset beyond", zipped(bytePickle("K\x06", "K\x07", "", "")), "beyond"},
		{"negative offset", zipped(bytePickle("K\x06", "J\xff\xff\xff\xff", "K\x01", "K\x01")), "beyond"},
		{"negative size", zipped(bytePickle("K\x06", "K\x00", "J\xff\xff\xff\xff", "K\x01")), "parts"},
		{"stride wraps", zipped(bytePickle("K\x06", "K\x00", "K\x03", "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7f")), "beyond"},
		{"size wraps", zipped(bytePickle("K\x06", "K\x00", "\x8a\x08\xff\xff\xff\xff\xff\xff\xff\x7fK\x04", "K\x00K\x00")), "fit"},
		{"expansion bomb", zipped(bytePickle("K\x06", "K\x00", "J\x00\x00\x00\x40", "K\x00")), "expand"},
		{"nine axes", zipped(bytePickle("K\x06", "K\x00", strings.Repeat("K\x01", 9), strings.Repeat("K\x01", 9))), "parts"},
		{"axes and strides differ", zipped(bytePickle("K\x06", "K\x00", "K\x06", "K\x01K\x01")), "fit"},
		{"npz", zipNamed(t, "arr_0.npy"), "NumPy archive"},
		{"TorchScript", zipNamed(t, "x/constants.pkl"), "TorchScript"},
		{"text", []byte("hello, weights"), "text"},
		{"zeros", make([]byte, 1024), "unknown kind"},
		{"empty file", nil, "unknown kind"},
	} {
		path := filepath.Join(t.TempDir(), "model.pth")
		if err := os.WriteFile(path, c.file, 0o644); err != nil {
			t.Fatal(err)
		}
		_, err := ReadCheckpoint(path)
		switch {
		case err == nil:
			t.Errorf("%s: accepted", c.name)
		case !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) || len(err.Error()) > 1200:
			t.Errorf("%s: error %q, want it short, with the file and %q", c.name, err, c.want)
		}
		if _, err := Load(path); err == nil {
			t.Errorf("%s: Load accepted it", c.name)
		}
	}
	if _, err := os.Stat(marker); err == nil {
		t.Error("a payload ran")
	}
}

func zipNamed(t *testing.T, name string) []byte {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	if _, err := w.Create(name); err != nil {
		t.Fatal(err)
	}
	w.Close()
	return b.Bytes()
}

// legacyWith puts a pickle where the legacy layout keeps its value.
func legacyWith(t *testing.T, pickle string) []byte {
	t.Helper()
	data, err := os.ReadFile(micro + "vit_legacy.pth.tar")
	if err != nil {
		t.Fatal(err)
	}
	at := 0
	for range 3 {
		n, err := scanPickle(data[at:])
		if err != nil {
			t.Fatal(err)
		}
		at += n
	}
	return append(bytes.Clone(data[:at]), pickle...)
}

// Cutting a checkpoint anywhere, or flipping bits in it, gives an error or weights, never a panic.
func TestDamagedCheckpoints(t *testing.T) {
	for _, name := range []string{"vit.pth.tar", "vit_legacy.pth.tar"} {
		data, err := os.ReadFile(micro + name)
		if err != nil {
			t.Fatal(err)
		}
		path := filepath.Join(t.TempDir(), name)
		try := func(file []byte) error {
			if err := os.WriteFile(path, file, 0o644); err != nil {
				t.Fatal(err)
			}
			_, err := ReadCheckpoint(path)
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

func FuzzReadCheckpoint(f *testing.F) {
	f.Add([]byte(tensorPickle("w", "ByteStorage", "K\x06", "K\x00", "K\x02K\x03", "K\x03K\x01")))
	f.Add([]byte("\x80\x04\x8c\x02os\x8c\x06system\x93\x8c\x04true\x85R."))
	f.Fuzz(func(t *testing.T, program []byte) {
		path := filepath.Join(t.TempDir(), "w.pth")
		if err := os.WriteFile(path, zipCheckpoint(t, string(program), map[string]string{"0": "123456"}, zip.Store), 0o644); err != nil {
			t.Fatal(err)
		}
		if file, err := ReadCheckpoint(path); err == nil {
			if err := Encode(&bytes.Buffer{}, file); err != nil {
				t.Fatal(err)
			}
		}
	})
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

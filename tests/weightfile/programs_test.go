package weightfile

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// program is what another program writes: files by name; one file is given by
// itself, several as their folder.
type program struct {
	name  string
	files map[string]string
	words []string
}

func programs() []program {
	zeros := string(make([]byte, 64))
	hdf5 := "\x89HDF\r\n\x1a\n" + zeros
	gomlx := `{"Params":[],"Variables":[{"ParameterName":"var:/w","Dimensions":[2],"DType":10,"Pos":0,"Length":8}],"BinFormat":"uncompressed"}`
	return []program{
		{"GoMLX folder", map[string]string{"checkpoint-n0000001-20260101-000000.json": gomlx, "checkpoint-n0000001-20260101-000000.bin": zeros}, []string{"GoMLX", "timm's names"}},
		{"GoMLX list", map[string]string{"checkpoint-n0000001-20260101-000000.json": gomlx}, []string{"GoMLX", "timm's names"}},
		{"GoMLX data, gzip", map[string]string{"checkpoint-n0000001-20260101-000000.bin": "\x1f\x8b\x08" + zeros}, []string{"gzip"}},
		{"GoMLX data", map[string]string{"checkpoint-n0000001-20260101-000000.bin": zeros}, []string{"GoMLX"}},
		{"TensorFlow SavedModel", map[string]string{"saved_model.pb": "\x08\x01\x12" + zeros, "variables/variables.index": zeros}, []string{"TensorFlow", "from_tf"}},
		{"TensorFlow checkpoint", map[string]string{"model.ckpt-10.index": zeros, "model.ckpt-10.data-00000-of-00001": zeros}, []string{"TensorFlow", "from_tf"}},
		{"TensorFlow Lite", map[string]string{"model.tflite": "\x1c\x00\x00\x00TFL3" + zeros}, []string{"TensorFlow"}},
		{"transformers in TensorFlow", map[string]string{"tf_model.h5": hdf5, "config.json": `{"model_type":"vit"}`}, []string{"HDF5", "from_tf"}},
		{"Keras 2", map[string]string{"weights.h5": hdf5}, []string{"HDF5", "from_tf"}},
		{"HDF5 under another name", map[string]string{"weights.safetensors": hdf5}, []string{"HDF5", "from_tf"}},
		{"Flax", map[string]string{"flax_model.msgpack": "\x81\xa6params\x80" + zeros, "config.json": `{"model_type":"vit"}`}, []string{"Flax", "from_flax"}},
		{"Flax under another name", map[string]string{"weights.ckpt": "\x81\xa6params\x80" + zeros}, []string{"Flax", "from_flax"}},
		{"Orbax", map[string]string{"_CHECKPOINT_METADATA": "{}", "manifest.ocdbt": zeros}, []string{"Orbax", "numpy.savez"}},
		{"ONNX", map[string]string{"model.onnx": "\x08\x07\x12\x07pytorch" + zeros}, []string{"ONNX", "made from"}},
		{"ONNX under another name", map[string]string{"weights.safetensors": "\x08\x07\x12\x07pytorch" + zeros}, []string{"ONNX", "made from"}},
		{"GGUF", map[string]string{"vit.gguf": "GGUF\x03\x00\x00\x00" + zeros}, []string{"GGUF", "made from"}},
		{"GGUF under another name", map[string]string{"weights.safetensors": "GGUF\x03\x00\x00\x00" + zeros}, []string{"GGUF", "made from"}},
		{"PaddlePaddle", map[string]string{"model.pdiparams": zeros}, []string{"PaddlePaddle", "made from"}},
		{"Core ML", map[string]string{"vit.mlmodel": "\x08\x01" + zeros}, []string{"Core ML", "made from"}},
		{"OpenVINO", map[string]string{"openvino_model.xml": "<?xml version=\"1.0\"?><net/>", "openvino_model.bin": zeros}, []string{"OpenVINO", "made from"}},
		{"an index alone", map[string]string{"model.safetensors.index.json": `{"weight_map":{"a":"b"}}`}, []string{"index of shards", "name the folder"}},
	}
}

// TestOtherPrograms: recognised by content or name, refused with the next step.
func TestOtherPrograms(t *testing.T) {
	for _, p := range programs() {
		for _, taker := range []string{"evaluate", "convert", "inspect"} {
			catalogue.Case(t, "W6", p.name+", "+taker, func(t *testing.T) {
				path := filepath.Join(t.TempDir(), "model")
				for name, content := range p.files {
					file := filepath.Join(path, name)
					if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
						t.Fatal(err)
					}
					if err := os.WriteFile(file, bytes.Clone([]byte(content)), 0o644); err != nil {
						t.Fatal(err)
					}
					if len(p.files) == 1 {
						path = file
					}
				}
				catalogue.Refused(t, append(p.words, path), taking(t, taker, path)...)
			})
		}
	}
}

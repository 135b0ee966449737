package weights

import (
	"os"
	"path"
	"path/filepath"
	"strings"
)

// program is a kind of model file that other programs write and the workbench
// does not read.
type program struct {
	kind  string
	heads []string // first bytes
	files []string // patterns of file names
	next  string
}

const (
	fromTensorFlow = "load it in Python with transformers (from_pretrained(FOLDER, from_tf=True)) and save it with save_pretrained, which writes safetensors"
	fromFlax       = "load it in Python with transformers (from_pretrained(FOLDER, from_flax=True)) and save it with save_pretrained, which writes safetensors"
	original       = "take the safetensors or PyTorch checkpoint that it was made from"
)

// programs in the order in which they are asked.
var programs = []program{
	{"an index of shards, not the weights", nil, []string{"*.safetensors.index.json"}, "name the folder that it lies in"},
	{"a GoMLX checkpoint", nil, []string{"checkpoint-n[0-9]*.json", "checkpoint-n[0-9]*.bin"},
		"write its variables in timm's names as safetensors with the program that trained it"},
	{"an HDF5 file (a Keras model?)", []string{"\x89HDF\r\n\x1a\n"}, []string{"*.h5", "*.hdf5", "*.keras"}, fromTensorFlow},
	{"a TensorFlow model", nil, []string{"saved_model.pb", "*.pb", "*.ckpt*.index", "*.ckpt*.meta", "*.data-[0-9]*-of-[0-9]*", "*.tflite"}, fromTensorFlow},
	{"a Flax checkpoint", []string{"\x81\xa6params", "\x82\xa6params"}, []string{"*.msgpack"}, fromFlax},
	{"an Orbax checkpoint", nil, []string{"_CHECKPOINT_METADATA", "_METADATA", "manifest.ocdbt"},
		"write its arrays as .npz in Python (numpy.savez) and convert that file"},
	{"an ONNX model", []string{"\x08\x07\x12", "\x08\x08\x12", "\x08\x09\x12", "\x08\x0a\x12"}, []string{"*.onnx"}, original},
	{"a GGUF file of quantised weights", []string{"GGUF"}, []string{"*.gguf"}, original},
	{"a TensorRT engine", []string{"ptrt", "ftrt"}, []string{"*.engine", "*.plan"}, original},
	{"a Core ML model", nil, []string{"*.mlmodel", "*.mlpackage"}, original},
	{"an OpenVINO model", nil, []string{"openvino_model.xml", "openvino_model.bin"}, original},
	{"a PaddlePaddle model", nil, []string{"*.pdparams", "*.pdiparams"}, original},
	{"an MXNet model", nil, []string{"*.params"}, original},
}

// OtherProgram recognises a model file of another program by its first bytes
// or its name and returns the error that tells what to do; nil for other files.
func OtherProgram(head []byte, name string) error {
	for _, p := range programs {
		for _, mark := range p.heads {
			if strings.HasPrefix(string(head), mark) {
				return p.fault(name)
			}
		}
	}
	return otherByName(name, name)
}

// OtherFolder is OtherProgram for a folder, by the names in it.
func OtherFolder(folder string) error {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return nil // the caller's own look at the folder says so
	}
	for _, entry := range entries {
		if err := otherByName(entry.Name(), folder); err != nil {
			return err
		}
	}
	return nil
}

func otherByName(name, path string) error {
	for _, p := range programs {
		if p.owns(filepath.Base(name)) {
			return p.fault(path)
		}
	}
	return nil
}

func (p program) owns(name string) bool {
	for _, pattern := range p.files {
		if ok, _ := path.Match(pattern, name); ok { // the patterns are constants
			return true
		}
	}
	return false
}

func (p program) fault(path string) error {
	return &Fault{File: path, Found: p.kind, Expected: "weights as safetensors, PyTorch checkpoint or .npz", Next: p.next}
}

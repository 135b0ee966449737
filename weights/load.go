package weights

import (
	"fmt"
	"os"
	"path/filepath"
)

// Load is the gate through which weights enter: a safetensors file, or a
// folder with model.safetensors (or its shards) as timm and transformers write
// it. The result has timm's names and finite values only; heads, class names,
// mean and std from the folder's config are added to the metadata where the
// file itself does not say. Checkpoints of PyTorch are refused with the
// command that converts them.
func Load(path string) (*File, error) {
	file, err := readModel(path)
	if err != nil {
		return nil, err
	}
	timm, err := ToTimm(file)
	if err != nil {
		return nil, fmt.Errorf("load weights %q: %w", path, err)
	}
	if err := timm.CheckFinite(); err != nil {
		return nil, fmt.Errorf("load weights %q: %w, or write 0 for them: robustvit convert FILE --zero-nan", path, err)
	}
	return timm, nil
}

// The file names of a model folder.
const (
	modelFile      = "model.safetensors"
	modelIndex     = "model.safetensors.index.json"
	configFile     = "config.json"
	preprocessFile = "preprocessor_config.json"
	pickleFile     = "pytorch_model.bin"
	pickleIndex    = "pytorch_model.bin.index.json"
)

// convertible are weights in a model folder that convert reads and Load does not.
var convertible = []string{pickleFile, "model.pth", "model.pth.tar", NPZFile}

// IsModelFolder says whether the folder holds weights under a name that the
// hubs and our exports use; Load may still refuse them.
func IsModelFolder(folder string) bool {
	for _, name := range append([]string{modelFile, modelIndex, pickleIndex}, convertible...) {
		if info, err := os.Stat(filepath.Join(folder, name)); err == nil && info.Mode().IsRegular() {
			return true
		}
	}
	return false
}

func readModel(path string) (*File, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, fmt.Errorf("load weights %q: %w; check the path", path, reason(err))
	}
	if !info.IsDir() {
		file, err := Read(path)
		if err == nil && filepath.Base(path) == modelFile {
			err = addConfig(file, filepath.Dir(path))
		}
		return file, err
	}
	file, err := readFolder(path)
	if err != nil {
		return nil, err
	}
	return file, addConfig(file, path)
}

func readFolder(folder string) (*File, error) {
	whole, index := filepath.Join(folder, modelFile), filepath.Join(folder, modelIndex)
	if _, err := os.Stat(whole); err == nil {
		return Read(whole)
	}
	if _, err := os.Stat(index); err == nil {
		return readShards(folder, index)
	}
	for _, name := range convertible {
		if _, err := os.Stat(filepath.Join(folder, name)); err == nil {
			return nil, &Fault{File: folder, Found: "a folder with " + name + " alone", Expected: modelFile, Next: convertHint(filepath.Join(folder, name))}
		}
	}
	if _, err := os.Stat(filepath.Join(folder, pickleIndex)); err == nil {
		return nil, &Fault{File: folder, Found: "a checkpoint in several pickles", Expected: modelFile + " (or " + modelIndex + ") in it",
			Next: "save it again in Python with model.save_pretrained(FOLDER), which writes safetensors"}
	}
	if other := OtherFolder(folder); other != nil {
		return nil, other
	}
	return nil, &Fault{File: folder, Found: "a folder without weights", Expected: modelFile + " (or " + modelIndex + ") in it",
		Next: "name a .safetensors file or a model folder"}
}

package weights

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
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
		return nil, fmt.Errorf("load weights %q: %w", path, err)
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
	return nil, &Fault{File: folder, Found: "a folder without weights", Expected: modelFile + " (or " + modelIndex + ") in it",
		Next: "name a .safetensors file or a model folder"}
}

// readShards reads a model cut into several files. The index must list exactly
// the tensors that its shards hold.
func readShards(folder, index string) (*File, error) {
	var list struct {
		Map map[string]string `json:"weight_map"`
	}
	if err := readJSON(index, &list); err != nil {
		return nil, err
	}
	shards := map[string]bool{}
	merged := &File{Metadata: map[string]string{}}
	held := map[string]string{}
	for tensor, shard := range list.Map {
		if shard != filepath.Base(shard) || shard == "." || shard == ".." {
			return nil, &Fault{File: index, Tensor: tensor, Field: "shard", Found: brief(shard), Expected: "a file name without folders", Next: damaged}
		}
		shards[shard] = true
	}
	for _, shard := range sortedKeys(shards) {
		part, err := Read(filepath.Join(folder, shard))
		if err != nil {
			return nil, err
		}
		for _, t := range part.Tensors {
			if before, twice := held[t.Name]; twice {
				return nil, &Fault{File: index, Tensor: t.Name, Found: "it in " + before + " and in " + shard, Expected: "each tensor once", Next: damaged}
			}
			held[t.Name] = shard
		}
		merged.Tensors = append(merged.Tensors, part.Tensors...)
		for key, value := range part.Metadata {
			merged.Metadata[key] = value
		}
	}
	for _, tensor := range sortedKeys(list.Map) {
		if held[tensor] != list.Map[tensor] {
			return nil, &Fault{File: index, Tensor: tensor, Found: "no such tensor in " + list.Map[tensor], Expected: "what the index lists", Next: damaged}
		}
	}
	for _, tensor := range sortedKeys(held) {
		if _, ok := list.Map[tensor]; !ok {
			return nil, &Fault{File: index, Tensor: tensor, Found: "it in " + held[tensor] + " but not in the index", Expected: "the index to list every tensor", Next: damaged}
		}
	}
	return merged, nil
}

// maxConfigBytes bounds config files; an ImageNet-21k label list takes 1 MB.
const maxConfigBytes = 8 << 20

func readJSON(path string, into any) error {
	f, size, err := openRegular(path)
	if err != nil {
		return err
	}
	defer f.Close()
	if size > maxConfigBytes {
		return &Fault{File: path, Field: "length", Found: fmt.Sprintf("%d bytes", size), Expected: fmt.Sprintf("at most %d", maxConfigBytes), Next: damaged}
	}
	text := make([]byte, size)
	if err := readFull(f, text, 0, path); err != nil {
		return err
	}
	if err := json.Unmarshal(text, into); err != nil {
		return &Fault{File: path, Field: "JSON", Found: err.Error(), Expected: "a config as timm or transformers write it", Next: "correct or remove the file"}
	}
	return nil
}

// readOptional is readJSON for a file that need not be there.
func readOptional(path string, into any) error {
	err := readJSON(path, into)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	return err
}

package hub

import (
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/robustvit/workbench/weights"
)

// readable has the strict reader read a safetensors file and describes the
// model in it; other kinds are for convert to judge. path is what errors call it.
func readable(f *os.File, size int64, path string) (model string, err error) {
	if filepath.Ext(path) != ".safetensors" {
		return "", nil
	}
	file, err := weights.Decode(f, size, path)
	if err != nil {
		return "", err
	}
	if err := file.CheckFinite(); err != nil {
		return "", fmt.Errorf("weights file %q: %w", path, err)
	}
	timm, err := weights.ToTimm(file)
	if err != nil {
		return "not a Vision Transformer that the workbench runs: " + err.Error(), nil
	}
	geometry, err := weights.Describe(timm)
	if err != nil {
		return "not a Vision Transformer that the workbench runs: " + err.Error(), nil
	}
	return geometry.String(), nil
}

// isJSON refuses, above all, the sign-in page of a network.
func isJSON(f *os.File, size int64, path string) error {
	if size > weights.MaxConfigBytes {
		return fmt.Errorf("fetch: %q: found %d bytes, expected a config of at most %d; the repository is not a model's", path, size, weights.MaxConfigBytes)
	}
	text, err := io.ReadAll(io.NewSectionReader(f, 0, size))
	if err != nil {
		return diskFault("read", path, err)
	}
	if !json.Valid(text) {
		return fmt.Errorf("fetch: %q: found text that begins %.40q, expected JSON; a proxy or sign-in page may stand between: check the network and HF_ENDPOINT", path, text)
	}
	return nil
}

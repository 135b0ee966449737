package export

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/robustvit/workbench/weights"
)

// Conversion says what [Convert] read and wrote.
type Conversion struct {
	From     string           `json:"from"`
	To       string           `json:"to"`
	Names    string           `json:"names"` // convention of the file that was read
	Tensors  int              `json:"tensors"`
	Geometry weights.Geometry `json:"geometry"`
	Weights  string           `json:"weights_sha256"`
}

// Convert reads a PyTorch checkpoint, a model folder or safetensors in timm's or transformers'
// names and writes safetensors in timm's names. To is empty for a file beside
// the old one. Heads other than 0 are noted in the file: no tensor shows them.
func Convert(from, to string, heads int) (Conversion, error) {
	c := Conversion{From: from, To: to}
	if c.To == "" {
		c.To = converted(from)
	}
	if filepath.Clean(c.To) == filepath.Clean(from) {
		return c, fmt.Errorf("convert %q: it would be written over; name another file with --out", from)
	}
	file, err := readAny(from)
	if err != nil {
		return c, err
	}
	c.Names = string(weights.DetectNaming(file))
	timm, err := weights.ToTimm(file)
	if err != nil {
		return c, fmt.Errorf("convert %q: %w", from, err)
	}
	if err := timm.CheckFinite(); err != nil {
		return c, fmt.Errorf("convert %q: %w", from, err)
	}
	timm.Metadata = maps.Clone(timm.Metadata)
	if timm.Metadata == nil {
		timm.Metadata = map[string]string{}
	}
	timm.Metadata["format"] = "pt"
	if heads > 0 {
		timm.Metadata[weights.MetadataHeads] = strconv.Itoa(heads)
	}
	if c.Geometry, err = weights.Describe(timm); err != nil {
		return c, fmt.Errorf("convert %q: %w", from, err)
	}
	c.Tensors, c.Weights = len(timm.Tensors), timm.SHA256()
	return c, weights.Write(c.To, timm)
}

// readAny reads a model folder (timm's or transformers', with what its
// config.json says), safetensors as they are and everything else as a
// checkpoint, whose reader names other kinds of file.
func readAny(path string) (*weights.File, error) {
	if info, err := os.Stat(path); err == nil && info.IsDir() {
		return weights.Load(path)
	}
	if strings.HasSuffix(path, ".safetensors") {
		return weights.Read(path)
	}
	return weights.ReadCheckpoint(path)
}

// converted is the name of the new file: vit.pth.tar becomes vit.safetensors.
func converted(path string) string {
	stem := path
	for _, extension := range []string{".safetensors", ".tar", ".pth", ".pt", ".bin", ".ckpt"} {
		stem = strings.TrimSuffix(stem, extension)
	}
	if stem = strings.TrimRight(stem, "/"); strings.HasSuffix(path, ".safetensors") {
		stem += ".timm"
	}
	return stem + ".safetensors"
}

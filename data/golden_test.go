package data_test

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data"
)

const (
	goldenFolder = "testdata/preprocess"
	colourFolder = "testdata/colour"
)

// goldenProtocol is a protocol of Pillow's reference output.
type goldenProtocol struct {
	protocol data.Protocol
	size     int
}

func goldenProtocols() map[string]goldenProtocol {
	half := [3]float32{0.5, 0.5, 0.5}
	return map[string]goldenProtocol{
		"paper_eval":         {data.Paper(), 224},
		"paper_train_resize": {data.Squash(), 256},
		"squash_224":         {data.Squash(), 224},
		"timm_bicubic_0.9":   {data.Timm(0.9, half, half), 224},
	}
}

func (g goldenProtocol) apply(t *testing.T, file string) *data.Image {
	t.Helper()
	img, err := data.ReadImage(file)
	if err != nil {
		t.Fatal(err)
	}
	out, err := g.protocol.Apply(img, g.size)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// PNG decodes without loss, so every byte must be Pillow's.
func TestPreprocessingIsPillowsBitForBit(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(goldenFolder, "sha256.json"))
	if err != nil {
		t.Fatal(err)
	}
	var hashes map[string]string
	if err := json.Unmarshal(text, &hashes); err != nil {
		t.Fatal(err)
	}
	for key, want := range hashes {
		t.Run(key, func(t *testing.T) {
			file, name, _ := strings.Cut(key, "|")
			out := goldenProtocols()[name].apply(t, filepath.Join(goldenFolder, file))
			sum := sha256.Sum256(out.Pix)
			if got := hex.EncodeToString(sum[:]); got != want {
				t.Errorf("pixels differ from Pillow's: hash %s, want %s", got, want)
			}
		})
	}
}

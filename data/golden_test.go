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

// goldenProtocols are the protocols of Pillow's reference output, at 224 pixels.
func goldenProtocols() map[string]struct {
	protocol data.Protocol
	size     int
} {
	half := [3]float32{0.5, 0.5, 0.5}
	return map[string]struct {
		protocol data.Protocol
		size     int
	}{
		"paper_eval":         {data.Paper(), 224},
		"paper_train_resize": {data.Squash(), 256},
		"squash_224":         {data.Squash(), 224},
		"timm_bicubic_0.9":   {data.Timm(0.9, half, half), 224},
	}
}

const goldenFolder = "testdata/preprocess"

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
			img, err := data.ReadImage(filepath.Join(goldenFolder, file))
			if err != nil {
				t.Fatal(err)
			}
			p := goldenProtocols()[name]
			out, err := p.protocol.Apply(img, p.size)
			if err != nil {
				t.Fatal(err)
			}
			sum := sha256.Sum256(out.Pix)
			if got := hex.EncodeToString(sum[:]); got != want {
				t.Errorf("pixels differ from Pillow's: hash %s, want %s", got, want)
			}
		})
	}
}

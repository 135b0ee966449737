package export

import (
	"context"
	"maps"
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// TestExportsCarryTheProtocol: whoever reads an export prepares pictures as the
// model was used, whatever it was used with: short side, crop, filter and
// normalisation come back from every format's own files.
func TestExportsCarryTheProtocol(t *testing.T) {
	b := goBackend(t)
	for _, test := range []struct {
		metadata map[string]string
		want     string // protocol
	}{
		{map[string]string{"protocol": "paper"}, "paper"},
		{map[string]string{"protocol": "timm", "crop_pct": "0.8", "interpolation": "bilinear", "mean": "0.4,0.5,0.6"}, "timm"},
		{map[string]string{"protocol": "timm", "crop_pct": "0.8", "crop_mode": "squash"}, "timm"},
		{map[string]string{"method": "pretrain"}, "native"},
		{map[string]string{"protocol": "squash"}, "squash"},
		{map[string]string{"crop_pct": "1"}, "timm"}, // not from here
	} {
		plain := open(t, filepath.Join(golden, "vit.safetensors"))
		file := *plain.File
		file.Metadata = maps.Clone(file.Metadata)
		if file.Metadata == nil {
			file.Metadata = map[string]string{}
		}
		maps.Copy(file.Metadata, test.metadata)
		m, err := pretrained.New(&file, "test")
		if err != nil {
			t.Fatal(err)
		}
		want, err := pretrained.ProtocolOf(test.want, m.Variant)
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []string{Timm, Transformers, Safetensors} {
			dir := filepath.Join(t.TempDir(), "out")
			if _, err := Run(context.Background(), Job{Model: m, Format: format, Dir: dir, Backend: b}); err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			back := open(t, dir)
			got, err := pretrained.ProtocolOf("timm", back.Variant)
			if err != nil {
				t.Fatal(err)
			}
			if got.Mean != want.Mean || got.Std != want.Std || seen(t, got) != seen(t, want) {
				t.Errorf("%v as %s: read back %+v, expected %+v", test.metadata, format, got, want)
			}
		}
	}
}

// seen is the hash of what the protocol makes of a picture.
func seen(t *testing.T, p data.Protocol) string {
	t.Helper()
	img, err := data.ReadImage("../../data/testdata/preprocess/portrait.png")
	if err != nil {
		t.Fatal(err)
	}
	out, err := p.Apply(img, 32)
	if err != nil {
		t.Fatal(err)
	}
	return out.SHA256()
}

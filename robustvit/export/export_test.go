package export

import (
	"context"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/gomlx/compute"
	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/pretrained"
	"github.com/robustvit/workbench/weights"
)

const golden = "../../tests/golden/micro"

func goBackend(t *testing.T) compute.Backend {
	t.Helper()
	t.Setenv("GOMLX_BACKEND", "go")
	b, _, err := backend.Open(backend.Options{})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(b.Finalize)
	return b
}

func open(t *testing.T, path string) *pretrained.Model {
	t.Helper()
	m, err := pretrained.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// source is what convert takes of an export: the folder, or the archive in it.
func source(dir string) string {
	if path := filepath.Join(dir, weights.NPZFile); exists(path) {
		return path
	}
	return dir
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// exported opens an export of any format.
func exported(t *testing.T, dir string) *pretrained.Model {
	t.Helper()
	file, err := weights.Import(source(dir))
	if err != nil {
		t.Fatal(err)
	}
	if file, err = weights.ToTimm(file); err != nil {
		t.Fatal(err)
	}
	m, err := pretrained.New(file, dir)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestSameLogits: a model exported and loaded again gives the same logits bit for bit.
func TestSameLogits(t *testing.T) {
	b := goBackend(t)
	for _, protocol := range []string{"", "native", "paper", "timm"} {
		m := open(t, filepath.Join(golden, "vit.safetensors"))
		m.File.Metadata = maps.Clone(m.File.Metadata)
		if m.File.Metadata == nil {
			m.File.Metadata = map[string]string{}
		}
		m.File.Metadata["protocol"], m.File.Metadata["base_weights_sha256"] = protocol, "of the test"
		want, err := ParityLogits(b, m)
		if err != nil {
			t.Fatal(err)
		}
		for _, format := range []string{Timm, Transformers, Safetensors, NPZ} {
			dir := filepath.Join(t.TempDir(), "out")
			result, err := Run(context.Background(), Job{Model: m, Format: format, Dir: dir, Backend: b})
			if err != nil {
				t.Fatalf("%s: %v", format, err)
			}
			back := exported(t, dir)
			got, err := ParityLogits(b, back)
			if err != nil {
				t.Fatal(err)
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s, protocol %q: logits differ after export and load", format, protocol)
			}
			if back.File.Metadata["base_weights_sha256"] != "of the test" {
				t.Errorf("%s: the metadata that traces the run is lost: %v", format, back.File.Metadata)
			}
			converted := filepath.Join(t.TempDir(), "converted.safetensors")
			if _, err := Convert(ConvertJob{From: source(dir), To: converted}); err != nil {
				t.Errorf("%s: convert the exported folder: %v", format, err)
			} else if again := open(t, converted); again.SHA256 != m.SHA256 || again.Variant.Heads != m.Variant.Heads {
				t.Errorf("%s: converted back it holds other weights or heads", format)
			}
			parity, err := weights.Read(filepath.Join(dir, weights.ParityFile))
			if err != nil {
				t.Fatal(err)
			}
			stored, ok := parity.Get(weights.ParityLogits)
			if !ok {
				t.Fatal("no logits in the parity file")
			}
			if values, err := stored.Float32s(); err != nil || !slices.Equal(values, want) {
				t.Errorf("%s: parity file holds other logits (%v)", format, err)
			}
			if !slices.Contains(result.Files, filepath.Base(source(dir))) && !slices.Contains(result.Files, modelFile) {
				t.Errorf("%s: files %v", format, result.Files)
			}
		}
	}
}

func TestExportRefuses(t *testing.T) {
	b := goBackend(t)
	m := open(t, filepath.Join(golden, "vit.safetensors"))
	dir := t.TempDir()
	if _, err := Run(context.Background(), Job{Model: m, Format: "onnx", Dir: dir, Backend: b}); err == nil || !strings.Contains(err.Error(), "onnx") {
		t.Errorf("unknown format: %v", err)
	}
	if err := os.WriteFile(filepath.Join(dir, "diary.txt"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := Run(context.Background(), Job{Model: m, Format: Timm, Dir: dir, Backend: b}); err == nil || !strings.Contains(err.Error(), "diary.txt") {
		t.Errorf("folder with other files: %v", err)
	}
}

// TestConvert: every form of the same weights becomes the same tensors.
func TestConvert(t *testing.T) {
	want := open(t, filepath.Join(golden, "vit.safetensors")).SHA256
	for _, name := range []string{golden + "/vit.pth.tar", golden + "/vit_legacy.pth.tar", golden + "/hf_vit.safetensors", "../../weights/testdata/jax.npz"} {
		to := filepath.Join(t.TempDir(), "out.safetensors")
		c, err := Convert(ConvertJob{From: name, To: to, Heads: 3})
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if m := open(t, to); m.SHA256 != want || m.Variant.Heads != 3 {
			t.Errorf("%s: SHA-256 %.12s with %d heads, expected %.12s with 3 (%+v)", name, m.SHA256, m.Variant.Heads, want, c)
		}
	}
}

func TestConvertedName(t *testing.T) {
	for from, want := range map[string]string{
		"a/vit.pth.tar": "a/vit.safetensors", "m.bin": "m.safetensors", "B_16.npz": "B_16.safetensors", "x.safetensors": "x.timm.safetensors", "folder/": "folder.safetensors", "model": "model.safetensors",
	} {
		if got := converted(from); got != want {
			t.Errorf("converted(%q) = %q, expected %q", from, got, want)
		}
	}
}

func TestParityInputsAreFixed(t *testing.T) {
	m := open(t, filepath.Join(golden, "vit.safetensors"))
	a, b := ParityInputs(m.Variant), ParityInputs(m.Variant)
	if !slices.Equal(a, b) || len(a) != parityImages*3*m.Variant.ImageSize*m.Variant.ImageSize {
		t.Errorf("%d values", len(a))
	}
	if low, high := slices.Min(a), slices.Max(a); low < -1.1 || high > 1.1 || high-low < 1 {
		t.Errorf("values from %g to %g", low, high)
	}
}

// TestReread: the same logits bit for bit, and a changed parity file shows.
func TestReread(t *testing.T) {
	b, dir := goBackend(t), filepath.Join(t.TempDir(), "out")
	m := open(t, filepath.Join(golden, "vit.safetensors"))
	if _, err := Run(t.Context(), Job{Model: m, Format: Timm, Dir: dir, Backend: b}); err != nil {
		t.Fatal(err)
	}
	if off, err := Reread(b, dir); err != nil || off != 0 {
		t.Errorf("off by %g, %v; want 0", off, err)
	}
	logits, err := ParityLogits(b, m)
	if err != nil {
		t.Fatal(err)
	}
	logits[1] -= 0.5
	write := func(n int) {
		t.Helper()
		v := m.Variant
		err := weights.WriteParity(filepath.Join(dir, weights.ParityFile),
			weights.Float32Tensor(weights.ParityInputs, []int{n, 3, v.ImageSize, v.ImageSize}, ParityInputs(v)[:n*3*v.ImageSize*v.ImageSize]),
			weights.Float32Tensor(weights.ParityLogits, []int{n, len(logits) / n}, logits))
		if err != nil {
			t.Fatal(err)
		}
	}
	write(parityImages)
	if off, err := Reread(b, dir); err != nil || off < 0.4999 || off > 0.5001 {
		t.Errorf("off by %g, %v; want 0.5", off, err)
	}
	write(1)
	if _, err := Reread(b, dir); err == nil || !strings.Contains(err.Error(), "export again") {
		t.Errorf("logits of more images than there are: %v", err)
	}
	if err := os.Remove(filepath.Join(dir, weights.ParityFile)); err != nil {
		t.Fatal(err)
	}
	if _, err := Reread(b, dir); err == nil || !strings.Contains(err.Error(), weights.ParityFile) {
		t.Errorf("no parity file: %v", err)
	}
}

package main

import (
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestJAXBothWays: an archive is inspected, converted, exported again and the bits stay.
func TestJAXBothWays(t *testing.T) {
	dir := t.TempDir()
	archive := filepath.Join("..", "..", "weights", "testdata", "jax.npz")
	if finding := works(t, "inspect", archive); finding["kind"] != "NumPy archive" {
		t.Errorf("inspect: %v", finding["kind"])
	}
	first := works(t, "convert", archive, "--out", filepath.Join(dir, "vit.safetensors"))
	out := works(t, "export", "--weights", filepath.Join(dir, "vit.safetensors"), "--format", "npz", "--out", filepath.Join(dir, "jax"))
	second := works(t, "convert", filepath.Join(dir, "jax", "model.npz"), "--out", filepath.Join(dir, "back.safetensors"))
	if first["weights_sha256"] != second["weights_sha256"] || out["weights_sha256"] != first["weights_sha256"] {
		t.Errorf("SHA-256 %v, exported %v, read back %v", first["weights_sha256"], out["weights_sha256"], second["weights_sha256"])
	}
	resized := works(t, "convert", archive, "--image-size", "48", "--backbone", "--out", filepath.Join(dir, "48.safetensors"))
	if resized["resized_from"] != 32.0 || len(resized["left_out"].([]any)) != 2 {
		t.Errorf("resized: %v", resized)
	}
}

// TestInspectFolders: a model folder is no run folder, although both have a config.json.
func TestInspectFolders(t *testing.T) {
	golden := filepath.Join("..", "..", "tests", "golden", "micro")
	for name, c := range map[string]struct{ from, words string }{
		"model.safetensors": {"hf_vit.safetensors", ""}, "pytorch_model.bin": {"vit.pth.tar", "robustvit convert"},
	} {
		dir := t.TempDir()
		for to, from := range map[string]string{name: c.from, "config.json": "hf_config.json"} {
			if err := os.WriteFile(filepath.Join(dir, to), readAll(t, filepath.Join(golden, from)), 0o644); err != nil {
				t.Fatal(err)
			}
		}
		got := command(t, "inspect", dir)
		if c.words == "" && (got.code != 0 || !strings.Contains(got.out, "model folder")) || c.words != "" && (got.code != 1 || !strings.Contains(got.stderr, c.words)) {
			t.Errorf("%s: exit code %d\n%s%s", name, got.code, got.out, got.stderr)
		}
	}
}

func TestWeightsList(t *testing.T) {
	if models, ok := works(t, "weights", "list")["models"].([]any); !ok || len(models) < 11 {
		t.Errorf("models: %d", len(models))
	}
	text := command(t, "weights", "list").out
	for _, word := range []string{"DeiT-B", "8e-07", "0.65", "jx_vit_large_p16_224", "timm has no hub entry", "dino_vitb16", "augreg/B_16-i21k"} {
		if !strings.Contains(text, word) {
			t.Errorf("the list lacks %s", word)
		}
	}
}

// TestWeightsFetch asks a server of this machine by the environment that Python's tools use.
func TestWeightsFetch(t *testing.T) {
	content := filepath.Join("..", "..", "tests", "golden", "micro", "vit.safetensors")
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.Header.Get("Authorization") != "Bearer hf_ofTheTest":
			w.WriteHeader(http.StatusUnauthorized)
		case r.URL.Path == "/timm/deit_small_patch16_224.fb_in1k/resolve/main/model.safetensors":
			http.ServeFile(w, r, content)
		default:
			http.NotFound(w, r)
		}
	}))
	defer server.Close()
	t.Setenv("HF_ENDPOINT", server.URL)
	t.Setenv("HF_TOKEN", "hf_ofTheTest")
	t.Setenv("HF_HUB_OFFLINE", "")
	cache := t.TempDir()
	t.Setenv("XDG_CACHE_HOME", cache)
	t.Setenv("HOME", cache)
	got := works(t, "weights", "fetch", "deit-s")
	path, _ := got["path"].(string)
	if !strings.HasPrefix(path, cache) || !strings.Contains(got["model"].(string), "patch 8") {
		t.Errorf("fetched %v", got)
	}
	if info, err := os.Stat(path); err != nil || info.Size() != int64(len(readAll(t, content))) {
		t.Errorf("the file: %v %v", info, err)
	}
	works(t, "inspect", path)
	for _, c := range [][]string{{"weights", "fetch", "AR-B", "--out", filepath.Join(cache, "o")}, {"weights", "fetch", "nothing"},
		{"weights", "fetch", "deit-s", "--sha256", strings.Repeat("0", 64), "--out", filepath.Join(cache, "p")}} {
		got := command(t, c...)
		if got.code != 1 || strings.Contains(got.out+got.stderr, "hf_ofTheTest") || strings.Contains(got.stderr, "goroutine") {
			t.Errorf("%v: exit code %d\n%s", c, got.code, got.stderr)
		}
		t.Log(strings.TrimSpace(got.stderr))
	}
}

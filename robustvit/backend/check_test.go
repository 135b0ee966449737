package backend

import (
	"crypto/sha256"
	"encoding/hex"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

func TestVerifyFile(t *testing.T) {
	dir := t.TempDir()
	path, cache := filepath.Join(dir, "plugin.so"), filepath.Join(dir, verifiedFile)
	write := func(text string, when time.Time) {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(path, when, when); err != nil {
			t.Fatal(err)
		}
	}
	sum := sha256.Sum256([]byte("right"))
	want := hex.EncodeToString(sum[:])
	day := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	for _, c := range []struct{ what, text, want string }{
		{"other bytes", "wrong", "SHA-256"}, {"other size", "longer", "6 bytes"}, {"pinned", "right", ""},
		{"changed, new time", "wrong", "SHA-256"},
	} {
		day = day.Add(time.Second)
		write(c.text, day)
		err := verifyFile(path, cache, 5, want)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: got %v, want %q", c.what, err, c.want)
		}
	}
	write("right", day)
	if err := verifyFile(path, cache, 5, want); err != nil {
		t.Fatal(err)
	}
	if text, err := os.ReadFile(cache); err != nil || !strings.Contains(string(text), want) {
		t.Errorf("nothing was remembered: %s, %v", text, err)
	}
	if runtime.GOOS != "linux" {
		return
	}
	write("wrong", day) // same size and modification time
	if err := verifyFile(path, cache, 5, want); err == nil || !strings.Contains(err.Error(), "SHA-256") {
		t.Errorf("a byte was changed and the time set back: got %v", err)
	}
}

func TestPluginNames(t *testing.T) {
	for path, want := range map[string]string{
		"/a/pjrt_c_api_cpu_plugin.so": "cpu", "/a/pjrt_c_api_cpu_v0.83.1_plugin.so": "cpu_v0.83.1",
		"/a/xla_cuda_plugin.so": "cuda", "/a/libpjrt_cpu.so": "cpu", "/a/pjrt-plugin-tpu.so": "tpu", "/a/Other.so": "other.so",
	} {
		if got := pluginName(path); got != want {
			t.Errorf("%s: got %q, want %q", path, got, want)
		}
	}
	plugins := []plugin{{"cpu_v0.83.1", "/a"}, {"cuda13", "/b"}, {"cpu", "/c"}}
	if p, _ := pick(plugins, "cpu"); p.Path != "/c" {
		t.Errorf("the exact name does not win: %v", p)
	}
	if p, _ := pick(plugins, "cuda"); p.Path != "/b" {
		t.Errorf("cuda does not stand for cuda13: %v", p)
	}
}

package backend

import (
	"bytes"
	"crypto/sha256"
	"debug/elf"
	"encoding/binary"
	"encoding/hex"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
	"time"
)

// tinyELF is a library header with one segment of the given size and no content.
func tinyELF(t *testing.T, machine elf.Machine, segment uint64) []byte {
	t.Helper()
	h := elf.Header64{Type: uint16(elf.ET_DYN), Machine: uint16(machine), Version: 1, Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: 1}
	copy(h.Ident[:], elf.ELFMAG)
	h.Ident[elf.EI_CLASS], h.Ident[elf.EI_DATA], h.Ident[elf.EI_VERSION] = byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), 1
	var b bytes.Buffer
	for _, v := range []any{h, elf.Prog64{Type: uint32(elf.PT_LOAD), Filesz: segment, Memsz: segment}} {
		if err := binary.Write(&b, binary.LittleEndian, v); err != nil {
			t.Fatal(err)
		}
	}
	return b.Bytes()
}

func TestCheckELF(t *testing.T) {
	if runtime.GOOS != "linux" {
		t.Skip("ELF is checked on Linux only")
	}
	here, other := machines[runtime.GOARCH], elf.EM_RISCV
	for name, c := range map[string]struct {
		data []byte
		want string
	}{
		"cut segment":   {tinyELF(t, here, 1<<20), "cut short: 120 bytes, its header asks for 1048576"},
		"other machine": {tinyELF(t, other, 100), "made for EM_RISCV"},
		"no symbols":    {tinyELF(t, here, 100), "symbols"},
		"magic only":    {[]byte(elf.ELFMAG), "cut short or damaged"},
		"half a header": {tinyELF(t, here, 100)[:40], "cut short or damaged"},
		"HTML":          {[]byte("<!DOCTYPE html>"), "not a library"},
	} {
		path := filepath.Join(t.TempDir(), "pjrt_c_api_cpu_plugin.so")
		if err := os.WriteFile(path, c.data, 0o644); err != nil {
			t.Fatal(err)
		}
		err := Guard(0, plugin{Name: "cpu", Path: path}.check)
		if err == nil || !strings.Contains(err.Error(), c.want) || !strings.Contains(err.Error(), path) {
			t.Errorf("%s: got %v, want %q", name, err, c.want)
		}
	}
}

// The start of the real plugin, as a download that broke off leaves it.
func TestCutPlugin(t *testing.T) {
	p := cpuPlugin(t)
	isolate(t)
	for _, size := range []int64{4 << 10, 1 << 20, 8 << 20} {
		dir := t.TempDir()
		path := filepath.Join(dir, filepath.Base(p.Path))
		in, err := os.Open(p.Path)
		if err != nil {
			t.Fatal(err)
		}
		out, err := os.Create(path)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := io.CopyN(out, in, size); err != nil {
			t.Fatal(err)
		}
		in.Close()
		out.Close()
		t.Setenv(pluginPathEnv, dir)
		// A plugin that is there but broken is an error, not a quiet slow run.
		if _, _, err := Open(Options{ProjectRoot: dir}); err == nil || !strings.Contains(err.Error(), "cut short") {
			t.Errorf("%d bytes: %v", size, err)
		}
		all, err := Detect(Options{ProjectRoot: dir})
		if err != nil {
			t.Error(err)
		}
		for _, c := range all {
			if c.Plugin == path && (c.Usable || !c.Chosen || c.Fix == "") {
				t.Errorf("%d bytes: doctor sees %+v", size, c)
			}
		}
	}
}

func TestOtherLibraryIsNoPlugin(t *testing.T) {
	libs, _ := filepath.Glob("/lib/*/libm.so.6")
	if len(libs) == 0 {
		t.Skip("no libm.so.6 here")
	}
	err := plugin{Name: "m", Path: libs[0]}.check()
	if err == nil || !strings.Contains(err.Error(), "does not export GetPjrtApi") {
		t.Errorf("got %v", err)
	}
}

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

// Plugins that look sound and are not: go-xla panics on the first.
func TestPluginThatFailsToStart(t *testing.T) {
	cc, err := exec.LookPath("cc")
	if err != nil || !xlaCompiled || runtime.GOOS != "linux" {
		t.Skip("needs cgo and a C compiler")
	}
	for name, source := range map[string]string{
		"no API":          "void* GetPjrtApi(void) { return 0; }",
		"missing library": "extern int nowhere(void); int (*f)(void) = nowhere; void* GetPjrtApi(void) { return 0; }",
	} {
		isolate(t)
		dir := t.TempDir()
		path := filepath.Join(dir, "pjrt_c_api_cpu_plugin.so")
		cmd := exec.Command(cc, "-shared", "-fPIC", "-x", "c", "-o", path, "-")
		cmd.Stdin = strings.NewReader(source)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("%v: %s", err, out)
		}
		t.Setenv(pluginPathEnv, dir)
		_, _, err := Open(Options{ProjectRoot: dir})
		if err == nil || !strings.Contains(err.Error(), path) || !strings.Contains(err.Error(), "robustvit setup") {
			t.Errorf("%s: %v", name, err)
		}
		t.Log(err)
	}
}

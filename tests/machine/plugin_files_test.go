package machine

import (
	"bytes"
	"debug/elf"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/tests/catalogue"
)

// cpuPlugin is the plugin that setup installs.
func cpuPlugin(t *testing.T) string {
	t.Helper()
	all, err := backend.Detect(backend.Options{Name: backend.CPU, ProjectRoot: catalogue.Root()})
	if err == nil {
		for _, c := range all {
			if c.Kind == backend.KindCPU && c.Usable {
				return c.Plugin
			}
		}
	}
	if os.Getenv("ROBUSTVIT_REQUIRE") != "" {
		t.Fatalf("no XLA plugin, and ROBUSTVIT_REQUIRE asks for it: %v", err)
	}
	t.Skip("no XLA plugin here: run `robustvit setup`")
	return ""
}

// pluginName is what a CPU plugin's file is called.
const pluginName = "pjrt_c_api_cpu_plugin.so"

// folderWith makes a folder with a file of this content, called as a plugin.
func folderWith(t *testing.T, content []byte) string {
	t.Helper()
	dir := t.TempDir()
	if err := os.WriteFile(filepath.Join(dir, pluginName), content, 0o755); err != nil {
		t.Fatal(err)
	}
	return dir
}

// head is the start of the real plugin, as a download that broke off leaves it.
func head(t *testing.T, bytes int) []byte {
	t.Helper()
	f, err := os.Open(cpuPlugin(t))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	start := make([]byte, bytes)
	if _, err := f.ReadAt(start, 0); err != nil {
		t.Fatal(err)
	}
	return start
}

// here and another machine, for ELF headers.
func here() elf.Machine {
	if runtime.GOARCH == "arm64" {
		return elf.EM_AARCH64
	}
	return elf.EM_X86_64
}

// tinyELF is a library header with one segment of the given size and no content.
func tinyELF(machine elf.Machine, segment uint64) []byte {
	h := elf.Header64{Type: uint16(elf.ET_DYN), Machine: uint16(machine), Version: 1, Phoff: 64, Ehsize: 64, Phentsize: 56, Phnum: 1}
	copy(h.Ident[:], elf.ELFMAG)
	h.Ident[elf.EI_CLASS], h.Ident[elf.EI_DATA], h.Ident[elf.EI_VERSION] = byte(elf.ELFCLASS64), byte(elf.ELFDATA2LSB), 1
	var b bytes.Buffer
	binary.Write(&b, binary.LittleEndian, h) // a buffer takes everything
	binary.Write(&b, binary.LittleEndian, elf.Prog64{Type: uint32(elf.PT_LOAD), Filesz: segment, Memsz: segment})
	return b.Bytes()
}

// compiled is a folder with a library made of C.
func compiled(t *testing.T, source string) string {
	t.Helper()
	cc, err := exec.LookPath("cc")
	if err != nil {
		t.Skip("no C compiler")
	}
	dir := t.TempDir()
	cmd := exec.Command(cc, "-shared", "-fPIC", "-x", "c", "-o", filepath.Join(dir, pluginName), "-")
	cmd.Stdin = strings.NewReader(source)
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return dir
}

// linked is a folder of this name with a link to the plugin.
func linked(t *testing.T, name string) string {
	t.Helper()
	dir := filepath.Join(t.TempDir(), name)
	if err := os.MkdirAll(dir, 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.Symlink(cpuPlugin(t), filepath.Join(dir, pluginName)); err != nil {
		t.Fatal(err)
	}
	return dir
}

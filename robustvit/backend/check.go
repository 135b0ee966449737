package backend

import (
	"debug/elf"
	"fmt"
	"os"
	"runtime"
)

// pjrtSymbol is the one function a PJRT plugin exports.
const pjrtSymbol = "GetPjrtApi"

// check says whether the plugin file can be loaded without harm: it is there,
// a whole ELF library for this machine, and a PJRT plugin. Loading a library
// that was cut short ends the process with SIGBUS, so this comes first.
func (p plugin) check() error {
	st, err := os.Stat(p.Path)
	if err != nil {
		return fmt.Errorf("PJRT plugin %s cannot be read: %w; %s", p.Path, pathCause(err), installHint)
	}
	if !st.Mode().IsRegular() {
		return fmt.Errorf("PJRT plugin %s is not a regular file; %s", p.Path, installHint)
	}
	if runtime.GOOS != "linux" {
		return nil // other formats: left to the loader
	}
	if err := checkELF(p.Path, st.Size()); err != nil {
		return fmt.Errorf("PJRT plugin %s is broken: %w; %s", p.Path, err, installHint)
	}
	return nil
}

func checkELF(path string, size int64) error {
	r, err := os.Open(path)
	if err != nil {
		return pathCause(err)
	}
	defer r.Close()
	magic := make([]byte, 4)
	if n, _ := r.ReadAt(magic, 0); n < 4 || string(magic) != elf.ELFMAG {
		return fmt.Errorf("it is not a library (starts with %q, an ELF file starts with %q)", magic[:n], elf.ELFMAG)
	}
	f, err := elf.NewFile(r)
	if err != nil {
		return fmt.Errorf("it is cut short or damaged at %d bytes (%w)", size, err)
	}
	for _, seg := range f.Progs {
		if end := seg.Off + seg.Filesz; seg.Type == elf.PT_LOAD && (end < seg.Off || end > uint64(size)) {
			return fmt.Errorf("it is cut short: %d bytes, its header asks for %d", size, end)
		}
	}
	if want := machines[runtime.GOARCH]; want != 0 && f.Machine != want {
		return fmt.Errorf("it is made for %v, this program for %v", f.Machine, want)
	}
	symbols, err := f.DynamicSymbols()
	if err != nil {
		return fmt.Errorf("its symbols cannot be read (%w)", err)
	}
	for _, s := range symbols {
		if s.Name == pjrtSymbol && s.Section != elf.SHN_UNDEF {
			return nil
		}
	}
	return fmt.Errorf("it does not export %s, so it is no PJRT plugin", pjrtSymbol)
}

var machines = map[string]elf.Machine{"amd64": elf.EM_X86_64, "arm64": elf.EM_AARCH64}

// pathCause drops the path that os errors repeat.
func pathCause(err error) error {
	if pe, ok := err.(*os.PathError); ok {
		return pe.Err
	}
	return err
}

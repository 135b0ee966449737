package setup

import (
	"crypto/sha256"
	_ "embed"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"time"

	"github.com/robustvit/workbench/internal/whole"
)

// PluginName is the file name by which go-xla recognises XLA's CPU plugin.
const PluginName = "pjrt_c_api_cpu_plugin.so"

// source is one wheel that carries the plugin.
type source struct {
	pkg, version string
	requirements string // pinned and hashed, for pip
	folder, file string // in site-packages
	sha256       string // of the library, which is what gets executed
}

//go:embed requirements-plugin.txt
var requirementsFirst string

//go:embed requirements-plugin-second.txt
var requirementsSecond string

// pluginSources lists the wheels in the order in which they are tried.
func pluginSources() []source {
	return []source{
		{
			pkg: "lammps-jax-pjrt-cpu", version: "0.11.2", requirements: requirementsFirst,
			folder: "lammps_jax_pjrt_cpu", file: PluginName,
			sha256: "ad1309ac822b1b24d51b7f9947c7c9fa9ef5d67f390584cbc3d1fa2428fed9c2",
		},
		{
			pkg: "fastatomstruct-xla-cpu", version: "2026.6.23", requirements: requirementsSecond,
			folder: "fastatomstruct_xla_cpu", file: "libpjrt_cpu.so",
			sha256: "0a0fe56ca17be9efc7b942e89e534e5e0ad4a0f1e369b66d27b62184509015b9",
		},
	}
}

// stamp records a checked plugin, so that the next start need not hash 200 MB.
type stamp struct {
	Package  string    `json:"package"`
	Version  string    `json:"version"`
	File     string    `json:"file"` // relative to .venv
	SHA256   string    `json:"sha256"`
	Size     int64     `json:"size"`
	Modified time.Time `json:"modified"`
}

func stampFile(v Venv) string { return v.Path("robustvit-plugin.json") }

// readStamp returns the stamp if it is of one of the sources and the file it
// names is still as it was checked.
func readStamp(v Venv, sources []source) (stamp, bool) {
	var s stamp
	text, err := os.ReadFile(stampFile(v))
	if err != nil || json.Unmarshal(text, &s) != nil || s.File == "" || !filepath.IsLocal(s.File) {
		return stamp{}, false
	}
	known := false
	for _, src := range sources {
		known = known || (src.pkg == s.Package && src.version == s.Version && src.sha256 == s.SHA256)
	}
	info, err := os.Stat(v.Path(s.File))
	if !known || err != nil || info.Size() != s.Size || !info.ModTime().Equal(s.Modified) {
		return stamp{}, false
	}
	return s, true
}

// find returns the library's path, "" where it is not installed.
func (src source) find(v Venv) string {
	found, err := filepath.Glob(v.Path("lib", "python3*", "site-packages", src.folder, src.file))
	if err != nil || len(found) == 0 {
		return ""
	}
	return found[len(found)-1] // of several Python versions, the newest
}

// check looks for the library of src in the environment, compares its hash
// with the pinned one and writes the stamp. errNotInstalled means there is none.
func (src source) check(v Venv) (stamp, error) {
	file := src.find(v)
	if file == "" {
		return stamp{}, errNotInstalled
	}
	sum, err := fileSHA256(file)
	if err != nil {
		return stamp{}, fmt.Errorf("check the XLA plugin %q: %w", file, err)
	}
	if sum != src.sha256 {
		return stamp{}, fmt.Errorf("check the XLA plugin %q: sha256 is %s, expected %s: %w", file, sum, src.sha256, errDamaged)
	}
	if file, err = underPluginName(file); err != nil {
		return stamp{}, err
	}
	info, err := os.Stat(file)
	if err != nil {
		return stamp{}, fmt.Errorf("check the XLA plugin: %w", err)
	}
	relative, err := filepath.Rel(v.Dir(), file)
	if err != nil {
		return stamp{}, fmt.Errorf("check the XLA plugin %q: %w", file, err)
	}
	s := stamp{src.pkg, src.version, relative, sum, info.Size(), info.ModTime()}
	text, err := json.MarshalIndent(s, "", "  ")
	if err != nil {
		return stamp{}, err
	}
	return s, WriteFile(stampFile(v), append(text, '\n'))
}

var (
	errNotInstalled = errors.New("not installed")
	errDamaged      = errors.New("the file was damaged or changed")
)

// underPluginName gives a library with another name a link with the name that
// go-xla looks for, beside it, and returns the link.
func underPluginName(file string) (string, error) {
	if filepath.Base(file) == PluginName {
		return file, nil
	}
	link := filepath.Join(filepath.Dir(file), PluginName)
	if err := os.Symlink(filepath.Base(file), link); err != nil && !errors.Is(err, os.ErrExist) {
		return "", fmt.Errorf("name the XLA plugin %q: %w", file, err)
	}
	return link, nil
}

// PluginFile returns the absolute path of the checked XLA plugin in the
// project's .venv, or "" where [Ensure] has not installed one.
func PluginFile(root string) string {
	v := Venv{Root: root}
	if s, ok := readStamp(v, pluginSources()); ok {
		return v.Path(s.File)
	}
	return ""
}

func fileSHA256(file string) (string, error) {
	f, err := os.Open(file)
	if err != nil {
		return "", err
	}
	defer f.Close()
	hash := sha256.New()
	if _, err := io.Copy(hash, f); err != nil {
		return "", err
	}
	return hex.EncodeToString(hash.Sum(nil)), nil
}

// WriteFile replaces a small file in one step, so that a kill leaves the old
// or the new text, never half of it.
func WriteFile(file string, text []byte) error {
	if err := whole.Quick(file, text); err != nil {
		return fmt.Errorf("write %q: %w%s", file, err, whole.Next(err))
	}
	return nil
}

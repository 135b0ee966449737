package backend

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

// pinned are the plugin files that this project installs: what their wheel
// folder and file are called, and what they must hold.
var pinned = []struct {
	platform, file string
	bytes          int64
	sha256         string
}{
	{"linux/amd64", "lammps_jax_pjrt_cpu/pjrt_c_api_cpu_plugin.so", 201600336, // 0.11.2
		"ad1309ac822b1b24d51b7f9947c7c9fa9ef5d67f390584cbc3d1fa2428fed9c2"},
}

// verifiedFile remembers in .venv that a file was hashed, since hashing 200 MB
// at each start would cost half a second. It holds as long as size and times
// are the same. The modification time may be set back; the time of change, which
// the system keeps, shows that too. What changes bytes below the file system is
// found by `robustvit doctor`, which always hashes; who may write .venv may also
// write this file, so against such a one it is no defence.
const verifiedFile = "plugin-verified.json"

type verified struct {
	Path     string    `json:"path"`
	Bytes    int64     `json:"bytes"`
	Modified time.Time `json:"modified"`
	Changed  time.Time `json:"changed"`
	SHA256   string    `json:"sha256"`
}

// verify compares a plugin of the project's .venv with its pinned size and
// SHA-256. Plugins from elsewhere are the user's own and pass.
func verify(path, root string) error {
	for _, p := range pinned {
		if p.platform == runtime.GOOS+"/"+runtime.GOARCH && inVenv(path, root) &&
			strings.HasSuffix(filepath.ToSlash(path), "/"+p.file) {
			return verifyFile(path, filepath.Join(root, ".venv", verifiedFile), p.bytes, p.sha256)
		}
	}
	return nil
}

func inVenv(path, root string) bool {
	rel, err := filepath.Rel(filepath.Join(root, ".venv"), path)
	return root != "" && err == nil && filepath.IsLocal(rel)
}

func verifyFile(path, cache string, size int64, sum string) error {
	st, err := os.Stat(path)
	if err != nil {
		return fmt.Errorf("PJRT plugin %s cannot be read: %w; %s", path, pathCause(err), installHint)
	}
	if st.Size() != size {
		return fmt.Errorf("PJRT plugin %s has %d bytes, the pinned version has %d; reinstall it with \"robustvit setup\"", path, st.Size(), size)
	}
	now := verified{path, size, st.ModTime().UTC(), changeTime(st), sum}
	var before verified
	if text, err := os.ReadFile(cache); err == nil && json.Unmarshal(text, &before) == nil && before == now {
		return nil
	}
	f, err := os.Open(path)
	if err != nil {
		return fmt.Errorf("PJRT plugin %s cannot be read: %w; %s", path, pathCause(err), installHint)
	}
	defer f.Close()
	h := sha256.New()
	if _, err := io.Copy(h, f); err != nil {
		return fmt.Errorf("PJRT plugin %s cannot be read: %w; %s", path, pathCause(err), installHint)
	}
	if got := hex.EncodeToString(h.Sum(nil)); got != sum {
		return fmt.Errorf("PJRT plugin %s has SHA-256 %.12s, the pinned version has %.12s; reinstall it with \"robustvit setup\"", path, got, sum)
	}
	remember(cache, now)
	return nil
}

// remember writes the cache by rename; where it cannot, the next start hashes again.
func remember(cache string, v verified) {
	text, err := json.Marshal(v)
	if err != nil {
		return
	}
	tmp, err := os.CreateTemp(filepath.Dir(cache), ".verified-*")
	if err != nil {
		return
	}
	_, err = tmp.Write(text)
	if cerr := tmp.Close(); err != nil || cerr != nil || os.Rename(tmp.Name(), cache) != nil {
		os.Remove(tmp.Name())
	}
}

//go:build cgo && !noxla

package backend

import (
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/gomlx/compute"
	"github.com/gomlx/go-xla/compute/xla"
	"github.com/gomlx/go-xla/pjrt"
	"k8s.io/klog/v2"
)

// xlaCompiled says whether this program can load PJRT plugins.
const xlaCompiled = true

// openXLA loads a checked plugin and returns the backend and the plugin's PJRT
// version. The plugin is named by its path: a search by name would load every
// library on the search path, and go-xla panics on the first broken one.
// go-xla has set TF_CPP_MIN_LOG_LEVEL, which quiets the C++ side.
func openXLA(p plugin, options string) (compute.Backend, string, error) {
	path, cleanup, err := loadablePath(p)
	if err != nil {
		return nil, "", err
	}
	defer cleanup()
	// go-xla logs what it also returns as an error: say it once.
	state := klog.CaptureState()
	defer state.Restore()
	klog.LogToStderr(false)
	klog.SetOutput(io.Discard)

	if p.kind() == KindCUDA {
		setCUDADir(p.Path)
	}
	config := path
	if options != "" {
		config += "," + options
	}
	b, err := xla.New(config)
	if err != nil {
		return nil, "", err
	}
	version := moduleVersion("github.com/gomlx/go-xla")
	if loaded, err := pjrt.GetPlugin(path); err == nil {
		major, minor := loaded.Version()
		version = strings.TrimSpace(fmt.Sprintf("PJRT %d.%d, go-xla %s", major, minor, version))
	}
	return b, version, nil
}

// loadablePath works round go-xla's reading of the path: it cuts at commas and
// takes any path with "cuda", "nvidia" or "cpu" in a folder name for such a
// plugin. A path that would mislead it is given through a link in a temporary
// folder.
func loadablePath(p plugin) (path string, cleanup func(), err error) {
	dir := strings.ToLower(filepath.Dir(p.Path))
	clear := !strings.ContainsAny(p.Path, ",")
	if p.kind() == KindCPU {
		clear = clear && !pjrt.IsCUDAName(dir) && !pjrt.IsROCMName(dir)
	}
	if clear || p.kind() == KindCUDA {
		return p.Path, func() {}, nil
	}
	tmp, err := os.MkdirTemp("", "pjrt-")
	if err != nil {
		return "", nil, fmt.Errorf("link to the plugin: %w", err)
	}
	path = filepath.Join(tmp, filepath.Base(p.Path))
	if err := os.Symlink(p.Path, path); err != nil {
		os.RemoveAll(tmp)
		return "", nil, fmt.Errorf("link to the plugin: %w", err)
	}
	return path, func() { os.RemoveAll(tmp) }, nil
}

// setCUDADir tells XLA where the NVIDIA wheels next to the plugin keep ptxas
// and libdevice, unless the user already did.
func setCUDADir(path string) {
	const flag = "--xla_gpu_cuda_data_dir="
	flags := os.Getenv("XLA_FLAGS")
	if strings.Contains(flags, flag) {
		return
	}
	site := filepath.Dir(filepath.Dir(filepath.Dir(path)))
	for _, sub := range []string{"cu13", "cuda_nvcc"} {
		dir := filepath.Join(site, "nvidia", sub)
		if st, err := os.Stat(dir); err == nil && st.IsDir() {
			os.Setenv("XLA_FLAGS", strings.TrimSpace(flags+" "+flag+dir))
			return
		}
	}
}

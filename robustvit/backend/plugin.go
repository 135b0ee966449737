package backend

import (
	"os"
	"path/filepath"
	"regexp"
	"strings"
)

// pluginPathEnv names folders with PJRT plugins, separated as in PATH.
const pluginPathEnv = "PJRT_PLUGIN_LIBRARY_PATH"

// plugin is a PJRT plugin file that was found, not yet checked.
type plugin struct {
	Name string // "cpu", "cuda", ...
	Path string
}

func (p plugin) kind() Kind {
	if strings.Contains(p.Name, "cuda") || strings.Contains(p.Name, "nvidia") {
		return KindCUDA
	}
	if strings.Contains(p.Name, "cpu") {
		return KindCPU
	}
	return Kind(p.Name)
}

// The file names in use: OpenXLA's and go-xla's, JAX's CUDA wheels', and the
// plain library of the second CPU wheel.
var pluginFiles = []*regexp.Regexp{
	regexp.MustCompile(`^pjrt_c_api_(.+)_plugin\.(so|dylib|dll)$`),
	regexp.MustCompile(`^pjrt[-_]plugin[-_](.+)\.(so|dylib|dll)$`),
	regexp.MustCompile(`^xla_(.+)_plugin\.(so|dylib|dll)$`),
	regexp.MustCompile(`^libpjrt_(.+)\.(so|dylib|dll)$`),
}

// pluginName is the device name inside a plugin's file name; the file name
// itself if it follows no known form.
func pluginName(path string) string {
	base := filepath.Base(path)
	if name := knownName(base); name != "" {
		return name
	}
	return strings.ToLower(base)
}

func knownName(base string) string {
	for _, re := range pluginFiles {
		if m := re.FindStringSubmatch(base); m != nil {
			return strings.ToLower(m[1])
		}
	}
	return ""
}

// findPlugins lists plugins in order of preference: the user's folders, the
// project's .venv, go-xla's folders. os.ReadDir sorts, so the order is fixed.
func findPlugins(root string) []plugin {
	var found []plugin
	for _, dir := range pluginDirs(root) {
		entries, err := os.ReadDir(dir)
		if err != nil {
			continue // a folder that is not there holds no plugin
		}
		for _, e := range entries {
			if name := knownName(e.Name()); name != "" {
				found = append(found, plugin{Name: name, Path: filepath.Join(dir, e.Name())})
			}
		}
	}
	return found
}

func pluginDirs(root string) []string {
	var dirs []string
	for _, d := range filepath.SplitList(os.Getenv(pluginPathEnv)) {
		if abs, err := filepath.Abs(d); d != "" && err == nil {
			dirs = append(dirs, abs)
		}
	}
	if root != "" {
		for _, pattern := range []string{"*", filepath.Join("*", "*")} {
			// Only packages that can hold a plugin: a scan of all of site-packages is slow.
			m, _ := filepath.Glob(filepath.Join(root, ".venv", "lib", "python3*", "site-packages", pattern))
			for _, d := range m {
				if wheelFolder.MatchString(filepath.ToSlash(d)) {
					dirs = append(dirs, d)
				}
			}
		}
	}
	if home, err := os.UserHomeDir(); err == nil {
		local := filepath.Join(home, ".local", "lib", "go-xla")
		dirs = append(dirs, local, filepath.Join(local, "nvidia"))
	}
	return append(dirs, "/usr/local/lib/go-xla", "/usr/local/lib/go-xla/nvidia")
}

// wheelFolder matches the wheels known to hold a plugin.
var wheelFolder = regexp.MustCompile(`/site-packages/(lammps_jax_pjrt_cpu|fastatomstruct[^/]*(/[^/]+)?|jax_plugins/xla_[^/]+)$`)

// pick takes the first plugin of that name; "cpu" also stands for a versioned
// one such as "cpu_v0.83.1", and "cuda" for "cuda13".
func pick(plugins []plugin, name string) (plugin, bool) {
	for _, p := range plugins {
		if p.Name == name {
			return p, true
		}
	}
	for _, p := range plugins {
		if strings.HasPrefix(p.Name, name) {
			return p, true
		}
	}
	return plugin{}, false
}

// hasNvidia says whether a GPU device file is visible to this process. The
// control files alone (/dev/nvidiactl) also exist where no GPU was handed in.
func hasNvidia() bool {
	gpus, _ := filepath.Glob("/dev/nvidia[0-9]*")
	if len(gpus) > 0 {
		return true
	}
	_, err := os.Stat("/dev/dxg") // WSL 2
	return err == nil
}

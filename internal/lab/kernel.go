package lab

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"

	"github.com/robustvit/workbench/internal/setup"
)

// kernelSpec is Jupyter's description of how to start a kernel.
type kernelSpec struct {
	Argv          []string          `json:"argv"`
	DisplayName   string            `json:"display_name"`
	Language      string            `json:"language"`
	InterruptMode string            `json:"interrupt_mode"`
	Env           map[string]string `json:"env"`
}

// writeKernel writes the kernel's description with the environment that cells
// need: the tools, the toolchain, the plugin and the project folder.
func (l layout) writeKernel(s stamp) error {
	spec := kernelSpec{
		Argv:          []string{filepath.Join(l.bin(), "gonb"), "--kernel", "{connection_file}"},
		DisplayName:   "Go (gonb)",
		Language:      "go",
		InterruptMode: "message",
		Env: map[string]string{
			"PATH": strings.Join([]string{literal(l.bin()), literal(filepath.Join(s.GoRoot, "bin")), "${PATH}"},
				string(os.PathListSeparator)),
			"ROBUSTVIT_ROOT": literal(s.Root),
			// Cells live in a go.work, where flags such as -mod=mod of the user's are refused.
			"GOFLAGS":               "-buildvcs=false",
			"GOWORK":                "",
			"GOTOOLCHAIN":           "local",
			"GOMLX_NO_AUTO_INSTALL": "1",
			"GOCACHE":               literal(s.GoCache), // stays where it is
			"XDG_CACHE_HOME":        literal(l.venv.Path("jupyter", "cache")),
			setup.AllocatorVariable: setup.HugePages,
		},
	}
	if s.Plugin != "" {
		spec.Env["PJRT_PLUGIN_LIBRARY_PATH"] = literal(filepath.Dir(s.Plugin))
	}
	if err := os.MkdirAll(filepath.Dir(l.kernelFile()), 0o755); err != nil {
		return fmt.Errorf("write the kernel's description: %w", err)
	}
	return writeJSON(l.kernelFile(), spec)
}

// literal protects a path from Jupyter's ${...} substitution.
func literal(path string) string { return strings.ReplaceAll(path, "$", "$$") }

// writeSettings writes what JupyterLab and the server must never be left to
// ask for: untrusted output may not run commands, nothing goes to the network.
func (l layout) writeSettings() error {
	folder := l.venv.Path("share", "jupyter", "lab", "settings")
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return fmt.Errorf("write JupyterLab's settings: %w", err)
	}
	return writeJSON(filepath.Join(folder, "overrides.json"), map[string]any{
		"@jupyterlab/apputils-extension:sanitizer":    map[string]any{"allowCommandLinker": false},
		"@jupyterlab/apputils-extension:notification": map[string]any{"fetchNews": "false", "checkForUpdates": false},
	})
}

func writeJSON(file string, value any) error {
	text, err := json.MarshalIndent(value, "", "  ")
	if err != nil {
		return err
	}
	return setup.WriteFile(file, append(text, '\n'))
}

// environment is that of Jupyter's programs: the user's own, with every folder
// that they would write to inside .venv.
func (l layout) environment(extra ...string) []string {
	drop := map[string]bool{"PYTHONPATH": true, "PYTHONHOME": true, "PYTHONSTARTUP": true}
	var env []string
	for _, entry := range os.Environ() {
		name, _, _ := strings.Cut(entry, "=")
		if !drop[name] && !strings.HasPrefix(name, "JUPYTER") {
			env = append(env, entry)
		}
	}
	scripts := filepath.Dir(l.venv.Python())
	env = append(env,
		"VIRTUAL_ENV="+l.venv.Dir(),
		"PATH="+scripts+string(os.PathListSeparator)+os.Getenv("PATH"),
		"JUPYTER_PREFER_ENV_PATH=1",
		"JUPYTER_CONFIG_DIR="+l.venv.Path("jupyter", "config"),
		"JUPYTER_DATA_DIR="+l.venv.Path("jupyter", "data"),
		"JUPYTER_RUNTIME_DIR="+l.venv.Path("jupyter", "runtime"),
		"JUPYTERLAB_SETTINGS_DIR="+l.venv.Path("jupyter", "lab", "user-settings"),
		"JUPYTERLAB_WORKSPACES_DIR="+l.venv.Path("jupyter", "lab", "workspaces"),
		"IPYTHONDIR="+l.venv.Path("jupyter", "ipython"))
	return append(env, extra...)
}

// supported reports whether JupyterLab with GoNB can be set up here.
func supported() error {
	if runtime.GOOS == "windows" {
		return fmt.Errorf("GoNB, the Go kernel of JupyterLab, needs Linux or macOS; next: use WSL 2, or the commands without notebooks")
	}
	return nil
}

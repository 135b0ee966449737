package lab

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/internal/setup"
)

// TestKernelSpec checks the kernel's environment for a folder with a name that
// Jupyter would substitute.
func TestKernelSpec(t *testing.T) {
	root := filepath.Join(t.TempDir(), "a $HOME b")
	l := layout{newVenv(root)}
	plugin := filepath.Join(root, "p", setup.PluginName)
	if err := l.writeKernel(stamp{Root: root, GoRoot: "/usr/go", Plugin: plugin}); err != nil {
		t.Fatal(err)
	}
	bytes, err := os.ReadFile(l.kernelFile())
	if err != nil {
		t.Fatal(err)
	}
	var spec kernelSpec
	if err := json.Unmarshal(bytes, &spec); err != nil {
		t.Fatal(err)
	}
	escaped := strings.ReplaceAll(root, "$", "$$")
	want := map[string]string{
		"PATH":                     escaped + "/bin:" + filepath.FromSlash("/usr/go/bin") + ":${PATH}",
		"ROBUSTVIT_ROOT":           escaped,
		"PJRT_PLUGIN_LIBRARY_PATH": filepath.Join(escaped, "p"),
		"GOMLX_NO_AUTO_INSTALL":    "1",
	}
	for name, value := range want {
		if spec.Env[name] != value {
			t.Errorf("%s is %q, want %q", name, spec.Env[name], value)
		}
	}
	if spec.Argv[0] != filepath.Join(root, "bin", "gonb") || spec.Argv[2] != "{connection_file}" {
		t.Errorf("argv %q", spec.Argv)
	}
}

// TestServerSettings holds the settings that keep a server safe.
func TestServerSettings(t *testing.T) {
	l := layout{newVenv(t.TempDir())}
	args := l.serverArgs(8888)
	for _, want := range []string{"--ServerApp.ip=127.0.0.1", "--ServerApp.allow_remote_access=False", "--ServerApp.disable_check_xsrf=False"} {
		if !slices.Contains(args, want) {
			t.Errorf("the server is started without %s", want)
		}
	}
	if slices.Contains(args, "--allow-root") != (os.Getuid() == 0) {
		t.Errorf("--allow-root as user %d: %v", os.Getuid(), args)
	}
	if joined := strings.Join(args, " "); strings.Contains(strings.ToLower(joined), "token") {
		t.Errorf("a token on the command line shows in ps: %s", joined)
	}
	if err := l.writeSettings(); err != nil {
		t.Fatal(err)
	}
	settings, err := os.ReadFile(l.venv.Path("share", "jupyter", "lab", "settings", "overrides.json"))
	if err != nil || !strings.Contains(string(settings), `"allowCommandLinker": false`) {
		t.Errorf("settings: %s, %v", settings, err)
	}
	first, err := newToken()
	second, _ := newToken()
	if err != nil || len(first) != 48 || first == second {
		t.Errorf("tokens %q and %q, %v", first, second, err)
	}
}

// TestEnvironment checks that no folder of the user's is written to or read.
func TestEnvironment(t *testing.T) {
	t.Setenv("JUPYTER_PATH", "/elsewhere")
	t.Setenv("JUPYTER_TOKEN", "weak")
	t.Setenv("PYTHONPATH", "/elsewhere")
	root := t.TempDir()
	l := layout{newVenv(root)}
	folders := 0
	for _, entry := range l.environment() {
		name, value, _ := strings.Cut(entry, "=")
		if value == "/elsewhere" || value == "weak" {
			t.Errorf("%s is passed on", entry)
		}
		if strings.HasSuffix(name, "_DIR") && strings.HasPrefix(name, "JUPYTER") || name == "IPYTHONDIR" {
			folders++
			if !strings.HasPrefix(value, filepath.Join(root, ".venv")) {
				t.Errorf("%s lies outside .venv", entry)
			}
		}
	}
	if folders != 6 {
		t.Errorf("%d folders are set, want 6", folders)
	}
}

// TestReady follows what makes an environment count as complete.
func TestReady(t *testing.T) {
	root := t.TempDir()
	l := layout{newVenv(root)}
	write := func(file string, mode os.FileMode) {
		t.Helper()
		if err := os.MkdirAll(filepath.Dir(file), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(file, []byte("x\n"), mode); err != nil {
			t.Fatal(err)
		}
	}
	if l.ready() {
		t.Fatal("an empty folder is ready")
	}
	write(filepath.Join(root, "go.mod"), 0o644)
	write(filepath.Join(root, "go.sum"), 0o644)
	write(filepath.Join(root, "go", "bin", "go"), 0o755)
	write(l.kernelFile(), 0o644)
	write(l.venv.Python(), 0o755)
	write(l.venv.Path("lib", "python3.11", "site-packages", "jupyterlab", "labapp.py"), 0o644)
	for _, tool := range tools {
		write(filepath.Join(l.bin(), tool), 0o755)
	}
	save := func() {
		s, err := l.wanted()
		if err != nil {
			t.Fatal(err)
		}
		s.GoRoot = filepath.Join(root, "go")
		text, err := json.Marshal(s)
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(l.stampFile(), text, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	save()
	if !l.ready() {
		t.Fatal("a complete environment is not ready")
	}
	for name, spoil := range map[string]func(){
		"tools of other versions": func() {
			write(filepath.Join(root, "go.sum"), 0o644)
			_ = os.WriteFile(filepath.Join(root, "go.sum"), []byte("y"), 0o644)
		},
		"Go removed":          func() { _ = os.Remove(filepath.Join(root, "go", "bin", "go")) },
		"kernel removed":      func() { _ = os.Remove(l.kernelFile()) },
		"tool not executable": func() { _ = os.Chmod(filepath.Join(l.bin(), "gonb"), 0o644) },
		"stamp cut":           func() { _ = os.Truncate(l.stampFile(), 10) },
	} {
		spoil()
		if l.ready() {
			t.Errorf("%s: still ready", name)
		}
		write(filepath.Join(root, "go", "bin", "go"), 0o755)
		write(l.kernelFile(), 0o644)
		_ = os.Chmod(filepath.Join(l.bin(), "gonb"), 0o755)
		save()
	}
}

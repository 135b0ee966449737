package setup

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"time"
)

const (
	labAgain = "go run ./cmd/robustvit lab --setup"
	// gpuPlugin fetches about 2 GB of NVIDIA's libraries: never without being asked.
	gpuPlugin = `.venv/bin/python -m pip install "jax-cuda13-plugin[with-cuda]==0.10.2"`
)

// Probe looks at one thing that this package must not know, such as the
// devices that the backend opens.
type Probe func(ctx context.Context) Row

// Doctor looks at everything the project uses and changes nothing. The probes'
// rows come after the plugin's.
func Doctor(ctx context.Context, root string, probes ...Probe) Report {
	v := Venv{Root: root}
	report := Report{Root: root}
	add := func(row Row) { report.Rows = append(report.Rows, row) }
	add(goRow(ctx))
	add(cgoRow(ctx))
	add(pythonRow(ctx))
	add(venvRow(ctx, v))
	add(pluginRow(v))
	for _, probe := range probes {
		add(probe(ctx))
	}
	add(gpuRow(ctx, v))
	add(kernelRow(v))
	add(jupyterRow(v))
	add(diskRow(root))
	report.Rows = append(report.Rows, versionRows(root)...)
	return report
}

// goRow names the toolchain that notebooks and `go run` use; this binary may
// have been built by another.
func goRow(ctx context.Context) Row {
	text, err := output(ctx, "go", "env", "GOVERSION", "GOTOOLCHAIN")
	if err != nil {
		return Row{"Go", Optional, runtime.Version() + " built this program; no go command on PATH, which notebooks need",
			"put Go's bin folder on PATH"}
	}
	fields := strings.Fields(text)
	return Row{Name: "Go", State: OK, Found: fmt.Sprintf("%s %s/%s, %d cores", fields[0], runtime.GOOS, runtime.GOARCH, runtime.NumCPU())}
}

func cgoRow(ctx context.Context) Row {
	compiler := os.Getenv("CC")
	if text, err := output(ctx, "go", "env", "CC"); err == nil {
		compiler = strings.TrimSpace(text)
	}
	if compiler == "" {
		compiler = "cc"
	}
	path, err := exec.LookPath(strings.Fields(compiler)[0])
	switch {
	case err != nil:
		return Row{"cgo", Fault, "no C compiler (" + compiler + "): XLA cannot be used", installCommand("cc")}
	case !builtWithCgo:
		return Row{"cgo", Fault, "off in this program, though " + path + " is there: XLA cannot be used", "CGO_ENABLED=1 " + again}
	}
	return Row{Name: "cgo", State: OK, Found: "on, " + path}
}

func pythonRow(ctx context.Context) Row {
	python, err := FindPython(ctx)
	if err != nil {
		return Row{"Python", Fault, err.Error() + "; the XLA plugin and JupyterLab come through it", installCommand("python")}
	}
	if !python.Venv {
		return Row{"Python", Fault, python.Version + " without the venv module, " + python.Path, installCommand("python")}
	}
	return Row{Name: "Python", State: OK, Found: python.Version + " with venv, " + python.Path}
}

func venvRow(ctx context.Context, v Venv) Row {
	if _, err := os.Stat(v.Dir()); err != nil {
		return Row{".venv", Fault, "not made yet", again}
	}
	if !v.Works(ctx) {
		return Row{".venv", Fault, "its Python or pip does not start", again}
	}
	return Row{Name: ".venv", State: OK, Found: v.Dir()}
}

// pluginRow hashes the library again: a stamp only says what was once true.
func pluginRow(v Venv) Row {
	const name = "XLA CPU plugin"
	if file := pluginOnPath(); file != "" {
		return Row{Name: name, State: OK, Found: file + " (PJRT_PLUGIN_LIBRARY_PATH, not checked)"}
	}
	for _, src := range pluginSources() {
		file := src.find(v)
		if file == "" {
			continue
		}
		sum, err := fileSHA256(file)
		if err != nil || sum != src.sha256 {
			return Row{name, Fault, fmt.Sprintf("%s %s is damaged: %s has sha256 %s", src.pkg, src.version, file, sum), again}
		}
		return Row{Name: name, State: OK, Found: fmt.Sprintf("%s %s, sha256 %s... checked", src.pkg, src.version, sum[:12])}
	}
	var missing missingError
	if errors.As(machineAllows(), &missing) {
		return Row{name, Fault, missing.What, missing.Mend}
	}
	return Row{name, Fault, "not installed; the Go backend (go:ops_sequential) is used, about 4 to 6 times slower", again}
}

// gpuRow looks for an NVIDIA GPU and, where there is one, for its plugin.
func gpuRow(ctx context.Context, v Venv) Row {
	devices, _ := filepath.Glob("/dev/nvidia[0-9]*")
	text, err := output(ctx, "nvidia-smi", "--query-gpu=name,memory.total,driver_version", "--format=csv,noheader")
	switch {
	case err == nil && strings.TrimSpace(text) != "":
		found := strings.ReplaceAll(strings.TrimSpace(text), "\n", "; ")
		plugins, _ := filepath.Glob(v.Path("lib", "python3*", "site-packages", "jax_plugins", "xla_cuda*", "*.so"))
		if len(plugins) == 0 && os.Getenv("PJRT_PLUGIN_LIBRARY_PATH") == "" {
			return Row{"GPU", Optional, found + "; no XLA plugin for it in .venv, the CPU is used", gpuPlugin}
		}
		return Row{Name: "GPU", State: OK, Found: found}
	case len(devices) > 0:
		return Row{"GPU", Optional, strings.Join(devices, " ") + ", but nvidia-smi does not answer", "check the NVIDIA driver"}
	}
	return Row{Name: "GPU", State: Optional, Found: "none; the CPU is used"}
}

func kernelRow(v Venv) Row {
	if _, err := os.Stat(v.Path("share", "jupyter", "kernels", "gonb", "kernel.json")); err != nil {
		return Row{"GoNB kernel", Optional, "not installed; only notebooks need it", labAgain}
	}
	return Row{Name: "GoNB kernel", State: OK, Found: v.Path("share", "jupyter", "kernels", "gonb")}
}

// jupyterRow reads the version from the package's folder name: starting
// JupyterLab only to ask it takes a second.
func jupyterRow(v Venv) Row {
	found, _ := filepath.Glob(v.Path("lib", "python3*", "site-packages", "jupyterlab-*.dist-info"))
	if len(found) == 0 {
		return Row{"JupyterLab", Optional, "not installed; only notebooks need it", labAgain}
	}
	name := strings.TrimSuffix(filepath.Base(found[len(found)-1]), ".dist-info")
	return Row{Name: "JupyterLab", State: OK, Found: strings.TrimPrefix(name, "jupyterlab-")}
}

func output(ctx context.Context, name string, args ...string) (string, error) {
	ctx, cancel := context.WithTimeout(ctx, 10*time.Second)
	defer cancel()
	text, err := exec.CommandContext(ctx, name, args...).Output()
	return string(text), err
}

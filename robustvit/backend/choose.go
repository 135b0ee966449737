package backend

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gomlx/compute"
)

// choice is a resolved request: nothing has been loaded yet.
type choice struct {
	name    string // as shown to the user
	kind    Kind
	plugin  plugin
	options string // go-xla's or the Go backend's own options, comma separated
	origin  string // who asked: "auto", "options", "GOMLX_BACKEND"
	hint    string
}

// xlaNames are the names under which go-xla registers itself.
var xlaNames = []string{"xla", "stablehlo", "shlo", "hlo"}

// choose decides which backend to open without loading anything.
func choose(opts Options) (choice, error) {
	name, origin := opts.Name, "options"
	if env := environment(compute.ConfigEnvVar); env != "" {
		name, origin = env, compute.ConfigEnvVar
	}
	if name == "" || name == Auto {
		return chooseAuto(opts), nil
	}
	head, rest, _ := strings.Cut(name, ":")
	switch {
	case head == Go:
		return choice{name: Go, kind: KindGo, options: rest, origin: origin, hint: goHint}, nil
	case slices.Contains(xlaNames, head):
		c, err := chooseXLA(rest, opts)
		c.origin = origin
		if err != nil {
			return c, fmt.Errorf("backend %q (%s): %w", name, origin, err)
		}
		return c, nil
	}
	return choice{}, fmt.Errorf("unknown backend %q (%s); use one of %q, %q, %q, %q and \"xla:/path/to/plugin.so\"",
		name, origin, Auto, CUDA, CPU, Go)
}

// chooseAuto takes the fastest backend whose parts are there.
func chooseAuto(opts Options) choice {
	const origin = "auto"
	if !xlaCompiled {
		return choice{name: Go, kind: KindGo, origin: origin, hint: noCgoHint}
	}
	plugins := findPlugins(projectRoot(opts))
	if p, ok := pick(plugins, "cuda"); ok && hasNvidia() {
		return choice{name: CUDA, kind: KindCUDA, plugin: p, origin: origin}
	}
	if p, ok := pick(plugins, "cpu"); ok {
		return choice{name: CPU, kind: KindCPU, plugin: p, origin: origin}
	}
	return choice{name: Go, kind: KindGo, origin: origin, hint: goHint}
}

// chooseXLA resolves what follows "xla:": a plugin name or file, then options.
func chooseXLA(config string, opts Options) (choice, error) {
	if !xlaCompiled {
		return choice{}, fmt.Errorf("%s; or use %s=%s", noCgoHint, compute.ConfigEnvVar, Go)
	}
	want, options, _ := strings.Cut(config, ",")
	if filepath.IsAbs(want) {
		p := plugin{Name: pluginName(want), Path: want}
		return choice{name: "xla:" + want, kind: p.kind(), plugin: p, options: options}, nil
	}
	plugins := findPlugins(projectRoot(opts))
	if want == "" {
		c := chooseAuto(opts)
		if c.kind == KindGo {
			return c, fmt.Errorf("no PJRT plugin found; %s", installHint)
		}
		c.options = options
		return c, nil
	}
	p, ok := pick(plugins, want)
	if !ok {
		return choice{}, missingPlugin(want, plugins)
	}
	if p.kind() == KindCUDA && !hasNvidia() {
		return choice{}, fmt.Errorf("no NVIDIA GPU found (no /dev/nvidia*), though the plugin %s is there; "+
			"run where a GPU is visible, or use %s=%s", p.Path, compute.ConfigEnvVar, CPU)
	}
	return choice{name: "xla:" + want, kind: p.kind(), plugin: p, options: options}, nil
}

func missingPlugin(want string, found []plugin) error {
	if want == "cuda" && !hasNvidia() {
		return fmt.Errorf("no NVIDIA GPU found (no /dev/nvidia*) and no CUDA plugin; use %s=%s, "+
			"or on a machine with a GPU install the plugin with \"robustvit setup\"", compute.ConfigEnvVar, CPU)
	}
	names := []string{}
	for _, p := range found {
		if !slices.Contains(names, p.Name) {
			names = append(names, p.Name)
		}
	}
	return fmt.Errorf("no PJRT plugin called %q; found: %q; %s", want, names, installHint)
}

const (
	installHint = "install one with \"robustvit setup\", or name its folder in " + pluginPathEnv
	goHint      = "the pure Go backend is about ten times slower than XLA; " + installHint
	noCgoHint   = "this program was built without cgo (or with the tag noxla): only the Go backend is compiled in; " +
		"install a C compiler and build with CGO_ENABLED=1 for XLA"
)

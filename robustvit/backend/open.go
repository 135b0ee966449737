package backend

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/gomlx/compute"
	"github.com/gomlx/compute/gobackend"
)

// Names accepted by [Options].Name and GOMLX_BACKEND.
const (
	Auto = "auto"     // the best that is there
	CUDA = "xla:cuda" // XLA on an NVIDIA GPU
	CPU  = "xla:cpu"  // XLA on the processor
	Go   = "go"       // pure Go, no plugin and no C compiler needed
)

// goSequential: with parallel operations the Go backend's worker pool can wait
// for itself for ever on few cores (seen in compute v0.1.3 and v0.1.6).
const goSequential = "ops_sequential"

// Options says which backend to open. The zero value chooses automatically.
type Options struct {
	Name        string // "", "auto", "xla:cuda", "xla:cpu", "go"; GOMLX_BACKEND wins over it
	ProjectRoot string // folder that holds .venv; "" looks for it upwards from the working folder
	Verify      bool   // compare a pinned plugin's SHA-256 before it is loaded
}

// Open opens the backend chosen by GOMLX_BACKEND, opts.Name or automatically,
// in that order. It never panics: unknown names, missing devices and broken
// plugin files come back as one error that says how to go on.
func Open(opts Options) (b compute.Backend, info Info, err error) {
	c, err := choose(opts)
	if err != nil {
		return nil, Info{}, err
	}
	err = checkSpace(c.kind, spaceLimit())
	if err == nil {
		err = Guard(0, func() (err error) {
			b, info, err = c.open(opts)
			return err
		})
	}
	if err != nil {
		return nil, Info{}, fmt.Errorf("open backend %q (%s): %w", c.name, c.origin, err)
	}
	info.Chosen = c.origin
	return b, info, nil
}

// open creates the chosen backend and describes it.
func (c choice) open(opts Options) (compute.Backend, Info, error) {
	if c.kind == KindGo {
		return openGo(c)
	}
	if err := c.plugin.check(); err != nil {
		return nil, Info{}, err
	}
	root := projectRoot(opts)
	if opts.Verify {
		if err := verify(c.plugin.Path, root); err != nil {
			return nil, Info{}, err
		}
	}
	if err := c.plugin.probe(root); err != nil {
		return nil, Info{}, err
	}
	var b compute.Backend
	var version string
	err := Guard(0, func() (err error) {
		b, version, err = openXLA(c.plugin, c.options)
		return err
	})
	if _, panicked := errors.AsType[*PanicError](err); panicked { // in go-xla: it tells the user nothing
		err = errors.New("what it exports is not PJRT's API")
	}
	if err != nil {
		return nil, Info{}, fmt.Errorf("plugin %s did not start: %w%s", c.plugin.Path, err, xlaHint(c.kind))
	}
	info := describe(b, c)
	info.Plugin, info.Version = c.plugin.Path, version
	return b, info, nil
}

func openGo(c choice) (compute.Backend, Info, error) {
	config := c.options
	if !strings.Contains(config, "ops_") {
		config = strings.TrimPrefix(config+","+goSequential, ",")
	}
	b, err := gobackend.New(config)
	if err != nil {
		return nil, Info{}, err
	}
	info := describe(b, c)
	info.Version, info.Slow, info.Hint = moduleVersion("github.com/gomlx/compute"), true, c.hint
	return b, info, nil
}

// xlaHint is the next step when a plugin that looked sound fails to start.
func xlaHint(kind Kind) string {
	if kind == KindCUDA {
		return "; check the driver with nvidia-smi, or run on the processor with " + compute.ConfigEnvVar + "=" + CPU
	}
	return "; reinstall it with \"robustvit setup\", or run without it with " + compute.ConfigEnvVar + "=" + Go
}

func environment(name string) string { return strings.TrimSpace(os.Getenv(name)) }

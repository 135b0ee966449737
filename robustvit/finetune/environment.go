package finetune

import (
	"runtime"
	"runtime/debug"
	"strings"

	"github.com/robustvit/workbench/robustvit/run"
)

// Environment is what a run notes of its surroundings at every start: backend,
// devices, Go and the versions of what computes. Another device, number of them
// or version may round differently.
type Environment struct {
	Backend  string            `json:"backend"`
	Devices  int               `json:"devices,omitempty"` // more than one
	Platform string            `json:"platform"`
	Versions map[string]string `json:"versions"`
}

func (job Job) surroundings() Environment {
	e := Surroundings(job.Config.Backend)
	e.Devices = job.Config.Devices
	return e
}

// noteStart records this start and tells what has changed since the one before.
func (job Job) noteStart(r *run.Run, step int) error {
	for _, d := range r.Changed() {
		job.Listen.note("changed: %s", d)
	}
	differ, err := r.Environment(step, job.surroundings())
	for _, d := range differ {
		job.Listen.note("warning: changed since the last start: %s; the last bits may differ from those of an unbroken run", d)
	}
	return err
}

// Surroundings describes this program on a backend.
func Surroundings(backend string) Environment {
	e := Environment{Backend: backend, Platform: runtime.GOOS + "/" + runtime.GOARCH, Versions: map[string]string{"go": strings.TrimPrefix(runtime.Version(), "go")}}
	info, ok := debug.ReadBuildInfo()
	if !ok {
		return e
	}
	for _, module := range info.Deps {
		if name, ours := strings.CutPrefix(module.Path, "github.com/gomlx/"); ours {
			e.Versions[name] = module.Version
		}
	}
	return e
}

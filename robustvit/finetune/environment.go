package finetune

import (
	"runtime"
	"runtime/debug"
	"strings"
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

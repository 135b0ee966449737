package backend

import (
	"runtime/debug"

	"github.com/gomlx/compute"
)

// Kind is the sort of device a backend computes on.
type Kind string

// The kinds this project knows.
const (
	KindCUDA Kind = "cuda"
	KindCPU  Kind = "cpu"
	KindGo   Kind = "go"
)

// Info describes an opened backend: what doctor prints and the run folder stores.
type Info struct {
	Name    string   `json:"name"`              // "xla:cuda", "xla:cpu", "go" or "xla:<plugin>"
	Kind    Kind     `json:"kind"`              // device family
	Plugin  string   `json:"plugin,omitempty"`  // PJRT plugin file
	Version string   `json:"version,omitempty"` // PJRT API of the plugin, or module of the Go backend
	Devices []string `json:"devices"`           // one text a device
	Chosen  string   `json:"chosen"`            // "auto", "options" or "GOMLX_BACKEND"
	Slow    bool     `json:"slow"`              // true for the Go backend
	Hint    string   `json:"hint,omitempty"`    // how to get a faster one
}

func describe(b compute.Backend, c choice) Info {
	info := Info{Name: c.name, Kind: c.kind}
	for i := range b.NumDevices() {
		info.Devices = append(info.Devices, b.DeviceDescription(compute.DeviceNum(i)))
	}
	return info
}

// moduleVersion is the version of a module this program was built with, "" if unknown.
func moduleVersion(path string) string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return ""
	}
	for _, m := range build.Deps {
		if m.Path == path {
			return m.Version
		}
	}
	return ""
}

package backend

import "github.com/gomlx/compute"

// Candidate is one backend that could be used here, or why it cannot.
type Candidate struct {
	Name    string `json:"name"`             // what Options.Name and GOMLX_BACKEND accept
	Kind    Kind   `json:"kind"`             // device family
	Plugin  string `json:"plugin,omitempty"` // PJRT plugin file
	Usable  bool   `json:"usable"`           // everything it needs is there
	Chosen  bool   `json:"chosen"`           // Open with the same options takes this one
	Problem string `json:"problem,omitempty"`
	Fix     string `json:"fix,omitempty"` // what to do about the problem
}

// Detect lists the backends in order of preference without loading any of
// them, and says which one [Open] would take. The error is the one that Open
// would return before it loads anything.
func Detect(opts Options) ([]Candidate, error) {
	chosen, err := choose(opts)
	var all []Candidate
	all = append(all, detectXLA(KindCUDA, CUDA, opts)...)
	all = append(all, detectXLA(KindCPU, CPU, opts)...)
	all = append(all, Candidate{Name: Go, Kind: KindGo, Usable: true})
	if err != nil {
		return all, err
	}
	for i, c := range all {
		if c.Kind == chosen.kind && c.Plugin == chosen.plugin.Path {
			all[i].Chosen = true
			return all, nil
		}
	}
	return append(all, candidate(chosen.name, chosen.plugin, true)), nil // a file that GOMLX_BACKEND names
}

// detectXLA lists the plugins of a kind, or one candidate that says what is missing.
func detectXLA(kind Kind, name string, opts Options) []Candidate {
	missing := Candidate{Name: name, Kind: kind}
	if !xlaCompiled {
		missing.Problem, missing.Fix = "this program was built without cgo", "install a C compiler and build with CGO_ENABLED=1"
		return []Candidate{missing}
	}
	var all []Candidate
	for _, p := range findPlugins(projectRoot(opts)) {
		if p.kind() == kind {
			all = append(all, candidate("xla:"+p.Name, p, false))
		}
	}
	if len(all) > 0 {
		return all
	}
	missing.Problem, missing.Fix = "no plugin found", installHint
	if kind == KindCUDA && !hasNvidia() {
		missing.Problem, missing.Fix = "no NVIDIA GPU found", ""
	}
	return []Candidate{missing}
}

func candidate(name string, p plugin, chosen bool) Candidate {
	c := Candidate{Name: name, Kind: p.kind(), Plugin: p.Path, Chosen: chosen}
	switch err := Guard(0, p.check); {
	case err != nil:
		c.Problem, c.Fix = err.Error(), installHint
	case c.Kind == KindCUDA && !hasNvidia():
		c.Problem, c.Fix = "no NVIDIA GPU found", "use "+compute.ConfigEnvVar+"="+CPU
	default:
		c.Usable = true
	}
	return c
}

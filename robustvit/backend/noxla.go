//go:build !cgo || noxla

package backend

import (
	"errors"

	"github.com/gomlx/compute"
)

const xlaCompiled = false

func openXLA(plugin, string) (compute.Backend, string, error) {
	return nil, "", errors.New(noCgoHint)
}

func (plugin) probe(string) error { return nil }

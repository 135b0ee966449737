//go:build cgo

package setup

// builtWithCgo reports whether this binary can load a plugin at all.
const builtWithCgo = true

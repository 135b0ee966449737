//go:build !linux

package data

// addressSpace is without a limit where it is not known.
func addressSpace() (limit, used int) { return 0, 0 }

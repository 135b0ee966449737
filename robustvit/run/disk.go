//go:build !failpoints

package run

// Disk is the real file system.
type Disk struct{ system }

//go:build !linux

package storage

import (
	"errors"
	"testing"
)

var errNoMounts = errors.New("only Linux lets a test mount file systems of its own")

func inOwnMounts() {}

func mounted(t *testing.T, _ string) string { noMounts(t, errNoMounts); return "" }

func mountOn(t *testing.T, _, _ string) { noMounts(t, errNoMounts) }

func remount(t *testing.T, _, _ string) { noMounts(t, errNoMounts) }

func readOnly(t *testing.T, _ string) { noMounts(t, errNoMounts) }

func vanish(t *testing.T, _ string) { noMounts(t, errNoMounts) }

func fill(t *testing.T, _ string) { noMounts(t, errNoMounts) }

func noMoreFiles(t *testing.T, _ string) { noMounts(t, errNoMounts) }

func leave(t *testing.T, _ string, _ int64) { noMounts(t, errNoMounts) }

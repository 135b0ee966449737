//go:build !linux

package backend

import (
	"io/fs"
	"time"
)

// changeTime is not known here; no plugin is pinned for these systems.
func changeTime(fs.FileInfo) time.Time { return time.Time{} }

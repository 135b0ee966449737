package backend

import (
	"io/fs"
	"syscall"
	"time"
)

// changeTime is when content, name or rights of the file last changed.
func changeTime(st fs.FileInfo) time.Time {
	sys, ok := st.Sys().(*syscall.Stat_t)
	if !ok {
		return time.Time{}
	}
	return time.Unix(sys.Ctim.Unix()).UTC()
}

package whole

import (
	"errors"
	"io/fs"
	"syscall"
)

// Next is the next step after a file could not be written, for the end of the
// error's text: "; free some space and run the same command again". It is
// empty where the system said nothing.
func Next(err error) string {
	code := syscall.Errno(0)
	switch {
	case !errors.As(err, &code):
		return ""
	case code == syscall.ENOSPC, code == syscall.EDQUOT:
		return "; free some space and run the same command again"
	case code == syscall.EFBIG:
		return "; raise the limit of file sizes (ulimit -f) and run the same command again"
	case code == syscall.EMFILE, code == syscall.ENFILE:
		return "; raise the limit of open files (ulimit -n) and run the same command again"
	case code == syscall.ENAMETOOLONG:
		return "; choose a shorter name"
	case code == syscall.EROFS, errors.Is(err, fs.ErrPermission):
		return "; make the folder writable or choose another one"
	case code == syscall.ENOENT, code == syscall.ENOTDIR:
		return "; the folder is not there: was it moved or unmounted? choose another place"
	}
	return "; check the disk, or choose another place"
}

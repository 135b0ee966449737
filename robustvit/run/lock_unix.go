//go:build unix

package run

import (
	"errors"
	"os"
	"syscall"
)

func flock(f *os.File) error { return tryLock(f, syscall.LOCK_EX) }

// flockShared fits beside others that only look.
func flockShared(f *os.File) error { return tryLock(f, syscall.LOCK_SH) }

func tryLock(f *os.File, how int) error {
	for {
		err := syscall.Flock(int(f.Fd()), how|syscall.LOCK_NB)
		switch {
		case err == syscall.EINTR:
		case err == syscall.EWOULDBLOCK:
			return errLocked
		case err == syscall.ENOLCK, err == syscall.ENOSYS, err == syscall.EOPNOTSUPP:
			return errors.ErrUnsupported
		default:
			return err
		}
	}
}

func unlock(f *os.File) error { return syscall.Flock(int(f.Fd()), syscall.LOCK_UN) }

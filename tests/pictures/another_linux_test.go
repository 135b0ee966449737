package pictures

import (
	"os"
	"runtime"
	"syscall"
	"testing"
)

// asAnother runs a function as a user without rights where this one has all.
func asAnother(t *testing.T, do func() error) error {
	t.Helper()
	if os.Geteuid() != 0 {
		return do()
	}
	result := make(chan error)
	go func() {
		runtime.LockOSThread() // the thread ends with its user
		if err := syscall.Setfsuid(65534); err != nil {
			result <- err
			return
		}
		result <- do()
	}()
	return <-result
}

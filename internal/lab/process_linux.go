package lab

import (
	"runtime"
	"syscall"
)

const stopSignal = syscall.SIGTERM

// ownGroup keeps the terminal's Ctrl-C from the child, and has the system end
// the child when we are killed.
func ownGroup() *syscall.SysProcAttr {
	return &syscall.SysProcAttr{Setpgid: true, Pdeathsig: syscall.SIGTERM}
}

// pinThread keeps the thread that starts a child alive as long as the child
// runs: the system sends the death signal when the thread ends.
func pinThread() (release func()) {
	runtime.LockOSThread()
	return runtime.UnlockOSThread
}

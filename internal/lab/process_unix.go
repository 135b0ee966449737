//go:build unix && !linux

package lab

import "syscall"

const stopSignal = syscall.SIGTERM

// ownGroup keeps the terminal's Ctrl-C from the child.
func ownGroup() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setpgid: true} }

func pinThread() (release func()) { return func() {} }

//go:build unix

package run

import "syscall"

// ownSession has no terminal whose closing could reach the process.
func ownSession() *syscall.SysProcAttr { return &syscall.SysProcAttr{Setsid: true} }

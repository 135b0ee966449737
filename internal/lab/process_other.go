//go:build !unix

package lab

import (
	"os"
	"syscall"
)

var stopSignal = os.Kill

func ownGroup() *syscall.SysProcAttr { return nil }

func pinThread() (release func()) { return func() {} }

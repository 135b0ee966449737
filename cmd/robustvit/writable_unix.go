//go:build unix

package main

import "syscall"

// mayWrite asks the system, which writes nothing.
func mayWrite(folder string) error {
	const writeAndSearch = 2 | 1 // W_OK, X_OK
	return syscall.Access(folder, writeAndSearch)
}

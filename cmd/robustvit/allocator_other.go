//go:build !linux

package main

import "github.com/robustvit/workbench/robustvit"

// hugePages: only Linux's C library has the setting.
func hugePages() {}

// oneArena: only Linux's C library has arenas.
func oneArena(robustvit.Variant) {}

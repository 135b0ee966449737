//go:build !linux

package main

import "github.com/robustvit/workbench/robustvit"

func oneArena(robustvit.Variant) {}

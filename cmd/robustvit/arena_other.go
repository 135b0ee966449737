//go:build !linux

package main

func oneArena() {}

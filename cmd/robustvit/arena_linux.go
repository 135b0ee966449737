package main

import (
	"os"
	"syscall"
)

// oneArena starts the program anew, in the same process, with one arena of the C
// library instead of eight a core: XLA's threads leave weights and moments
// scattered over them, a quarter of the peak of a large model's training. The
// library reads the variable only as it starts; who has set it keeps it.
func oneArena() {
	if _, set := os.LookupEnv("MALLOC_ARENA_MAX"); set {
		return
	}
	if program, err := os.Executable(); err == nil {
		_ = syscall.Exec(program, os.Args, append(os.Environ(), "MALLOC_ARENA_MAX=1")) // without it the peak is higher, that is all
	}
}

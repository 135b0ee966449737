package main

import (
	"os"
	"syscall"

	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/finetune"
)

// oneArena starts the program anew, in the same process, with one arena of the C
// library where the model is large: the library reads the variable only as it
// starts. Who has set it keeps it.
func oneArena(v robustvit.Variant) {
	if _, set := os.LookupEnv(finetune.ArenaVariable); set || !finetune.OneArena(v) {
		return
	}
	if program, err := os.Executable(); err == nil {
		_ = syscall.Exec(program, os.Args, append(os.Environ(), finetune.ArenaVariable+"=1")) // without it the peak is higher, that is all
	}
}

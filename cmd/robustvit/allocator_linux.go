package main

import (
	"os"
	"strings"
	"syscall"

	"github.com/robustvit/workbench/internal/setup"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/finetune"
)

// hugePages lets the C library ask for huge pages, where the system gives them
// only to who asks.
func hugePages() {
	mode, err := os.ReadFile("/sys/kernel/mm/transparent_hugepage/enabled")
	if err == nil && strings.Contains(string(mode), "[madvise]") {
		startAgain(setup.AllocatorVariable, setup.HugePages)
	}
}

// oneArena starts a finetuning with one arena where the model is large.
func oneArena(v robustvit.Variant) {
	if finetune.OneArena(v) {
		startAgain(finetune.ArenaVariable, "1")
	}
}

// startAgain starts the program anew, in the same process, with a variable that
// the C library reads only as it starts. Who has set it keeps it.
func startAgain(variable, value string) {
	if _, set := os.LookupEnv(variable); set {
		return
	}
	if program, err := os.Executable(); err == nil {
		_ = syscall.Exec(program, os.Args, append(os.Environ(), variable+"="+value)) // without it the work is slower or larger, that is all
	}
}

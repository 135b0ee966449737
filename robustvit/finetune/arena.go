package finetune

import "github.com/robustvit/workbench/robustvit"

// ArenaVariable is the C library's, on Linux: how many arenas it may have.
const ArenaVariable = "MALLOC_ARENA_MAX"

// OneArena says whether a finetuning of the model should run with ArenaVariable
// at 1, from ViT-B on: XLA's threads leave weights and moments scattered over
// eight arenas a core, a quarter of the peak. Smaller models would lose a tenth
// of their speed for memory that they do not need.
func OneArena(v robustvit.Variant) bool { return v.Width >= 768 }

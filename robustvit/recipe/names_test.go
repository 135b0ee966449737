package recipe_test

import (
	"testing"

	"github.com/robustvit/workbench/robustvit/recipe"
)

func TestShortName(t *testing.T) {
	for source, want := range map[string]string{
		"demo:vit": "vit", "runs/ours/weights.safetensors": "ours", "runs/ours/after/weights.safetensors": "after", "out/timm/model.safetensors": "timm",
		"vit base.safetensors": "vit-base", "out/timm/": "timm", "...": "model", "größe.safetensors": "gr-e",
	} {
		if got := recipe.ShortName(source); got != want {
			t.Errorf("recipe.ShortName(%q) = %q, expected %q", source, got, want)
		}
	}
}

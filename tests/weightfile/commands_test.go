package weightfile

import (
	"path/filepath"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

// takers are the places where weights are taken.
var takers = []string{"convert", "inspect", "evaluate", "segment", "explain", "finetune", "export", "masks", "prepare", "demo", "sweep", "compare", "explain after"}

// taking is the command line of one of them; what it would write is the last word.
func taking(t *testing.T, command, path string) []string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "out")
	picture := filepath.Join(catalogue.Root(), "data", "testdata", "preprocess", "portrait.png")
	switch command {
	case "convert":
		return []string{command, path, "--out", out + ".safetensors"}
	case "inspect":
		return []string{command, path}
	case "evaluate", "segment", "finetune":
		return []string{command, "--weights", path, "--data", "shapes", "--dir", out}
	case "explain":
		return []string{command, "--weights", path, picture, "--out", out}
	case "export":
		return []string{command, "--weights", path, "--out", out}
	case "masks":
		return []string{command, "--weights", path, "--data", "shapes", "--train", "2", "--out", out}
	case "prepare":
		return []string{command, picture, "--weights", path, "--out", out + ".png"}
	case "sweep":
		return []string{command, "ablation", "--model", path, "--data", "shapes", "--dir", out}
	case "compare":
		return []string{"evaluate", "--weights", "demo:vit", "--weights", path, "--data", "shapes", "--dir", out}
	case "explain after":
		return []string{"explain", "--weights", "demo:vit", "--after", path, picture, "--out", out}
	case "demo":
		return []string{command, "--offline", "--model", path, "--dir", out}
	}
	t.Fatalf("no command %q", command)
	return nil
}

package experiment

import (
	"context"
	"os/exec"
	"strings"

	"github.com/robustvit/workbench/internal/setup"
)

// Commit is the commit of the checkout around folder, with a + where its
// sources differ from it, "" outside a checkout or without git: what the
// results say about the program that made them.
func Commit(ctx context.Context, folder string) string {
	root, err := setup.ProjectRoot(folder)
	if err != nil {
		return ""
	}
	git := func(args ...string) (string, error) {
		out, err := exec.CommandContext(ctx, "git", append([]string{"-C", root}, args...)...).Output()
		return strings.TrimSpace(string(out)), err
	}
	head, err := git("rev-parse", "--short=12", "HEAD")
	if err != nil {
		return ""
	}
	if changed, err := git("status", "--porcelain", "--untracked-files=no", "--", "*.go", "go.mod", "*.safetensors"); err == nil && changed != "" {
		head += "+"
	}
	return head
}

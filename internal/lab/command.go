package lab

import (
	"context"
	"fmt"
	"os/exec"
	"path/filepath"
	"strings"
)

// Command is the program robustvit in root's bin/, built of the sources as they
// are: a second where it is built already.
func Command(ctx context.Context, root string) (string, error) {
	path := filepath.Join(layout{newVenv(root)}.bin(), "robustvit")
	cmd := exec.CommandContext(ctx, "go", "build", "-o", path, "./cmd/robustvit")
	cmd.Dir = root
	if text, err := cmd.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build robustvit: %w: %s; to see it whole: go build ./cmd/robustvit", err, strings.Join(strings.Fields(string(text)), " "))
	}
	return path, nil
}

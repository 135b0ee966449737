package notebook

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"strings"

	"github.com/robustvit/workbench/internal/lab"
	"github.com/robustvit/workbench/internal/setup"
	"github.com/robustvit/workbench/robustvit/run"
)

// Detach starts a command of robustvit that goes on when the cell, the kernel
// and JupyterLab have ended, such as
//
//	notebook.Detach("finetune", "--weights", "demo:vit", "--data", "shapes", "--dir", "../runs/ours", "--watch")
//
// and prints how to watch and stop it. Where a process writes the folder
// already it says so, so that the cell may be run again. What goes wrong ends
// the cell as [Check] does.
func Detach(args ...string) {
	s := theScreen()
	said, err := detach(Context(), args)
	s.check(err)
	fmt.Fprintln(s.out, said)
	s.sync()
}

func detach(ctx context.Context, args []string) (said string, err error) {
	dir := folderOf(args)
	if dir == "" {
		return "", errors.New("detach: name the run folder by --dir")
	}
	if writer, err := run.Writer(dir); err != nil || writer != nil {
		return fmt.Sprintf("%s is being written already, by %s", dir, writer), err
	}
	root := os.Getenv("ROBUSTVIT_ROOT") // the kernel's environment
	if root == "" {
		if root, err = setup.ProjectRoot("."); err != nil {
			return "", err
		}
	}
	program, err := lab.Command(ctx, root)
	if err != nil {
		return "", err
	}
	var stderr strings.Builder
	cmd := exec.CommandContext(ctx, program, append(slices.Clone(args), "--detach")...)
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		return "", errors.New(strings.TrimPrefix(strings.TrimSpace(stderr.String()), "robustvit: "))
	}
	return strings.TrimSpace(string(out)), nil
}

// folderOf is the value of --dir.
func folderOf(args []string) string {
	for i, arg := range args {
		if arg == "--dir" && i+1 < len(args) {
			return args[i+1]
		}
		if value, ok := strings.CutPrefix(arg, "--dir="); ok {
			return value
		}
	}
	return ""
}

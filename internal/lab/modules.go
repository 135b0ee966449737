package lab

import (
	"context"
	"fmt"
	"io"
	"os"
	"strings"
)

// cellPackage is what every cell of a notebook imports.
const cellPackage = "github.com/robustvit/workbench/viz/notebook"

// fetchModules has Go fetch what it reads before it compiles a cell: in a
// workspace of the cell and the project it asks for the go.mod of every module
// that any module names, which building the project does not. Without them the
// first cell would need the network.
func (l layout) fetchModules(ctx context.Context, out io.Writer) error {
	fmt.Fprintln(out, "lab: asking Go for the modules of a notebook's cell (once)")
	dir, err := os.MkdirTemp("", "cell-")
	if err != nil {
		return fmt.Errorf("a folder for a cell: %w", err)
	}
	defer os.RemoveAll(dir)
	for _, args := range [][]string{{"mod", "init", "cell"}, {"work", "init", ".", l.root()}, {"list", "-deps", cellPackage}} {
		text, err := runGo(ctx, dir, []string{"GOWORK="}, args...)
		if ctx.Err() != nil {
			return ctx.Err()
		}
		if err != nil {
			return fmt.Errorf("fetch the modules of a cell: go %s: %w: %s; check the network and run the same command again",
				strings.Join(args, " "), err, lastLine(text))
		}
	}
	return nil
}

package lab

import (
	"context"
	"fmt"
	"io"
)

// goplsVersion is the language server that completes and explains code in cells
// (Tab, Shift+Tab). It is no tool of go.mod: it asks for another version of
// x/tools than the kernel's.
const goplsVersion = "v0.21.0"

// installGopls builds gopls into bin/. Where that fails, without network for
// one, the lab goes on without it; only being stopped is an error.
func (l layout) installGopls(ctx context.Context, out io.Writer) error {
	fmt.Fprintln(out, "lab: building gopls into bin/, for completion in cells (about a minute, once)")
	text, err := runGo(ctx, l.root(), []string{"GOBIN=" + l.bin(), "GOWORK=off", "GOFLAGS="}, "install", "golang.org/x/tools/gopls@"+goplsVersion)
	if ctx.Err() != nil {
		return ctx.Err()
	}
	if err != nil {
		fmt.Fprintf(out, "lab: no completion in cells, all else works: gopls could not be built (%s); to add it: GOBIN=\"$PWD/bin\" go install golang.org/x/tools/gopls@%s\n",
			lastLine(text), goplsVersion)
	}
	return nil
}

package backend

import (
	"errors"
	"io"
	"strings"
	"testing"

	"github.com/gomlx/gomlx/core/graph"
)

func TestGuard(t *testing.T) {
	for name, c := range map[string]struct {
		batch int
		fn    func() error
		want  []string
	}{
		"error":       {8, func() error { return io.ErrUnexpectedEOF }, []string{"unexpected EOF"}},
		"panic":       {8, func() error { panic("axis 3 out of range") }, []string{"axis 3 out of range"}},
		"panic error": {8, func() error { panic(io.ErrUnexpectedEOF) }, []string{"unexpected EOF"}},
		"nil map":     {8, func() error { var m map[string]int; m["a"] = 1; return nil }, []string{"nil map"}},
	} {
		t.Run(name, func(t *testing.T) {
			err := Guard(c.batch, c.fn)
			if err == nil {
				t.Fatal("no error")
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("error %q does not say %q", err, want)
				}
			}
			if strings.Contains(err.Error(), "goroutine") {
				t.Errorf("a stack trace reached the user: %v", err)
			}
		})
	}
	if err := Guard(8, func() error { return nil }); err != nil {
		t.Error(err)
	}
	if err := Guard(8, func() error { panic(io.EOF) }); !errors.Is(err, io.EOF) {
		t.Error("the thrown error is lost")
	}
}

// GoMLX throws mismatched shapes as a panic; the shapes must reach the user.
func TestGuardShapes(t *testing.T) {
	isolate(t)
	b, _, err := Open(Options{Name: Go})
	if err != nil {
		t.Fatal(err)
	}
	err = Guard(2, func() error {
		exec := graph.MustNewExec(b, func(x, y *graph.Node) *graph.Node { return graph.MatMul(x, y) })
		exec.MustExec1([][]float32{{1, 2, 3}}, [][]float32{{1, 2}})
		return nil
	})
	if err == nil || !strings.Contains(err.Error(), "lhs[1]=3, rhs[0]=1") {
		t.Errorf("the shapes are missing from %v", err)
	}
}

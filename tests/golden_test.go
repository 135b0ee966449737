package tests

import (
	"os"
	"testing"

	"github.com/robustvit/workbench/robustvit/backend"
	"github.com/robustvit/workbench/robustvit/verify"
)

// require says that what a user's machine may lack must be there: set by CI.
func require(t *testing.T, what string, err error) {
	t.Helper()
	if os.Getenv("ROBUSTVIT_REQUIRE") == "" {
		t.Skipf("%s is not here: %v", what, err)
	}
	t.Fatalf("%s is not here, and ROBUSTVIT_REQUIRE asks for it: %v", what, err)
}

// TestGoldenOnXLA compares every stage with PyTorch's on XLA; the Go backend's
// turn is in the method's own package.
func TestGoldenOnXLA(t *testing.T) {
	b, info, err := backend.Open(backend.Options{Name: backend.CPU})
	if err != nil {
		require(t, "XLA's CPU plugin", err)
	}
	defer b.Finalize()
	report, err := verify.Dir(b, "golden/micro")
	if err != nil {
		t.Fatal(err)
	}
	for _, row := range report.Rows {
		if !row.OK {
			t.Errorf("%s on %s: largest error %.3g is %.3g of the largest value, want at most %g", row.Name, info.Name, row.MaxError, row.Relative, row.Tolerance)
		}
	}
	t.Logf("%d tensors on %s", len(report.Rows), info.Name)
}

package storage

import (
	"os"
	"testing"
)

// noMounts leaves a case out where no file system may be mounted, which
// ROBUSTVIT_REQUIRE forbids.
func noMounts(t *testing.T, err error) {
	t.Helper()
	if os.Getenv("ROBUSTVIT_REQUIRE") != "" {
		t.Fatalf("no file system can be mounted, and ROBUSTVIT_REQUIRE asks for it: %v", err)
	}
	t.Skipf("no file system can be mounted: %v", err)
}

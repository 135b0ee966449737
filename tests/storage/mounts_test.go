package storage

import (
	"fmt"
	"os"
	"testing"
)

// without leaves a case out for want of something, which ROBUSTVIT_REQUIRE
// forbids.
func without(t *testing.T, err error) {
	t.Helper()
	if os.Getenv("ROBUSTVIT_REQUIRE") != "" {
		t.Fatalf("ROBUSTVIT_REQUIRE asks for all cases: %v", err)
	}
	t.Skip(err)
}

func noMounts(t *testing.T, err error) {
	t.Helper()
	without(t, fmt.Errorf("no file system can be mounted: %w", err))
}

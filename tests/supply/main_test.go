// Package supply holds what this product takes from outside to its pins, and
// what it writes to being free of secrets.
package supply

import (
	"os"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

func TestMain(m *testing.M) { os.Exit(catalogue.Main(m, "H11")) }

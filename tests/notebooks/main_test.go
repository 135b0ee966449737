package notebooks

import (
	"os"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

func TestMain(m *testing.M) { os.Exit(catalogue.Main(m, "K7 H3 H6 H7 H8 H9 H10")) }

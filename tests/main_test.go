package tests

import (
	"os"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

func TestMain(m *testing.M) {
	code := catalogue.Main(m, "K1 K2 K3 K4 K5 K6 K8 K9 K10 K11 K12 K13 K15")
	os.RemoveAll(made.dir)
	os.Exit(code)
}

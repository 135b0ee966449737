// Package storage has the catalogue's cases of disks, folders and checkpoints:
// what fails, fills up, moves, is damaged or shared, while runs and files are
// written.
package storage

import (
	"flag"
	"os"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

func TestMain(m *testing.M) {
	inOwnMounts()
	flag.Parse()
	flag.Set("rapid.checks", "1") // a sequence is a case
	os.Exit(catalogue.Main(m, "S1 S2 S3 S4 S5 S6 S7 S8 S9 K14"))
}

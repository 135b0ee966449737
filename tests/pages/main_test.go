// Package pages tests what is promised of everything that a browser or a
// spreadsheet opens: report pages, cells of notebooks, CSV files. The pages are
// those of real run folders, made once by the real command; then the names in
// them are exchanged for texts that would do something if a page took them for
// markup.
package pages

import (
	"os"
	"testing"

	"github.com/robustvit/workbench/tests/catalogue"
)

func TestMain(m *testing.M) {
	code := catalogue.Main(m, "H1 H2 H4 H5")
	runs.remove()
	os.Exit(code)
}

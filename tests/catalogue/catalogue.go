// Package catalogue counts the cases of the reliability catalogue: faults that
// are put in on purpose and what this product promises then. The cases are in
// the packages beside it:
//
//	tests            K  kill, stop and resume
//	tests/storage    S  disks, folders, checkpoints; K14
//	tests/weightfile W  weights in and out
//	tests/pictures   I  images, masks, data sets
//	tests/machine    N  numbers, devices, memory
//	tests/pages      H  pages, cells, CSV files and their texts
//	tests/notebooks  H3, H6 to H10, K7: notebooks, kernel, server
//	tests/supply     H11
//
// `go test -v ./tests/...` prints how many cases of each row ran; where
// ROBUSTVIT_CATALOGUE names a file, every package adds its lines there.
// With -long the rows that kill have the number of cases of a release.
package catalogue

import (
	"flag"
	"fmt"
	"io"
	"os"
	"strings"
	"sync"
	"testing"
)

var long = flag.Bool("long", false, "as many cases as before a release")

// Long says whether the many cases of a release were asked for.
func Long() bool { return *long }

// tally of one row in this process.
type tally struct{ passed, failed, skipped int }

var (
	mu    sync.Mutex
	tried = map[string]*tally{}
)

// Case runs one case of a row as the subtest ROW/name and counts it.
func Case(t *testing.T, row, name string, run func(t *testing.T)) {
	t.Helper()
	if _, ok := Find(row); !ok {
		t.Fatalf("the catalogue has no row %q", row)
	}
	t.Run(row+"/"+name, func(t *testing.T) {
		t.Cleanup(func() { count(t, row) })
		run(t)
	})
}

func count(t *testing.T, row string) {
	mu.Lock()
	defer mu.Unlock()
	if tried[row] == nil {
		tried[row] = &tally{}
	}
	switch {
	case t.Failed():
		tried[row].failed++
	case t.Skipped():
		tried[row].skipped++
	default:
		tried[row].passed++
	}
}

// Main is the TestMain of a package with cases of the named rows ("K1 K2"): it
// runs the tests and prints the counts. Where everything is required
// (ROBUSTVIT_REQUIRE) and all tests ran, each of the rows must have had its
// cases: one that lost them without a failure would pass unseen.
func Main(m *testing.M, rows string) int {
	if os.Getenv(launchVariable) != "" {
		launch(os.Stdin, os.Stdout)
		return 0
	}
	flag.Parse()
	code := m.Run()
	Cleanup()
	print(os.Stdout)
	if path := os.Getenv("ROBUSTVIT_CATALOGUE"); path != "" {
		out, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
		if err != nil {
			fmt.Fprintln(os.Stderr, "catalogue:", err)
			return 1
		}
		print(out)
		out.Close()
	}
	if lost := lost(strings.Fields(rows)); code == 0 && everything() && len(lost) > 0 {
		fmt.Printf("FAIL: rows with fewer cases than the catalogue asks for: %s\n", strings.Join(lost, ", "))
		return 1
	}
	return code
}

// everything says whether no test was left out, by a flag or for want of what
// this machine lacks.
func everything() bool {
	for _, name := range []string{"test.run", "test.skip", "test.list"} {
		if f := flag.Lookup(name); f != nil && f.Value.String() != "" {
			return false
		}
	}
	return !testing.Short() && os.Getenv("ROBUSTVIT_REQUIRE") != ""
}

func lost(ids []string) (rows []string) {
	for _, id := range ids {
		had := 0
		if n := tried[id]; n != nil {
			had = n.passed + n.failed + n.skipped
		}
		if least := Cases(id); had < least {
			rows = append(rows, fmt.Sprintf("%s (%d of %d)", id, had, least))
		}
	}
	return rows
}

// Cases is how many cases of a row this run is to have.
func Cases(row string) int {
	r, _ := Find(row)
	if Long() && r.Long > 0 {
		return r.Long
	}
	return r.Least
}

func print(w io.Writer) {
	for _, r := range Rows {
		if n := tried[r.ID]; n != nil {
			fmt.Fprintf(w, "catalogue %-3s %4d passed %3d failed %3d skipped  %s\n", r.ID, n.passed, n.failed, n.skipped, r.Fault)
		}
	}
}

package verify

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/robustvit/workbench/robustvit/backend"
)

// TestAnotherOptimizerDiverges: elements whose gradient is rounding noise are
// let off, but not the optimizer: another rate, decay or epsilon is found.
func TestAnotherOptimizerDiverges(t *testing.T) {
	b, _, err := backend.Open(backend.Options{Name: backend.Go})
	if err != nil {
		t.Fatal(err)
	}
	defer b.Finalize()
	const golden = "../../tests/golden/micro"
	for _, change := range []struct{ name, old, new string }{
		{"rate", `"lr": 0.001`, `"lr": 0.00101`},
		{"decay", `"weight_decay": 0.01`, `"weight_decay": 1`},
		{"first beta", `0.9,`, `0.85,`},
		{"second beta", `0.999`, `0.99`},
	} {
		t.Run(change.name, func(t *testing.T) {
			dir := t.TempDir()
			for _, name := range []string{weightsFile, stagesFile, metaFile} {
				content, err := os.ReadFile(filepath.Join(golden, name))
				if err != nil {
					t.Fatal(err)
				}
				if name == metaFile {
					changed := strings.Replace(string(content), change.old, change.new, 1)
					if changed == string(content) {
						t.Fatalf("%s holds no %s", name, change.old)
					}
					content = []byte(changed)
				}
				if err := os.WriteFile(filepath.Join(dir, name), content, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			report, err := Dir(b, dir)
			if err != nil {
				t.Fatal(err)
			}
			if row, found := report.FirstDiverging(); !found || !strings.Contains(row.Stage, "adamw") && !strings.Contains(row.Stage, "before_step") {
				t.Errorf("the first stage that diverges is %q, want one of the optimizer", row.Stage)
			}
		})
	}
}

package report

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestClaimsBlocks: claims come with their marks and evidence, and cannot become markup.
func TestClaimsBlocks(t *testing.T) {
	dir := t.TempDir()
	text := `{"kind":"experiment","name":"x","title":"A|B","question":"Does it?","paper":"Table 9","config_sha256":"a","commit":"b",
		"claims":[{"claim":"it *rises*.","source":"Section 4","verdict":"held","text":"by 2.4 [1.5, 3.3]"},{"claim":"it falls","source":"s","verdict":"not held","text":"no"}],"sections":[]}`
	if err := os.WriteFile(filepath.Join(dir, "x.json"), []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
	claims, err := ResultsBlock(dir, "x/claims", false)
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"Does it? (Table 9)", `- ✓ **held:** it \*rises\* (Section 4). by 2.4 \[1.5, 3.3\]`, "- ✗ **not held:** it falls"} {
		if !strings.Contains(claims, want) {
			t.Errorf("no %q in\n%s", want, claims)
		}
	}
	all, err := ResultsBlock(dir, "all/claims", false)
	if err != nil {
		t.Fatal(err)
	}
	if want := `| [x](docs/results/README.md#x): A\|B | Table 9 | 1 | | 1 | |`; !strings.Contains(all, want) {
		t.Errorf("no %q in\n%s", want, all)
	}
	if _, err := ResultsBlock(dir, "y/claims", false); err == nil {
		t.Error("claims of an experiment without a file")
	}
}

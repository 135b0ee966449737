package report

import (
	"fmt"
	"path/filepath"
	"strings"
)

// Names of the blocks that are not a table of one experiment.
const (
	claimsBlock = "claims" // NAME/claims: every claim of an experiment, with its evidence
	allBlock    = "all"    // all/claims: an experiment a line, with what became of its claims
)

// claimsMarkdown lists an experiment's question and claims.
func (r *ExperimentResults) claimsMarkdown() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s (%s)\n\n", r.Question, r.Paper)
	for _, c := range r.claims() {
		fmt.Fprintf(&b, "- %s **%s:** %s (%s). %s\n", c.Standing.Mark(), c.Standing, strings.TrimSuffix(plainMarkdown(c.Text), "."), plainMarkdown(c.Source), plainMarkdown(c.Evidence))
	}
	return b.String()
}

// plainMarkdown keeps a sentence from being read as markup.
func plainMarkdown(text string) string {
	return strings.NewReplacer("|", "\\|", "*", "\\*", "<", "&lt;", "[", "\\[", "]", "\\]").Replace(text)
}

// allClaims is a table of the results files in dir, in the order of their names.
func allClaims(dir string) (string, error) {
	files, err := filepath.Glob(filepath.Join(dir, "*.json"))
	if err != nil {
		return "", fmt.Errorf("report: results in %s: %w", dir, err)
	}
	var b strings.Builder
	b.WriteString("| experiment | in the paper | held | partly | not held | not tested |\n| :--- | :--- | ---: | ---: | ---: | ---: |\n")
	for _, file := range files {
		r, err := ReadExperimentFile(dir, filepath.Base(file))
		if err != nil {
			return "", err
		}
		counts := map[string]int{}
		for _, c := range r.Claims {
			counts[c.Verdict]++
		}
		fmt.Fprintf(&b, "| [%s](%s#%s): %s | %s |", r.Name, readmeName, r.Name, plainMarkdown(r.Title), plainMarkdown(r.Paper))
		for _, verdict := range []string{"held", "partly", "not held", "not tested"} {
			if n := counts[verdict]; n > 0 {
				fmt.Fprintf(&b, " %d |", n)
			} else {
				b.WriteString(" |")
			}
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

// readmeName is the page beside the results files whose sections bear the
// experiments' names.
const readmeName = "docs/results/README.md"

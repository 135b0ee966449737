package main

import (
	"fmt"
	"io"
	"strconv"
	"strings"
	"text/tabwriter"

	"github.com/robustvit/workbench/robustvit/inspect"
)

type inspectCmd struct {
	Path string `arg:"" help:"Weights, checkpoint, image, mask, .mat, manifest, model folder, run folder or data folder."`
	All  bool   `help:"List every tensor and file."`
}

// Help is the example of `robustvit inspect --help`.
func (inspectCmd) Help() string {
	return "Example:\n\n    robustvit inspect runs/demo/after/weights.safetensors"
}

// Run prints the finding.
func (c inspectCmd) Run(s *session) error {
	finding, err := inspect.Path(c.Path)
	if err != nil {
		return err
	}
	return s.result(finding, func(w io.Writer) error { return c.print(w, finding) })
}

const fewRows = 12

func (c inspectCmd) print(w io.Writer, f inspect.Finding) error {
	fmt.Fprintf(w, "%s: %s\n", shown(f.Path), f.Kind)
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, fact := range f.Facts {
		fmt.Fprintf(table, "  %s\t%s\n", shown(fact.Name), shown(fact.Value))
	}
	for _, list := range f.Lists {
		fmt.Fprintf(table, "%s (%d)\n", list.Title, len(list.Rows))
		for i, row := range list.Rows {
			if i == fewRows && !c.All {
				fmt.Fprintf(table, "  ... and %d more (--all)\n", len(list.Rows)-i)
				break
			}
			fmt.Fprint(table, " ")
			for _, cell := range row {
				fmt.Fprintf(table, " %s\t", shown(cell))
			}
			fmt.Fprintln(table)
		}
	}
	return table.Flush()
}

// shown is text from a file as it may be printed: names in it must not steer the terminal.
func shown(text string) string {
	if !strings.ContainsFunc(text, func(r rune) bool { return !strconv.IsPrint(r) }) {
		return text
	}
	quoted := strconv.Quote(text)
	return quoted[1 : len(quoted)-1]
}

package main

import (
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/robustvit/workbench/robustvit/experiment"
	"github.com/robustvit/workbench/viz"
	"github.com/robustvit/workbench/viz/report"
)

// sweepOutcome is one experiment's results and where they are.
type sweepOutcome struct {
	*experiment.Results
	Seconds float64 `json:"seconds"` // points that were there already cost nothing
	Dir     string  `json:"dir"`
	Page    string  `json:"report"`
}

// listExperiments prints every experiment.
func listExperiments(s *session) error {
	type line struct {
		Name     string  `json:"name"`
		Paper    string  `json:"paper"`
		Title    string  `json:"title"`
		Question string  `json:"question"`
		Minutes  float64 `json:"minutes"`
	}
	var lines []line
	for _, e := range experiment.All() {
		lines = append(lines, line{e.Name, e.Paper, e.Title, e.Question, e.Minutes})
	}
	return s.result(map[string]any{"experiments": lines}, func(w io.Writer) error {
		table := tabwriter.NewWriter(w, 2, 8, 2, ' ', 0)
		fmt.Fprintln(table, "NAME\tPAPER\tMINUTES\tTITLE")
		for _, l := range lines {
			fmt.Fprintf(table, "%s\t%s\t%g\t%s\n", l.Name, l.Paper, l.Minutes, l.Title)
		}
		if err := table.Flush(); err != nil {
			return err
		}
		_, err := fmt.Fprintln(w, "\nMinutes: alone and from nothing on the embedded default, 2 cores, XLA:CPU. Together they share models: robustvit sweep all.")
		return err
	})
}

// printSweep prints each experiment's first table and its claims.
func printSweep(w io.Writer, outcomes []sweepOutcome, index string, options viz.TextOptions) error {
	marks := map[string]string{experiment.Held: "✓", experiment.NotHeld: "✗", experiment.Partly: "~", experiment.NotTested: "?"}
	for _, o := range outcomes {
		if table, ok := report.FirstTable(o.Dir); ok {
			table.Title = o.Title + ": " + table.Title
			if err := table.WriteText(w, options); err != nil {
				return err
			}
		}
		for _, c := range o.Claims {
			fmt.Fprintf(w, "%s %s (%s): %s. %s\n", marks[c.Verdict], c.Claim, c.Source, c.Verdict, c.Text)
		}
		fmt.Fprintf(w, "Report: %s\n\n", o.Page)
	}
	_, err := fmt.Fprintf(w, "Index: %s\n", index)
	return err
}

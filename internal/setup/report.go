package setup

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"
	"text/tabwriter"
)

// State of one row of a [Report].
type State string

// The states: in order, absent but not needed for the main job, absent or broken.
const (
	OK       State = "ok"
	Optional State = "optional"
	Fault    State = "missing"
)

// Row is one thing that was looked for.
type Row struct {
	Name  string `json:"name"`
	State State  `json:"state"`
	Found string `json:"found"`          // version, path or what is wrong
	Mend  string `json:"mend,omitempty"` // command that mends it
}

// Report is what [Doctor] found, in the order of the table.
type Report struct {
	Root string `json:"root"`
	Rows []Row  `json:"rows"`
}

// Healthy reports whether nothing that the main job needs is missing.
func (r Report) Healthy() bool {
	for _, row := range r.Rows {
		if row.State == Fault {
			return false
		}
	}
	return true
}

// WriteText writes the report as an aligned table, followed by the commands
// that mend what is missing.
func (r Report) WriteText(w io.Writer) error {
	table := tabwriter.NewWriter(w, 0, 8, 2, ' ', 0)
	for _, row := range r.Rows {
		fmt.Fprintf(table, "%s\t%s\t%s\n", row.Name, row.State, oneLine(row.Found))
	}
	if err := table.Flush(); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	heading := "\nTo mend:\n"
	for _, row := range r.Rows {
		if row.Mend == "" {
			continue
		}
		if _, err := fmt.Fprintf(w, "%s  %s: %s\n", heading, row.Name, oneLine(row.Mend)); err != nil {
			return fmt.Errorf("write the report: %w", err)
		}
		heading = ""
	}
	if heading != "" {
		fmt.Fprintln(w, "\nNothing is missing.")
	}
	return nil
}

// WriteJSON writes the report for machines.
func (r Report) WriteJSON(w io.Writer) error {
	encoder := json.NewEncoder(w)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(r); err != nil {
		return fmt.Errorf("write the report: %w", err)
	}
	return nil
}

// oneLine keeps text that other programs printed from breaking the table.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }

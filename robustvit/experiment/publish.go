package experiment

import (
	"bytes"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"

	"github.com/robustvit/workbench/data"
)

// Publish copies the results and their tables to DIR/NAME.json and
// DIR/NAME.TABLE.csv, small enough for git: without pictures, which stay in the
// experiment's folder.
func (r *Results) Publish(dir string) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("publish the results of %s: %w", r.Name, err)
	}
	small := *r
	small.Sections = nil
	for _, s := range r.Sections {
		s.Galleries = nil
		small.Sections = append(small.Sections, s)
		for _, t := range s.Tables {
			var table bytes.Buffer
			if err := t.WriteCSV(&table); err != nil {
				return err
			}
			if err := data.WriteWhole(filepath.Join(dir, r.Name+"."+t.Name+".csv"), table.Bytes()); err != nil {
				return err
			}
		}
	}
	text, err := small.lines()
	if err != nil {
		return fmt.Errorf("publish the results of %s: %w", r.Name, err)
	}
	return data.WriteWhole(filepath.Join(dir, r.Name+".json"), text)
}

// lines is the results as JSON with a line a point, claim and section, so that
// git shows what changed.
func (r *Results) lines() ([]byte, error) {
	whole, err := json.Marshal(r)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	depth, quoted, escaped := 0, false, false
	for _, c := range whole {
		b.WriteByte(c)
		switch {
		case escaped:
			escaped = false
		case quoted && c == '\\':
			escaped = true
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '{' || c == '[':
			depth++
		case c == '}' || c == ']':
			depth--
		case c == ',' && depth <= 2:
			b.WriteByte('\n')
		}
	}
	b.WriteByte('\n')
	return b.Bytes(), nil
}

package run

import (
	"fmt"
	"io"
	"path/filepath"
	"regexp"
)

var notPlain = regexp.MustCompile(`[^A-Za-z0-9_+-]`)

// RecordsName is the file of one model's per-image records on one set:
// records/SET.MODEL.jsonl. A set is named by its folder: bytes other than
// letters, digits, _, + and - are written as %2E.
func RecordsName(set, model string) string {
	plain := func(name string) string {
		return notPlain.ReplaceAllStringFunc(name, func(found string) string {
			text := ""
			for i := range len(found) {
				text += fmt.Sprintf("%%%02X", found[i])
			}
			return text
		})
	}
	return filepath.Join(recordsDir, plain(set)+"."+plain(model)+".jsonl")
}

// WriteRecords writes the per-image records of one model on one set, a line an
// image in the set's order. The file is complete or absent, so an evaluation
// that was stopped goes on with the sets that have none ([Run.Has]).
func WriteRecords[T any](r *Run, set, model string, records []T) error {
	return r.WriteTo(RecordsName(set, model), func(w io.Writer) error {
		for i, rec := range records {
			text, err := line(rec)
			if err != nil {
				return fmt.Errorf("record %d: %w", i, err)
			}
			if _, err := w.Write(text); err != nil {
				return err
			}
		}
		return nil
	})
}

// KeptRecords reads the records of one model on one set, or has them made and
// writes them: what is there is never made again.
func KeptRecords[T any](r *Run, set, model string, make func() ([]T, error)) ([]T, error) {
	if r.Has(RecordsName(set, model)) {
		return ReadLines[T](r, RecordsName(set, model))
	}
	records, err := make()
	if err != nil {
		return nil, err
	}
	return records, WriteRecords(r, set, model, records)
}

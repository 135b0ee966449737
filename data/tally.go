package data

import (
	"context"
	"fmt"
)

// Tally is what became of the files of a set: Used + Skipped + len(Refused) = Listed.
type Tally struct {
	Listed  int       `json:"listed"`
	Used    int       `json:"used"`
	Skipped int       `json:"skipped"`           // stray files, and images that are no part of the set
	Refused []Problem `json:"refused,omitempty"` // left out by [Usable]
}

// TallyOf is what became of the files of d.
func TallyOf(d Dataset) Tally {
	t := Tally{Used: d.Len(), Skipped: strayOf(d)}
	if r, ok := d.(interface{ Refused() []Problem }); ok {
		t.Refused = r.Refused()
	}
	t.Listed = t.Used + t.Skipped + len(t.Refused)
	return t
}

// Usable is the samples of d that can be read, with the others listed in its
// [Tally]: d itself where all can. The samples keep their order and IDs; none
// takes another's place.
func Usable(ctx context.Context, d Dataset, done func(n, of int)) (Dataset, error) {
	report, err := CheckWith(ctx, d, done)
	if err != nil || len(report.Refused) == 0 {
		return d, err
	}
	if len(report.Indices) == 0 {
		return nil, fmt.Errorf("data set %s: none of its %d samples can be read; the first, %s: %s", d.Name(), d.Len(), report.Refused[0].ID, report.Refused[0].Reason)
	}
	return &subset{Dataset: d, indices: report.Indices, name: d.Name(), stray: strayOf(d), refused: report.Refused}, nil
}

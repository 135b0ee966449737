package masks

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"github.com/robustvit/workbench/data"
)

// Most pictures of the page.
const (
	mostKept     = 40
	mostRejected = 20
)

// finish writes the page's pictures, masks.json and masks.jsonl.
func (w *worker) finish(outcome []Mask) (Report, error) {
	report := Report{Reasons: map[string]int{}, Shown: []Shown{}}
	var lines bytes.Buffer
	encoder := json.NewEncoder(&lines)
	encoder.SetEscapeHTML(false)
	for _, m := range outcome {
		report.count(m)
		if err := encoder.Encode(m); err != nil {
			return report, err
		}
	}
	grids := map[[2]int]bool{}
	for _, l := range w.images {
		grids[[2]int{l.columns, l.rows}] = true
	}
	report.Grids = len(grids)
	if err := w.choose(&report, outcome); err != nil {
		return report, err
	}
	if err := w.folder.WriteJSON(ReportFile, report); err != nil {
		return report, err
	}
	if err := w.folder.WriteFile(ListFile, lines.Bytes()); err != nil {
		return report, err
	}
	if err := data.Finish(w.Dir); err != nil {
		return report, err
	}
	return report, w.folder.Done(map[string]any{"masks": ListFile, "written": report.Written, "rejected": report.Rejected})
}

// choose takes the first kept and the first rejected images of a seeded order.
func (w *worker) choose(report *Report, outcome []Mask) error {
	order := slices.Clone(w.images)
	slices.SortFunc(order, func(a, b listed) int { return cmp.Compare(a.rank, b.rank) })
	kept, rejected := 0, 0
	for _, l := range order[:min(candidates, len(order))] {
		m := outcome[l.index]
		count, most := &kept, mostKept
		if m.Rejected != "" {
			count, most = &rejected, mostRejected
		}
		if *count == most {
			continue
		}
		*count++
		s := shownOf(l, m)
		if err := w.picture(l, s.Picture); err != nil {
			return err
		}
		report.Shown = append(report.Shown, s)
	}
	report.Chosen = fmt.Sprintf("Of %d images drawn with seed %d, the first %d that were kept and the first %d that were rejected.",
		min(candidates, len(order)), w.Settings.Seed, mostKept, mostRejected)
	return nil
}

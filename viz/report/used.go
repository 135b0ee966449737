package report

import (
	"fmt"
	"maps"
	"slices"

	"github.com/robustvit/workbench/viz"
)

// tally is what became of the files of a set: used, skipped and refused ones
// are all that were listed.
type tally struct {
	Listed  int `json:"listed"`
	Used    int `json:"used"`
	Skipped int `json:"skipped"`
	Refused []struct {
		ID     string `json:"id"`
		Reason string `json:"reason"`
	} `json:"refused"`
}

// usedSection says of each set how many of its files were used, and why others
// were not. Nothing of it is shown where every file was used.
func usedSection(_ string, r *Results) (viz.Section, error) {
	section := viz.Section{Title: "Files", Lead: "Used, skipped and refused files are all that were listed. Skipped: files that are no images, or no part of the test; refused: images or masks that cannot be read."}
	counts := viz.Table{Corner: "set", Columns: []viz.Column{{Name: "listed"}, {Name: "used"}, {Name: "skipped"}, {Name: "refused"}}}
	refused := viz.Table{Corner: "refused", Columns: []viz.Column{{Name: "why"}}}
	all := true
	for _, set := range slices.Sorted(maps.Keys(r.Files)) {
		t := r.Files[set]
		all = all && t.Used == t.Listed
		row := viz.TableRow{Name: set}
		for _, n := range []int{t.Listed, t.Used, t.Skipped, len(t.Refused)} {
			row.Cells = append(row.Cells, viz.Number(float64(n), 0))
		}
		counts.Rows = append(counts.Rows, row)
		for _, p := range t.Refused {
			refused.Rows = append(refused.Rows, viz.TableRow{Name: p.ID, Cells: []viz.Cell{viz.Text(private(p.Reason))}})
		}
	}
	if all {
		return section, nil
	}
	section.Fragments = append(section.Fragments, counts)
	if n := len(refused.Rows); n > 0 {
		section.Fragments = append(section.Fragments, viz.Details{Summary: fmt.Sprintf("%d refused", n), Fragments: []viz.Fragment{refused}})
	}
	return section, nil
}

// mapsTest stands for the test of the maps, whose images are those of a set.
const mapsTest = "segmentation"

// listed says in words of how many files the used ones are.
func listed(files map[string]tally) string {
	used, skipped, refused := 0, 0, 0
	for set, t := range files {
		if set != mapsTest || len(files) == 1 {
			used, skipped, refused = used+t.Used, skipped+t.Skipped, refused+len(t.Refused)
		}
	}
	if len(files) == 0 {
		return ""
	}
	return fmt.Sprintf("; %d files listed, %d used, %d skipped, %d refused", used+skipped+refused, used, skipped, refused)
}

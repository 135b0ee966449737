package gallery

import (
	"fmt"
	"slices"
	"testing"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

// TestDrawFollowsSeedOnly: the draw does not depend on the order of the
// candidates, grows by adding, and is not moved by pictures that leave.
func TestDrawFollowsSeedOnly(t *testing.T) {
	var records []evaluate.Record
	var all []int
	for i := range 50 {
		records, all = append(records, evaluate.Record{ID: fmt.Sprintf("val/heart/%06d", i)}), append(all, i)
	}
	chosen := Draw(all, records, 5, "0/val")
	backwards := slices.Clone(all)
	slices.Reverse(backwards)
	if again := Draw(backwards, records, 5, "0/val"); !slices.Equal(chosen, again) {
		t.Errorf("drawn %v, from the reversed list %v", chosen, again)
	}
	if more := Draw(all, records, 8, "0/val"); !slices.Equal(chosen, more[:5]) {
		t.Errorf("drawn %v, of 8 the first are %v", chosen, more)
	}
	without := slices.DeleteFunc(slices.Clone(all), func(i int) bool { return !slices.Contains(chosen, i) && i%2 == 0 })
	if less := Draw(without, records, 5, "0/val"); !slices.Equal(chosen, less) {
		t.Errorf("drawn %v, after others left %v", chosen, less)
	}
	if other := Draw(all, records, 5, "1/val"); slices.Equal(chosen, other) {
		t.Errorf("seed 1 drew the same %v", other)
	}
	if few := Draw(all[:3], records, 5, "0/val"); len(few) != 3 {
		t.Errorf("of 3 candidates %d were drawn", len(few))
	}
}

// TestKindsSortByBothModels: of right-right, wrong-right, right-wrong and
// wrong-wrong the first three have a kind.
func TestKindsSortByBothModels(t *testing.T) {
	said := func(class int) evaluate.Record { return evaluate.Record{Class: 1, Top: []int{class}} }
	kinds := Kinds([]evaluate.Record{said(1), said(0), said(1), said(0)}, []evaluate.Record{said(1), said(1), said(0), said(0)})
	for i, kind := range []string{Same, Corrected, Broken} {
		if !slices.Equal(kinds[kind], []int{i}) {
			t.Errorf("%s: %v, want %d", kind, kinds[kind], i)
		}
	}
	if len(kinds) != 3 {
		t.Errorf("kinds %v", kinds)
	}
}

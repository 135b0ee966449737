package tokencut_test

import (
	"slices"
	"strings"
	"testing"

	"github.com/robustvit/workbench/data/tokencut"
)

// drawn reads rows of # and . as a mask.
func drawn(rows ...string) (mask []bool, w, h int) {
	for _, c := range strings.Join(rows, "") {
		mask = append(mask, c == '#')
	}
	return mask, len(rows[0]), len(rows)
}

func TestParts(t *testing.T) {
	mask, w, h := drawn(
		"##..#",
		"##.##",
		"..#..", // touches by corners alone
		".....",
	)
	for name, c := range map[string]struct{ got, want []bool }{
		"largest":             {tokencut.LargestPart(mask, w, h), first(drawn("##...", "##...", ".....", "....."))},
		"at the right":        {tokencut.PartAt(mask, w, h, 9), first(drawn("....#", "...##", ".....", "....."))},
		"corner is no bridge": {tokencut.PartAt(mask, w, h, 12), first(drawn(".....", ".....", "..#..", "....."))},
		"background":          {tokencut.PartAt(mask, w, h, 2), make([]bool, w*h)},
	} {
		if !slices.Equal(c.got, c.want) {
			t.Errorf("%s: %v", name, c.got)
		}
	}
	ring, w, h := drawn("####", "#..#", "##.#", "####")
	if filled := tokencut.FillHoles(ring, w, h); slices.Contains(filled, false) {
		t.Errorf("the hole is not filled: %v", filled)
	}
	open, w, h := drawn("####", "#..#", "##.#", "##.#")
	if filled := tokencut.FillHoles(open, w, h); !slices.Equal(filled, open) {
		t.Errorf("a bay that is open to the border was filled: %v", filled)
	}
	for sides, rows := range [][]string{{"...", ".#.", "..."}, {"...", "##.", "..."}, {"...", "###", "..."}, {".#.", "###", "..."}, {".#.", "###", ".#."}} {
		if mask, w, h := drawn(rows...); tokencut.Sides(mask, w, h) != sides {
			t.Errorf("%v touches %d sides, want %d", rows, tokencut.Sides(mask, w, h), sides)
		}
	}
	if none := make([]bool, 6); slices.Contains(tokencut.LargestPart(none, 3, 2), true) || tokencut.IoU(none, none) != 1 {
		t.Error("an empty mask")
	}
}

func first(mask []bool, _, _ int) []bool { return mask }

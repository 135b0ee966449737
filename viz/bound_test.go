package viz_test

import (
	"bytes"
	"fmt"
	"image/color"
	"math"
	"regexp"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rivo/uniseg"
	"pgregory.net/rapid"

	"github.com/robustvit/workbench/viz"
)

// repeated is a list of n items, few of them different.
func repeated(n int) []viz.GalleryItem {
	var few, items []viz.GalleryItem
	for i := range uint64(5) {
		few = append(few, item(i, true))
	}
	for i := range n {
		items = append(items, few[i%len(few)])
	}
	return items
}

// TestReportIsBounded: galleries of one report share its limit.
func TestReportIsBounded(t *testing.T) {
	g := viz.Gallery{Items: repeated(60)}
	var b bytes.Buffer
	r := viz.Report{MaxBytes: 400_000, Sections: []viz.Section{{Fragments: []viz.Fragment{g, g, g}}}}
	if err := viz.WriteReport(&b, r); err != nil {
		t.Fatal(err)
	}
	if b.Len() > 420_000 {
		t.Errorf("page of %d bytes, expected about 400,000", b.Len())
	}
	if !strings.Contains(b.String(), "Shown: 0 of 60.") {
		t.Error("the gallery that found no room does not say so")
	}
}

func TestProgressIsBounded(t *testing.T) {
	p, mask := scene(1, 64)
	state := viz.Progress{Title: "finetune", Done: 500_000, Total: 1_000_000, Elapsed: 90 * time.Second}
	for i := range 40 {
		state.Strip = append(state.Strip, viz.StripItem{Name: strconv.Itoa(i), Picture: p, Relevance: mask})
	}
	history := make([]float64, 500_000)
	for i := range history {
		history[i] = math.Sin(float64(i))
	}
	state.Terms = []viz.Term{{Name: "loss", History: history}}
	page, err := viz.ProgressHTML(state)
	if err != nil {
		t.Fatal(err)
	}
	if len(page) > 400_000 {
		t.Errorf("live view of %d bytes", len(page))
	}
	for _, want := range []string{"step 500000 of 1000000 · 50 %", "1:30 elapsed", "1:30 left", "width:50%"} {
		if !strings.Contains(page, want) {
			t.Errorf("live view lacks %q", want)
		}
	}
}

// TestTextWidth: in a terminal no line is longer than asked, as long as the
// widest column fits at all, and every line of a block is aligned.
func TestTextWidth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.StringMatching(`[a-zß名 ]{0,12}`)
		table := viz.Table{Corner: name.Draw(t, "corner")}
		columns := rapid.IntRange(1, 9).Draw(t, "columns")
		for range columns {
			table.Columns = append(table.Columns, viz.Column{Name: name.Draw(t, "column"), Group: rapid.SampledFrom([]string{"", "a", "group b"}).Draw(t, "group")})
		}
		for range rapid.IntRange(0, 4).Draw(t, "rows") {
			row := viz.TableRow{Name: name.Draw(t, "row"), Rule: rapid.Bool().Draw(t, "rule")}
			for range columns {
				row.Cells = append(row.Cells, viz.Change(rapid.Float64Range(-1000, 1000).Draw(t, "value"), 1).PlusMinus(3))
			}
			table.Rows = append(table.Rows, row)
		}
		width := rapid.IntRange(50, 120).Draw(t, "width")
		var b bytes.Buffer
		if err := table.WriteText(&b, viz.TextOptions{Width: width}); err != nil {
			t.Fatal(err)
		}
		for _, line := range strings.Split(b.String(), "\n") {
			if w := uniseg.StringWidth(line); w > width {
				t.Fatalf("line of %d columns, expected at most %d:\n%s", w, width, b.String())
			}
		}
	})
}

// TestPaletteReads: every colour of a series and every inline text colour has the
// contrast it needs on a white and on a dark ground.
func TestPaletteReads(t *testing.T) {
	var names []string
	var series []viz.Group
	for c := viz.Blue; c <= viz.Grey; c++ {
		series = append(series, viz.Group{Name: "s", Color: c, Values: []viz.Estimate{viz.Around(1, .5)}})
	}
	names = append(names, "n")
	page := string(pageBody(t, viz.Deltas{Names: names, Series: series}))
	found := map[string]float64{}
	for _, m := range regexp.MustCompile(`(?:fill|stroke)="(#[0-9a-f]{6})"`).FindAllStringSubmatch(page, -1) {
		found[m[1]] = 3
	}
	if len(found) != 7 {
		t.Fatalf("%d colours in the plot, expected 7", len(found))
	}
	for _, trend := range []viz.Trend{viz.Rose, viz.Fell, viz.Unchanged} {
		found[trend.Color()] = 3.6
	}
	for code, want := range found {
		var c color.RGBA
		if _, err := fmt.Sscanf(code, "#%02x%02x%02x", &c.R, &c.G, &c.B); err != nil {
			t.Fatal(err)
		}
		l := luminance(c)
		white, dark := 1.05/(l+0.05), (l+0.05)/(luminance(color.RGBA{0x14, 0x17, 0x1b, 255})+0.05)
		if white < want || dark < want {
			t.Errorf("%s has contrast %.2f on white and %.2f on dark, expected %.1f", code, white, dark, want)
		}
	}
}

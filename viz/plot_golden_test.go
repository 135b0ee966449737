package viz_test

import (
	"bytes"
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/robustvit/workbench/viz"
)

// paperTable has every part that a cell beside the paper's numbers can have.
func paperTable() viz.Table {
	return viz.Table{
		Title: "R@1, %", Corner: "set", Columns: []viz.Column{{Name: "original", Group: "ViT"}, {Name: "change", Group: "ViT"}, {Name: "seeds"}, {Name: "run"}},
		Rows: []viz.TableRow{
			{Name: "A", Cells: []viz.Cell{viz.Number(6.4, 1).Between(5, 7.9).Paper(16), viz.Change(7.4, 1).PlusMinus(2.5).PaperChange(8.1), viz.Number(12.34, 1).WithStd(0.56).Paper(24.07), viz.Text("a").To("../points/a 1/report.html")}},
			{Name: "B", Cells: []viz.Cell{{}, viz.Cell{}.PaperChange(-0.8), viz.Number(11, 1).WithStd(math.NaN()), {}}},
			{Name: "C", Cells: []viz.Cell{viz.Number(1, 1), viz.Change(0.4, 1).PlusMinus(1)}},
		},
	}
}

func TestPaperCellsGolden(t *testing.T) {
	table := paperTable()
	for name, write := range map[string]func(*bytes.Buffer) error{
		"paper.txt":        func(b *bytes.Buffer) error { return table.WriteText(b, viz.TextOptions{}) },
		"paper_narrow.txt": func(b *bytes.Buffer) error { return table.WriteText(b, viz.TextOptions{Width: 50}) },
		"paper.csv":        func(b *bytes.Buffer) error { return table.WriteCSV(b) },
		"paper.md":         func(b *bytes.Buffer) error { return table.WriteMarkdown(b) },
		"paper_short.md":   func(b *bytes.Buffer) error { return table.WithoutIntervals().WriteMarkdown(b) },
		"paper.html":       func(b *bytes.Buffer) error { return viz.WriteFragment(b, table) },
	} {
		var b bytes.Buffer
		if err := write(&b); err != nil {
			t.Errorf("%s: %v", name, err)
			continue
		}
		golden(t, name, b.Bytes())
	}
}

// classChanges makes n classes whose change runs from gain to loss.
func classChanges(n int) (names []string, values []viz.Estimate) {
	for i := range n {
		v := math.Round(10*(math.Cos(math.Pi*float64(i)/float64(max(n-1, 1)))*12-1)) / 10
		names, values = append(names, fmt.Sprintf("class%d", i*7%n)), append(values, viz.Around(v, 3))
	}
	return names, values
}

func reliability() viz.Reliability {
	return viz.Reliability{Title: "Reliability", Caption: "Ten bins.", Models: []viz.Calibration{
		{Name: "Original", Color: viz.Grey, Confidence: []float64{.15, .35, .55, .75, .95}, Accuracy: []float64{.1, .25, .4, .6, .9}, Weights: []float64{20, 40, 60, 120, 260}},
		{Name: "Ours", Color: viz.Green, Confidence: []float64{.15, .35, nan, .75, .95}, Accuracy: []float64{.2, .3, nan, .7, .93}, Weights: []float64{10, 10, 0, 40, 440}},
	}}
}

func scatter() viz.Scatter {
	return viz.Scatter{Title: "Shift over val", X: viz.Axis{Label: "val, %"}, Y: viz.Axis{Label: "shift, %"}, Diagonal: true, Clouds: []viz.Cloud{
		{Name: "ours", X: []float64{80, 84, 88}, Y: []float64{30, 38, 46}, Low: []float64{28, 36, 44}, High: []float64{32, 40, 48}, Labels: []string{"ViT-S", "ViT-B", "ViT-L"}, Fit: true},
		{Name: "paper", X: []float64{81, nan}, Y: []float64{31, 4}, Labels: []string{"ViT-S", "none"}, Hollow: true, Color: viz.Grey},
		{Name: "trend", X: []float64{80, 88}, Y: []float64{29, 45}, Line: true},
	}}
}

func TestNewPlotsGolden(t *testing.T) {
	few, fewValues := classChanges(6)
	many, manyValues := classChanges(50)
	steps := viz.Curves{Title: "Accuracy by samples", X: viz.Axis{Label: "samples a class", Names: []string{"1", "3", "all"}}, Marks: true, Series: []viz.Series{
		{Name: "ours", Y: []float64{40, 44, 45}, Low: []float64{38, 42, 43}, High: []float64{42, 46, 47}},
		{Name: "ours, paper", Y: []float64{41, 47, 48}, Dashed: true, Color: viz.Blue},
	}}
	bars := viz.Bars{Title: "Top-1", Names: []string{"val"}, Series: []viz.Group{{Name: "ours", Values: []viz.Estimate{{Value: 80}}}, {Name: "paper", Paper: true, Values: []viz.Estimate{{Value: 70}}}}}
	for name, f := range map[string]viz.Fragment{
		"scatter.html": scatter(), "reliability.html": reliability(), "curves_paper.html": steps, "bars_paper.html": bars,
		"sorted.html":      viz.SortedChanges{Title: "Classes", X: "points", Names: few, Values: fewValues},
		"sorted_many.html": viz.SortedChanges{Title: "Classes", X: "points", Names: many, Values: manyValues, Most: 4},
		"claims.html":      viz.Claims{{Text: "Robustness rises.", Source: "Table 1", Standing: viz.Held, Evidence: "+6 points."}, {Text: "Val falls."}},
	} {
		golden(t, name, pageBody(t, f))
	}
}

// TestFitIsLeastSquares: points on a line give that line and r = 1, whatever the axis.
func TestFitIsLeastSquares(t *testing.T) {
	line := viz.Scatter{Clouds: []viz.Cloud{{Name: "c", X: []float64{1, 2, 5}, Y: []float64{3, 5, 11}, Fit: true}}}
	falling := viz.Scatter{X: viz.Axis{Log: true}, Y: viz.Axis{Log: true}, Clouds: []viz.Cloud{{Name: "c", X: []float64{1, 10, 100, -1}, Y: []float64{100, 10, 1, 7}, Fit: true}}}
	loose := viz.Scatter{Clouds: []viz.Cloud{{Name: "c", X: []float64{1, 2, 3, 4}, Y: []float64{2, 1, 4, 3}, Fit: true}}} // r = 3/5
	for want, p := range map[string]viz.Scatter{"c r = 1.00": line, "c r = −1.00": falling, "c r = 0.60": loose} {
		if page := string(pageBody(t, p)); !strings.Contains(page, want) {
			t.Errorf("the plot does not say %q", want)
		}
	}
	two := viz.Scatter{Clouds: []viz.Cloud{{Name: "c", X: []float64{1, 2}, Y: []float64{1, 2}, Fit: true}}}
	if strings.Contains(string(pageBody(t, two)), "r =") {
		t.Error("a line through two points is called a fit")
	}
}

func TestCalibrationError(t *testing.T) {
	c := viz.Calibration{Confidence: []float64{.2, .8, nan}, Accuracy: []float64{.1, .5, nan}, Weights: []float64{1, 3, 0}}
	if got := c.Error(); math.Abs(got-0.25) > 1e-12 { // (1 * 0.1 + 3 * 0.3) / 4
		t.Errorf("calibration error %g, expected 0.25", got)
	}
	if got := (viz.Calibration{Confidence: []float64{.2}, Accuracy: []float64{.1}}).Error(); got == got {
		t.Errorf("calibration error %g without weights, expected none", got)
	}
}

// TestSortedChangesCount: what is said of all classes is counted over all, and
// of a thousand only the named are drawn as elements.
func TestSortedChangesCount(t *testing.T) {
	names, values := classChanges(1000)
	values[3], values[4].Value = viz.Estimate{Value: nan}, 0
	page := string(pageBody(t, viz.SortedChanges{Names: names, Values: values}))
	rose, fell := 0, 0
	for i, v := range values {
		if i != 3 && v.Value > 0 {
			rose++
		} else if v.Value < 0 {
			fell++
		}
	}
	if want := fmt.Sprintf("%d of 999 rose, %d fell, %d unchanged; mean −1.", rose, fell, 999-rose-fell); !strings.Contains(page, want) || !strings.Contains(page, "1 not measured") {
		t.Errorf("the plot does not say %q", want)
	}
	if n := strings.Count(page, "<rect"); n != 30+2 {
		t.Errorf("%d rectangles, expected 30 classes and two shades", n)
	}
	if !strings.Contains(page, names[0]+": &#43;11.0") || !strings.Contains(page, names[999]+": −13.0") {
		t.Error("the largest gain or loss is not named")
	}
}

// TestLinksStayBeside: whatever the path, the address has no scheme and no host.
func TestLinksStayBeside(t *testing.T) {
	for path, want := range map[string]string{
		"../points/a/report.html": "./../points/a/report.html", "javascript:alert(1)": "./javascript:alert%281%29", "a b/ä#?.html": "./a%20b/%C3%A4%23%3F.html", `"><b>`: "./%22%3E%3Cb%3E",
		`\\host\x`: "./%5C%5Chost%5Cx", "a\nb": "./a%0Ab", "a\u202eb\xff": "./a%E2%80%AEb%FF",
	} {
		page, err := viz.HTML(viz.Links{{Text: "x", Path: path}})
		if err != nil || !strings.Contains(page, `href="`+want+`"`) {
			t.Errorf("%q: %v, expected %q in %s", path, err, want, page)
		}
	}
	for _, path := range []string{"", "/etc", "//host"} {
		if _, err := viz.HTML(viz.Links{{Path: path}}); err == nil {
			t.Errorf("a link to %q is drawn", path)
		}
	}
}

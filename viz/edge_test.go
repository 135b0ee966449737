package viz_test

import (
	"bytes"
	"errors"
	"math"
	"regexp"
	"strings"
	"testing"

	"github.com/robustvit/workbench/viz"
)

var nan, inf = math.NaN(), math.Inf(1)

// TestOddNumbers draws what a broken or a young run holds: nothing, one point,
// NaN, infinities, huge and equal values. Each plot must be well-formed and no
// coordinate may be other than a plain number.
func TestOddNumbers(t *testing.T) {
	lists := map[string][]float64{
		"empty": {}, "one": {3}, "NaN": {nan}, "all NaN": {nan, nan, nan}, "gap": {1, nan, 2, 3}, "infinite": {1, inf, -inf, 2},
		"equal": {5, 5, 5}, "zero": {0, 0}, "negative": {-1, -2}, "huge": {1e300, -1e300, math.MaxFloat64}, "tiny": {1e-300, 2e-300},
		"near": {1, 1 + 1e-15}, "large and near": {1e17, 1e17 + 16}, "wide": {1e-9, 1e9},
	}
	for name, y := range lists {
		for _, log := range []bool{false, true} {
			group := viz.Group{Name: "g"}
			var names []string
			for _, v := range y {
				group.Values, names = append(group.Values, viz.Estimate{Value: v, Low: v - 1, High: v + 1}), append(names, "n")
			}
			table := viz.Table{Columns: []viz.Column{{Name: "c"}}, Best: viz.BestOfColumn}
			for _, v := range y {
				table.Rows = append(table.Rows, viz.TableRow{Name: "r", Cells: []viz.Cell{viz.Change(v, 1).PlusMinus(v)}})
			}
			for _, f := range []viz.Fragment{
				viz.Curves{X: viz.Axis{Log: log}, Y: viz.Axis{Log: log}, Series: []viz.Series{{Name: "s", Y: y, Low: y, High: y}, {Name: "x", X: y, Y: y}, {}}},
				viz.Bars{Names: names, Series: []viz.Group{group}, Reference: &viz.Reference{Value: nan}},
				viz.Deltas{Names: names, Series: []viz.Group{group}},
				viz.Curves{X: viz.Axis{Names: names}, Marks: true, Series: []viz.Series{{Name: "s", Y: y, Low: y, High: y, Dashed: true}}},
				viz.Bars{Names: names, Series: []viz.Group{{Values: group.Values, Paper: true}}},
				viz.Scatter{X: viz.Axis{Log: log}, Y: viz.Axis{Log: log}, Diagonal: log, Clouds: []viz.Cloud{{Name: "c", X: y, Y: y, Low: y, High: y, Labels: names, Fit: true}, {}}},
				viz.Reliability{Models: []viz.Calibration{{Name: "m", Confidence: y, Accuracy: y, Weights: y}, {}}},
				viz.SortedChanges{Names: names, Values: group.Values}, viz.SortedChanges{Names: names, Values: group.Values, Most: 1},
				viz.Progress{Done: 5, Total: 3, Terms: []viz.Term{{Name: "t", History: y}}}, table,
			} {
				page := string(pageBody(t, f))
				checkCoordinates(t, name, page)
				cell, err := viz.HTML(f)
				if err != nil {
					t.Fatalf("%s: %v", name, err)
				}
				skeleton(t, cell) // parses the drawings as XML
			}
		}
	}
}

var coordinates = regexp.MustCompile(` (?:x|y|x1|x2|y1|y2|width|height|d|points)="([^"]*)"`)

func checkCoordinates(t *testing.T, name, page string) {
	t.Helper()
	for _, m := range coordinates.FindAllStringSubmatch(page, -1) {
		if strings.ContainsAny(m[1], "NIne+") {
			t.Fatalf("%s: coordinate %q", name, m[0])
		}
	}
}

func TestEmptyFragments(t *testing.T) {
	p, _ := scene(1, 8)
	for _, f := range []viz.Fragment{
		viz.Prose{}, viz.Verdicts{}, viz.Callout{}, viz.KeyValues{}, viz.Stats{}, viz.Table{}, viz.Curves{}, viz.Bars{}, viz.Deltas{},
		viz.Gallery{}, viz.Predictions{}, viz.ColorBar{}, viz.Progress{}, viz.Details{}, viz.Row{}, viz.Row{nil}, viz.LayerStrip{Picture: p},
		viz.Scatter{}, viz.Reliability{}, viz.SortedChanges{}, viz.PictureTable{}, viz.PictureTable{Columns: []string{"a"}, Rows: []viz.PictureRow{{}, {Cells: make([]viz.PictureCell, 1)}}},
		viz.Claims{}, viz.Claims{{Standing: 99}}, viz.Links{}, viz.Reliability{Models: make([]viz.Calibration, 7)},
		viz.Verdicts{{viz.Trend(99), "x"}}, viz.Callout{Tone: -1},
		viz.Predictions{Top: []viz.Prediction{{"a", nan}, {"b", 7}, {"c", -inf}}},
	} {
		if _, err := viz.HTML(f); err != nil {
			t.Errorf("%T: %v", f, err)
		}
	}
	if html, err := viz.HTML(nil); html != "" || err != nil {
		t.Errorf("nil: %q, %v", html, err)
	}
	var b bytes.Buffer
	if err := viz.WriteReport(&b, viz.Report{Sections: []viz.Section{{Fragments: []viz.Fragment{nil}}}}); err != nil {
		t.Error(err)
	}
	if err := (viz.Table{}).WriteText(&b, viz.TextOptions{Width: 1}); err != nil {
		t.Error(err)
	}
}

// TestErrorsNameTheirPlace: a wrong value says where it stands and what fits.
func TestErrorsNameTheirPlace(t *testing.T) {
	p, mask := scene(1, 8)
	short := viz.Map{Width: 8, Height: 8, Pix: make([]float32, 5)}
	for want, f := range map[string]viz.Fragment{
		`gallery "G", picture 1 "val/3": view "after": heatmap: relevance map of 8 x 8 has 5 values, expected 64`: viz.Gallery{Title: "G", Items: []viz.GalleryItem{{ID: "val/3", Picture: p, Mask: &mask, Views: []viz.View{{Name: "after", Relevance: &short}}}}},
		`bars "B": series "s" has 1 values, expected 2`:                                                           viz.Bars{Title: "B", Names: []string{"a", "b"}, Series: []viz.Group{{Name: "s", Values: make([]viz.Estimate, 1)}}},
		`changes "D": series "s" has 0 values, expected 1`:                                                        viz.Deltas{Title: "D", Names: []string{"a"}, Series: []viz.Group{{Name: "s"}}},
		`curves "C": series "s" has 1 x and 2 y values`:                                                           viz.Curves{Title: "C", Series: []viz.Series{{Name: "s", X: []float64{1}, Y: []float64{1, 2}}}},
		`table "T": row "r" has 2 cells, expected at most 1`:                                                      viz.Table{Title: "T", Columns: []viz.Column{{}}, Rows: []viz.TableRow{{Name: "r", Cells: make([]viz.Cell, 2)}}},
		`layer strip "L", row "before", map 1`:                                                                    viz.LayerStrip{Title: "L", Picture: p, Rows: []viz.StripRow{{Name: "before", Maps: []viz.Map{short}}}},
		`figure "F" has no picture`:                                                                               viz.Figure{Caption: "F"},
		`progress, heatmap 1: heatmap: picture of 0 x 0 has 0`:                                                    viz.Progress{Strip: []viz.StripItem{{}}},
		`scatter "S": series "s" has 1 x and 2 y values`:                                                          viz.Scatter{Title: "S", Clouds: []viz.Cloud{{Name: "s", X: []float64{1}, Y: []float64{1, 2}}}},
		`scatter "S": series "s" has 1 points and 2 of labels`:                                                    viz.Scatter{Title: "S", Clouds: []viz.Cloud{{Name: "s", X: []float64{1}, Y: []float64{1}, Labels: []string{"a", "b"}}}},
		`reliability "R": "m" has 1 confidences, 1 accuracies and 2 weights`:                                      viz.Reliability{Title: "R", Models: []viz.Calibration{{Name: "m", Confidence: []float64{1}, Accuracy: []float64{1}, Weights: []float64{1, 2}}}},
		`sorted changes "C": 1 values, expected 2`:                                                                viz.SortedChanges{Title: "C", Names: []string{"a", "b"}, Values: make([]viz.Estimate, 1)},
		`pictures "P", row 1 "r": column "c": heatmap: relevance map of 8 x 8 has 5 values`:                       viz.PictureTable{Title: "P", Columns: []string{"c"}, Rows: []viz.PictureRow{{Label: "r", Cells: []viz.PictureCell{{Picture: p, Relevance: &short}}}}},
		`pictures "P", row 1 "r": 2 pictures, expected at most 1`:                                                 viz.PictureTable{Title: "P", Columns: []string{"c"}, Rows: []viz.PictureRow{{Label: "r", Cells: make([]viz.PictureCell, 2)}}},
		`link "L": path "//host/x", expected one relative`:                                                        viz.Links{{Text: "L", Path: "//host/x"}},
		`table "T": row "r": link of "x": path "/etc"`:                                                            viz.Table{Title: "T", Columns: []viz.Column{{}}, Rows: []viz.TableRow{{Name: "r", Cells: []viz.Cell{viz.Text("x").To("/etc")}}}},
		`column 2 (viz.Figure): figure "" has no picture`:                                                         viz.Row{nil, viz.Figure{}},
		`fragment 1 (viz.Details): fragment 1 (viz.Figure): figu`:                                                 viz.Details{Fragments: []viz.Fragment{viz.Details{Fragments: []viz.Fragment{viz.Figure{}}}}},
	} {
		_, err := viz.HTML(f)
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error is %v, expected %q in it", err, want)
		}
		var b bytes.Buffer
		err = viz.WriteReport(&b, viz.Report{Title: "R", Sections: []viz.Section{{Title: "S", Fragments: []viz.Fragment{f}}}})
		if err == nil || !strings.Contains(err.Error(), `viz: report "R": section "S": fragment 1`) {
			t.Errorf("error is %v, expected the section in it", err)
		}
		if b.Len() > 0 {
			t.Errorf("%d bytes of a page that failed were written", b.Len())
		}
	}
}

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errDisk }

var errDisk = errors.New("no space left on device")

func TestWriterErrors(t *testing.T) {
	table := smallTable()
	for name, err := range map[string]error{
		"report": viz.WriteReport(fullDisk{}, viz.Report{}), "fragment": viz.WriteFragment(fullDisk{}, table),
		"text": table.WriteText(fullDisk{}, viz.TextOptions{}), "csv": table.WriteCSV(fullDisk{}), "markdown": table.WriteMarkdown(fullDisk{}),
	} {
		if !errors.Is(err, errDisk) {
			t.Errorf("%s: error is %v, expected the writer's", name, err)
		}
	}
}

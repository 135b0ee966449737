package report

import (
	"fmt"
	"math"
	"slices"
	"strings"

	"github.com/robustvit/workbench/viz"
)

const (
	benchFile = "bench.json"
	kindBench = "bench"
)

// benchResults is bench.json: what was measured, and on what.
type benchResults struct {
	Date    string            `json:"date"`
	Cores   int               `json:"cores"`
	CPU     string            `json:"cpu"`
	Backend string            `json:"backend"`
	Plugin  string            `json:"plugin_version"`
	Ours    map[string]string `json:"ours"`
	Peer    map[string]string `json:"peer"`
	Rounds  int               `json:"rounds"`
	Results []benchResult     `json:"results"`
	Growth  []benchGrowth     `json:"growth"`
}

type benchResult struct {
	Case        string  `json:"case"`
	Model       string  `json:"model"`
	Kind        string  `json:"kind"`
	OursMS      float64 `json:"ours_ms"`
	Peer        string  `json:"peer"`
	PeerMS      float64 `json:"peer_ms"`
	Ratio       float64 `json:"ratio"`
	Low         float64 `json:"ratio_low"`
	High        float64 `json:"ratio_high"`
	PeakMiB     float64 `json:"peak_mib"`
	PeerPeakMiB float64 `json:"peer_peak_mib"`
	Error       string  `json:"error"`
}

// Bench is the page of what was measured.
func Bench(dir string) (viz.Report, error) {
	var r benchResults
	if err := readJSON(dir, benchFile, &r); err != nil {
		return viz.Report{}, fmt.Errorf("report: %w", err)
	}
	page := viz.Report{Title: "What it costs", Subtitle: r.subtitle(), Provenance: r.provenance()}
	if len(r.Results) > 0 {
		page.Sections = append(page.Sections, viz.Section{Title: "Time and memory", Lead: r.reading(), Fragments: []viz.Fragment{r.plot(), r.table(), r.faults()}})
	}
	if len(r.Growth) > 0 {
		page.Sections = append(page.Sections, viz.Section{Title: "Growth", Lead: "One step first-order of the demonstration model, with one size changed at a time.", Fragments: r.growth()})
	}
	return page, nil
}

// BenchTable is the table of what was measured in dir.
func BenchTable(dir string) (viz.Table, error) {
	var r benchResults
	if err := readJSON(dir, benchFile, &r); err != nil {
		return viz.Table{}, fmt.Errorf("report: %w", err)
	}
	return r.table(), nil
}

// benchCard is that of a bench: the ratios, or the times where there is no peer.
func benchCard(dir string, card *viz.RunCard) error {
	var r benchResults
	if err := readJSON(dir, benchFile, &r); err != nil {
		return err
	}
	card.Facts = append(card.Facts, r.subtitle())
	if plot := r.plot(); plot != nil {
		card.Fragments = append(card.Fragments, plot)
	} else {
		card.Fragments = append(card.Fragments, r.table())
	}
	return nil
}

func (r benchResults) subtitle() string {
	text := fmt.Sprintf("%s on %s, %s", r.Backend, plural(r.Cores, "core"), firstOf(r.CPU, "an unnamed processor"))
	if torch := r.Peer["torch"]; torch != "" {
		text += ", beside PyTorch " + torch
	}
	return text + "."
}

func (r benchResults) reading() string {
	text := fmt.Sprintf("Milliseconds are for one image, the median of %s.", plural(r.Rounds, "round"))
	if r.Peer != nil {
		text += " In each round both sides computed in turn; the ratio is the median of the rounds' ratios, and below 1 ours is faster. The marks on a bar are its least and its largest round."
	}
	return text + " Memory is the peak of a process that did this alone."
}

// plot is the ratios, a group of bars for each case; nil without a peer.
func (r benchResults) plot() viz.Fragment {
	bars := viz.Bars{Title: "Ratio to PyTorch", Y: "time, ours / PyTorch", Width: 900, Height: 340, Reference: &viz.Reference{Value: 1, Label: "as fast"}}
	var models []string
	at := map[[2]string]viz.Estimate{}
	for _, one := range r.Results {
		if one.Ratio == 0 {
			continue
		}
		name := one.Kind + ", " + one.Peer
		if !slices.Contains(bars.Names, name) {
			bars.Names = append(bars.Names, name)
		}
		if !slices.Contains(models, one.Model) {
			models = append(models, one.Model)
		}
		at[[2]string{one.Model, name}] = viz.Estimate{Value: one.Ratio, Low: one.Low, High: one.High}
	}
	for _, model := range models {
		g := viz.Group{Name: model}
		for _, name := range bars.Names {
			e, ok := at[[2]string{model, name}]
			if !ok {
				e = viz.Estimate{Value: math.NaN()}
			}
			g.Values = append(g.Values, e)
		}
		bars.Series = append(bars.Series, g)
	}
	if len(models) == 0 {
		return nil
	}
	return bars
}

func (r benchResults) table() viz.Table {
	t := viz.Table{Corner: "case", Columns: []viz.Column{{Name: "ours", Group: "ms an image"}}}
	beside := r.Peer != nil
	if beside {
		t.Columns = append(t.Columns, viz.Column{Name: "peer", Group: "ms an image"}, viz.Column{Name: "peer is"}, viz.Column{Name: "ratio"})
	}
	if t.Columns = append(t.Columns, viz.Column{Name: "ours", Group: "peak MiB"}); beside {
		t.Columns = append(t.Columns, viz.Column{Name: "peer", Group: "peak MiB"})
	}
	model := ""
	for _, one := range r.Results {
		row := viz.TableRow{Name: one.Case, Rule: model != "" && model != one.Model}
		model = one.Model
		row.Cells = append(row.Cells, measuredCell(one.OursMS))
		if beside {
			row.Cells = append(row.Cells, measuredCell(one.PeerMS), viz.Text(one.Peer), one.ratio())
		}
		if row.Cells = append(row.Cells, measuredCell(one.PeakMiB)); beside {
			row.Cells = append(row.Cells, measuredCell(one.PeerPeakMiB))
		}
		t.Rows = append(t.Rows, row)
	}
	t.Note = fmt.Sprintf("%s, %s, backend %s. Median of %s.", r.Date, plural(r.Cores, "core"), r.Backend, plural(r.Rounds, "round"))
	if beside {
		t.Note += " In brackets the least and the largest ratio of a round; below 1 ours is faster."
	}
	return t
}

func (one benchResult) ratio() viz.Cell {
	if one.Ratio == 0 {
		return viz.Cell{}
	}
	return viz.Number(one.Ratio, 2).Between(one.Low, one.High)
}

// measuredCell has three digits that count; 0 was not measured.
func measuredCell(v float64) viz.Cell {
	if v == 0 {
		return viz.Cell{}
	}
	return viz.Number(v, max(2-int(math.Floor(math.Log10(v))), 0))
}

// faults names what could not be measured; nil where nothing is missing.
func (r benchResults) faults() viz.Fragment {
	call := viz.Callout{Tone: viz.Warning, Title: "Not measured"}
	for _, one := range r.Results {
		if one.Error != "" {
			call.Text = append(call.Text, one.Case+": "+private(strings.TrimPrefix(one.Error, "bench: ")))
		}
	}
	if len(call.Text) == 0 {
		return nil
	}
	return call
}

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
	Load    float64           `json:"load"`
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
	Compiles    bool    `json:"compiles"`
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
		page.Sections = append(page.Sections, viz.Section{Title: "Time and memory", Lead: r.reading(), Fragments: append(append([]viz.Fragment{r.crowd()}, r.plots()...), r.table(), r.faults())})
	}
	if len(r.Growth) > 0 {
		page.Sections = append(page.Sections, viz.Section{Title: "Growth", Lead: "One step first-order of the demonstration model, with one size changed at a time.", Fragments: r.growth()})
	}
	return page, nil
}

// benchCard is that of a bench: the ratios, or the times where there is no peer.
func benchCard(dir string, card *viz.RunCard) error {
	var r benchResults
	if err := readJSON(dir, benchFile, &r); err != nil {
		return err
	}
	card.Facts = append(card.Facts, r.subtitle())
	if plots := r.plots(); len(plots) > 0 {
		card.Fragments = append(card.Fragments, plots[0])
	} else {
		card.Fragments = append(card.Fragments, r.table())
	}
	return nil
}

func (r benchResults) subtitle() string {
	text := fmt.Sprintf("%s on %s, %s", r.Backend, plural(r.Cores, "core"), firstOf(private(r.CPU), "an unnamed processor"))
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

// plots are the ratios: of what repeats, and of what compiles each time, whose
// scale is another. Without a peer there are none.
func (r benchResults) plots() (all []viz.Fragment) {
	for _, part := range []struct {
		title    string
		compiles bool
	}{{"Ratio to PyTorch", false}, {"Ratio to PyTorch, our compilation included", true}} {
		bars := r.bars(part.compiles)
		if len(bars.Names) > 0 {
			bars.Title = part.title
			all = append(all, bars)
		}
	}
	return all
}

// bars are a group for each case and peer, a bar for each model.
func (r benchResults) bars(compiles bool) viz.Bars {
	bars := viz.Bars{Y: "time, ours / PyTorch", Decimals: 2, Width: 900, Height: 320, Reference: &viz.Reference{Value: 1, Label: "as fast"}}
	type key struct{ kind, peer string }
	var groups []key
	var models []string
	at := map[string]map[key]viz.Estimate{}
	for _, one := range r.Results {
		if one.Ratio == 0 || one.Compiles != compiles {
			continue
		}
		group := key{one.Kind, one.Peer}
		if !slices.Contains(groups, group) {
			groups = append(groups, group)
		}
		if at[one.Model] == nil {
			models, at[one.Model] = append(models, one.Model), map[key]viz.Estimate{}
		}
		at[one.Model][group] = viz.Estimate{Value: one.Ratio, Low: one.Low, High: one.High}
	}
	for i, group := range groups {
		name := group.kind
		if i > 0 && groups[i-1].kind == name {
			name = "same, " + group.peer
		}
		bars.Names = append(bars.Names, name)
	}
	for _, model := range models {
		g := viz.Group{Name: model}
		for _, group := range groups {
			e, ok := at[model][group]
			if !ok {
				e.Value = math.NaN()
			}
			g.Values = append(g.Values, e)
		}
		bars.Series = append(bars.Series, g)
	}
	return bars
}

// crowd warns where others used the machine; nil where it stood idle.
func (r benchResults) crowd() viz.Fragment {
	if r.Load < float64(r.Cores)/2 {
		return nil
	}
	return viz.Callout{Tone: viz.Warning, Title: "The machine was busy", Text: []string{fmt.Sprintf(
		"Its load was %.1f on %s as this began. Turns even out a load that is steady, but not that one side's threads wait for each other and suffer more than the other's: only figures of an idle machine compare the two.", r.Load, plural(r.Cores, "core"))}}
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

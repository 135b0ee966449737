package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/robustvit/workbench/viz"
)

type benchGrowth struct {
	Axis   string `json:"axis"`
	Value  int    `json:"value"`
	Memory string `json:"memory"`
	benchResult
}

// growth is a pair of plots and a table for each axis.
func (r benchResults) growth() (all []viz.Fragment) {
	var axes []string
	for _, g := range r.Growth {
		if !slices.Contains(axes, g.Axis) {
			axes = append(axes, g.Axis)
		}
	}
	for _, axis := range axes {
		all = append(all, viz.Row{r.growthPlot(axis, false), r.growthPlot(axis, true)}, viz.Details{Summary: "Numbers: " + axis, Fragments: []viz.Fragment{r.growthTable(axis)}})
	}
	return all
}

// growthPlot is time or memory along an axis: ours, ours with what saves memory, PyTorch.
func (r benchResults) growthPlot(axis string, memory bool) viz.Fragment {
	c := viz.Curves{Title: "Time by " + axis, X: viz.Axis{Label: axis, Log: axis != "image size"}, Y: viz.Axis{Label: "ms an image"}, Marks: true, Width: 480, Height: 260}
	if memory {
		c.Title, c.Y.Label = "Peak memory by "+axis, "MiB"
	}
	lines := map[string]*viz.Series{}
	add := func(name string, x int, y float64) {
		if y == 0 {
			return
		}
		if lines[name] == nil {
			lines[name] = &viz.Series{Name: name, Dashed: strings.HasPrefix(name, "PyTorch")}
		}
		lines[name].X, lines[name].Y = append(lines[name].X, float64(x)), append(lines[name].Y, y)
	}
	for _, g := range r.Growth {
		if g.Axis != axis {
			continue
		}
		ours, peer := g.OursMS, g.PeerMS
		if memory {
			ours, peer = g.PeakMiB, g.PeerPeakMiB
		}
		name := "ours"
		if g.Memory != "" {
			name += ", " + g.Memory
		}
		add(name, g.Value, ours)
		add("PyTorch "+g.Peer, g.Value, peer)
	}
	for _, name := range slices.SortedFunc(maps.Keys(lines), func(a, b string) int { return strings.Compare(strings.ToLower(a), strings.ToLower(b)) }) {
		c.Series = append(c.Series, *lines[name])
	}
	return c
}

func (r benchResults) growthTable(axis string) viz.Table {
	sub := r
	sub.Results = nil
	for _, g := range r.Growth {
		if g.Axis == axis {
			sub.Results = append(sub.Results, g.benchResult)
		}
	}
	t := sub.table()
	t.Corner, t.Note = axis, ""
	return t
}

// provenance is the machine and the versions of both sides.
func (r benchResults) provenance() []viz.KeyValue {
	facts := []viz.KeyValue{{Key: "date", Value: r.Date}, {Key: "processor", Value: fmt.Sprintf("%s, %s", firstOf(private(r.CPU), "unnamed"), plural(r.Cores, "core"))},
		{Key: "backend", Value: strings.TrimSpace(r.Backend + " " + r.Plugin)}}
	for _, side := range []struct {
		name string
		of   map[string]string
	}{{"ours", r.Ours}, {"peer", r.Peer}} {
		for _, key := range slices.Sorted(maps.Keys(side.of)) {
			if value := side.of[key]; value != "" && key != "backend" && key != "kind" {
				facts = append(facts, viz.KeyValue{Key: side.name + ": " + strings.ReplaceAll(key, "_", " "), Value: private(value)})
			}
		}
	}
	return facts
}

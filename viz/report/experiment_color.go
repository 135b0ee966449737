package report

import (
	"slices"
	"strings"

	"github.com/robustvit/workbench/viz"
)

// seriesColors gives a series of one name the same colour in every plot of a
// page: the original is grey, the paper's numbers have the colour of ours.
type seriesColors struct {
	byName map[string]viz.SeriesColor
}

func newSeriesColors() *seriesColors { return &seriesColors{byName: map[string]viz.SeriesColor{}} }

// of is the colour of each series of one plot; no two of ours share one as long
// as there are enough.
func (c *seriesColors) of(series []experimentSeries) []viz.SeriesColor {
	out := make([]viz.SeriesColor, len(series))
	var used []viz.SeriesColor
	for i, s := range series {
		if s.Paper {
			continue
		}
		color, known := c.byName[s.Name]
		if !known && isOriginal(s.Name) && !slices.Contains(used, viz.Grey) {
			color = viz.Grey
		} else if !known || slices.Contains(used, color) {
			color = nextColor(len(c.byName), used)
		}
		if !known {
			c.byName[s.Name] = color
		}
		out[i], used = color, append(used, color)
	}
	for i, s := range series {
		if s.Paper {
			out[i] = counterpart(s.Name, series, out)
		}
	}
	return out
}

func isOriginal(name string) bool {
	name = strings.ToLower(name)
	return strings.HasPrefix(name, "original") || strings.HasPrefix(name, "before")
}

// nextColor is the first of the palette from here on that the plot does not use;
// grey where it uses all but that.
func nextColor(from int, used []viz.SeriesColor) viz.SeriesColor {
	n := int(viz.Red)
	for i := range n {
		if color := viz.Blue + viz.SeriesColor((from+i)%n); !slices.Contains(used, color) {
			return color
		}
	}
	if !slices.Contains(used, viz.Grey) {
		return viz.Grey
	}
	return viz.Blue + viz.SeriesColor(from%n)
}

// counterpart is the colour of our series that the paper's is named after, the
// only one of ours, or grey.
func counterpart(name string, series []experimentSeries, colors []viz.SeriesColor) viz.SeriesColor {
	best, longest, mine := viz.Grey, 0, 0
	for i, s := range series {
		if s.Paper {
			continue
		}
		if mine++; len(s.Name) > longest && strings.Contains(strings.ToLower(name), strings.ToLower(s.Name)) {
			best, longest = colors[i], len(s.Name)
		}
	}
	if longest == 0 && mine == 1 {
		for i, s := range series {
			if !s.Paper {
				return colors[i]
			}
		}
	}
	return best
}

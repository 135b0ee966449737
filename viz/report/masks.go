package report

import (
	"errors"
	"fmt"
	"maps"
	"os"
	"slices"
	"strings"

	"github.com/robustvit/workbench/viz"
)

// MasksFile is the page of made masks in their folder.
const MasksFile = "masks.html"

const masksFile = "masks.json"

// madeMasks is masks.json: counts for all images and the pictures to show.
type madeMasks struct {
	Listed   int            `json:"listed"`
	Written  int            `json:"written"`
	Rejected int            `json:"rejected"`
	Reasons  map[string]int `json:"reasons"`
	Coarse   int            `json:"coarse"`
	Grids    int            `json:"grids"`
	Chosen   string         `json:"chosen"`
	Shown    []shownMask    `json:"shown"`
}

type shownMask struct {
	ID         string  `json:"id"`
	Class      string  `json:"class"`
	Width      int     `json:"width"`
	Height     int     `json:"height"`
	Grid       [2]int  `json:"grid"`
	Area       float64 `json:"area"`
	Sides      int     `json:"sides"`
	Separation float64 `json:"separation"`
	Gap        float64 `json:"gap"`
	Agreement  float64 `json:"agreement"`
	Refined    bool    `json:"refined"`
	Rejected   string  `json:"rejected"`
	Picture    string  `json:"picture"`
	Heat       string  `json:"heat"`
	Coarse     string  `json:"coarse"`
	Final      string  `json:"final"`
}

// maskConfig is what the page says of the job's config.json.
type maskConfig struct {
	Model     string         `json:"model"`
	Weights   string         `json:"weights_sha256"`
	Data      string         `json:"data"`
	Set       string         `json:"set"`
	Method    string         `json:"method"`
	Size      string         `json:"size"`
	MaxTokens int            `json:"max_tokens"`
	Cut       map[string]any `json:"cut"`
	KeepMass  float64        `json:"keep_mass"`
	Solver    map[string]any `json:"solver"`
	Rule      map[string]any `json:"rule"`
	Seed      uint64         `json:"seed"`
}

// WriteMasks writes masks.html of the masks in dir and returns its path.
func WriteMasks(dir string) (path string, err error) {
	return Options{}.writeRun(dir, kindMasks)
}

// Masks is the page of the masks in dir: counts of all, and for a choice of the
// kept and of the rejected ones the picture, the map, the coarse mask and the mask.
func Masks(dir string) (viz.Report, error) {
	var m madeMasks
	var c maskConfig
	err := readJSON(dir, masksFile, &m)
	switch {
	case errors.Is(err, os.ErrNotExist):
		return viz.Report{}, fmt.Errorf("report: %w; it appears when all masks are made: run the same command again, it goes on", err)
	case err == nil:
		err = readJSON(dir, configFile, &c)
	}
	if err != nil {
		return viz.Report{}, fmt.Errorf("report: %w", err)
	}
	page := viz.Report{Title: "Masks without labels", Subtitle: c.subtitle(m), Lead: []viz.Fragment{m.stats(), m.reasons()}}
	if page.Provenance, err = c.provenance(dir, m); err != nil {
		return page, err
	}
	for _, part := range []struct {
		title, lead string
		rejected    bool
		total       int
	}{
		{"Kept", "These masks are in the folder and can train.", false, m.Written},
		{"Rejected", "These images train nothing; above each the reason.", true, m.Rejected},
	} {
		gallery, err := m.gallery(dir, c, part.rejected)
		if err != nil {
			return page, err
		}
		gallery.Total = part.total
		page.Sections = append(page.Sections, viz.Section{Title: part.title, Lead: part.lead + " " + m.Chosen, Fragments: []viz.Fragment{gallery}})
	}
	return page, nil
}

// SomeMasks is the counts of the masks in dir and the first n kept and rejected
// ones of its page, for a place that is smaller than a page.
func SomeMasks(dir string, n int) ([]viz.Fragment, error) {
	page, err := Masks(dir)
	if err != nil {
		return nil, err
	}
	fragments := page.Lead
	for _, section := range page.Sections {
		for _, f := range section.Fragments {
			if gallery, ok := f.(viz.Gallery); ok {
				gallery.Title, gallery.Lead, gallery.Side = section.Title, section.Lead, 128
				gallery.Items = gallery.Items[:min(n, len(gallery.Items))]
				fragments = append(fragments, gallery)
			}
		}
	}
	return fragments, nil
}

func (m madeMasks) gallery(dir string, c maskConfig, rejected bool) (viz.Gallery, error) {
	g := viz.Gallery{Side: 192, PageSize: 20, MaxBytes: 12 << 20, Maps: c.mapName()}
	for _, s := range m.Shown {
		if (s.Rejected != "") != rejected {
			continue
		}
		item, err := s.item(dir, c)
		if err != nil {
			return g, fmt.Errorf("report: image %q: %w", s.ID, err)
		}
		g.Items = append(g.Items, item)
	}
	return g, nil
}

func (s shownMask) item(dir string, c maskConfig) (item viz.GalleryItem, err error) {
	item = viz.GalleryItem{ID: fmt.Sprintf("%s · %d × %d", private(s.ID), s.Width, s.Height), Truth: s.Class}
	if s.Rejected != "" {
		item.ID += " · rejected: " + s.Rejected
	}
	if item.Picture, err = readPicture(dir, s.Picture); err != nil {
		return item, err
	}
	heat := viz.View{Name: c.mapName(), Note: fmt.Sprintf("%d × %d patches, separation %.2f", s.Grid[0], s.Grid[1], s.Separation)}
	coarse := viz.View{Name: "coarse mask"}
	final := viz.View{Name: "mask", Note: fmt.Sprintf("area %.2f, touches %d sides", s.Area, s.Sides)}
	if c.Cut != nil {
		coarse.Note = fmt.Sprintf("gap %.3f", s.Gap)
	}
	switch {
	case s.Refined:
		final.Note += fmt.Sprintf(", agreement %.2f", s.Agreement)
	case c.Solver != nil:
		final.Name = "mask: the coarse one"
		final.Note += fmt.Sprintf("; the solver's had an agreement of %.2f", s.Agreement)
	}
	for _, part := range []struct {
		to   **viz.Map
		file string
	}{{&heat.Relevance, s.Heat}, {&coarse.Mask, s.Coarse}, {&final.Mask, s.Final}} {
		if *part.to, err = readMap(dir, part.file); err != nil {
			return item, err
		}
	}
	item.Views = []viz.View{heat, coarse, final}
	return item, nil
}

func (c maskConfig) mapName() string {
	if c.Cut != nil {
		return "eigenvector"
	}
	return "attention"
}

func (c maskConfig) subtitle(m madeMasks) string {
	how := "the CLS token's attention in the last layer of " + private(c.Model)
	if c.Cut != nil {
		how = "a normalised cut of the last layer's keys of " + private(c.Model) + " (TokenCut)"
	}
	if c.Solver != nil {
		how += ", taken to the picture's edges by the bilateral solver"
	}
	return fmt.Sprintf("%s of %s, by %s.", plural(m.Listed, "image"), private(firstOf(c.Data, c.Set, "unnamed data")), how)
}

func (m madeMasks) stats() viz.Stats {
	share := func(n int) string {
		return fmt.Sprintf("%.1f %% of %d", 100*float64(n)/float64(max(m.Listed, 1)), m.Listed)
	}
	stats := viz.Stats{
		{Label: "Kept", Value: fmt.Sprint(m.Written), Detail: share(m.Written)},
		{Label: "Rejected", Value: fmt.Sprint(m.Rejected), Detail: share(m.Rejected)},
	}
	if m.Coarse > 0 {
		stats = append(stats, viz.Stat{Label: "Kept coarse", Value: fmt.Sprint(m.Coarse), Detail: "the solver's mask went astray"})
	}
	return stats
}

// reasons counts the rejected of all images, not only of the shown ones.
func (m madeMasks) reasons() viz.Fragment {
	if len(m.Reasons) == 0 {
		return nil
	}
	t := viz.Table{Corner: "rejected for", Columns: []viz.Column{{Name: "images"}}, Note: "The first reason that applies counts."}
	for _, reason := range slices.Sorted(maps.Keys(m.Reasons)) {
		t.Rows = append(t.Rows, viz.TableRow{Name: reason, Cells: []viz.Cell{viz.Number(float64(m.Reasons[reason]), 0)}})
	}
	return t
}

func (c maskConfig) provenance(dir string, m madeMasks) ([]viz.KeyValue, error) {
	var all facts
	all.add("Model", "%s", c.Model)
	all.add("Weights, SHA-256", "%s", c.Weights)
	all.add("Images", "%d of %s, %d distinct grids of patches", m.Listed, firstOf(c.Set, c.Data), m.Grids)
	all.add("Method", "%s, size %s, at most %d patches", c.Method, c.Size, c.MaxTokens)
	for _, part := range []struct {
		name   string
		values map[string]any
	}{{"Cut", c.Cut}, {"Bilateral solver", c.Solver}, {"Rule", c.Rule}} {
		if part.values != nil {
			all.add(part.name, "%s", settingsText(part.values))
		}
	}
	if c.KeepMass > 0 {
		all.add("Share of the attention kept", "%g", c.KeepMass)
	}
	all.add("Seed", "%d", c.Seed)
	environment, err := environmentFacts(dir)
	return append(all, environment...), err
}

func settingsText(values map[string]any) string {
	var parts []string
	for _, name := range slices.Sorted(maps.Keys(values)) {
		parts = append(parts, strings.ReplaceAll(name, "_", " ")+" "+factText(values[name]))
	}
	return strings.Join(parts, ", ")
}

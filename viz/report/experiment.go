package report

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/robustvit/workbench/viz"
)

// WriteExperiment writes report.html of the experiment in dir and returns its
// path. It needs results.json and the pictures it names; nothing is computed anew.
func WriteExperiment(dir string) (path string, err error) {
	return Options{}.writeRun(dir, kindExperiment)
}

// linkedExperiment is the page with a link to the one over all, where that is
// there.
func linkedExperiment(dir string) (viz.Report, error) {
	page, err := Experiment(dir)
	if _, there := os.Stat(filepath.Join(filepath.Dir(filepath.Clean(dir)), IndexFile)); err == nil && there == nil {
		indexed(&page)
	}
	return page, err
}

func indexed(page *viz.Report) {
	page.Lead = append([]viz.Fragment{viz.Links{{Text: "All experiments", Path: "../" + IndexFile}}}, page.Lead...)
}

// Experiment is the page of the experiment in dir: what became of the paper's
// claims, how to read it, its sections, and the runs it rests on.
func Experiment(dir string) (viz.Report, error) {
	r, err := ReadExperiment(dir)
	if err != nil {
		return viz.Report{}, err
	}
	page := viz.Report{Title: r.Title, Subtitle: r.Question, Provenance: r.provenance()}
	page.Lead = r.lead()
	colors := newSeriesColors()
	for _, s := range r.Sections {
		section, err := s.section(dir, colors)
		if err != nil {
			return page, fmt.Errorf("report: %s, section %q: %w", inside(dir, resultsFile), s.Title, err)
		}
		page.Sections = append(page.Sections, section)
	}
	if len(r.Points) > 0 {
		page.Sections = append(page.Sections, pointsSection(dir, r.Points))
	}
	return page, nil
}

// lead is where in the paper, what became of its claims, and how to read it.
func (r *ExperimentResults) lead() []viz.Fragment {
	var lead []viz.Fragment
	if r.Paper != "" {
		lead = append(lead, viz.Prose{whereInPaper(r.Paper)})
	}
	if claims := r.claims(); len(claims) > 0 {
		lead = append(lead, claims)
	}
	if len(r.Reading) > 0 {
		lead = append(lead, viz.Callout{Title: "How to read this", Text: r.Reading})
	}
	return lead
}

// whereInPaper is the table or figure, or that there is none.
func whereInPaper(place string) string {
	if beyond, ok := strings.CutPrefix(place, "beyond the paper"); ok {
		return "Beyond the paper" + beyond + "."
	}
	return "In the paper: " + place + "."
}

func (r *ExperimentResults) claims() viz.Claims {
	var claims viz.Claims
	for _, c := range r.Claims {
		mark, _ := standing(c.Verdict) // looked at by ReadExperimentFile
		claims = append(claims, viz.Claim{Text: c.Claim, Source: c.Source, Standing: mark, Evidence: minus(c.Text)})
	}
	return claims
}

// standing reads a verdict; ok is false where it is none.
func standing(verdict string) (s viz.Standing, ok bool) {
	for _, s := range []viz.Standing{viz.Held, viz.Partly, viz.NotHeld, viz.NotTested} {
		if verdict == s.String() {
			return s, true
		}
	}
	return viz.NotTested, false
}

func (s experimentSection) section(dir string, colors *seriesColors) (viz.Section, error) {
	section := viz.Section{Title: s.Title, Lead: s.Lead}
	plots, err := s.plots(colors)
	if err != nil {
		return section, err
	}
	for _, t := range s.Tables {
		section.Fragments = append(section.Fragments, t.table())
	}
	section.Fragments = append(section.Fragments, plots...)
	for _, g := range s.Galleries {
		pictures, err := g.pictures(dir)
		if err != nil {
			return section, err
		}
		section.Fragments = append(section.Fragments, pictures)
	}
	if s.Collapsed && len(section.Fragments) > 0 {
		section.Fragments = []viz.Fragment{viz.Details{Summary: "Show", Fragments: section.Fragments}}
	}
	return section, nil
}

// plots puts line and scatter plots that follow each other side by side.
func (s experimentSection) plots(colors *seriesColors) ([]viz.Fragment, error) {
	var out []viz.Fragment
	var row viz.Row
	flush := func() {
		switch len(row) {
		case 0:
		case 1:
			out = append(out, row[0])
		default:
			out = append(out, row)
		}
		row = nil
	}
	for i, p := range s.Plots {
		beside := func(j int) bool { return j >= 0 && j < len(s.Plots) && s.Plots[j].narrow() }
		size := plotSize{}
		if p.narrow() && (beside(i-1) || beside(i+1)) {
			size = plotSize{width: 470, height: 300}
		}
		fragments, err := p.fragments(colors, size)
		if err != nil {
			return nil, err
		}
		if !p.narrow() {
			flush()
			out = append(out, fragments...)
			continue
		}
		row = append(row, fragments...)
	}
	flush()
	return out, nil
}

func (p experimentPlot) narrow() bool { return p.Kind == "curves" || p.Kind == "scatter" }

func (g experimentGallery) pictures(dir string) (viz.PictureTable, error) {
	out := viz.PictureTable{Title: g.Title, Note: g.Note, Columns: g.Columns}
	for _, row := range g.Rows {
		line := viz.PictureRow{Label: row.Label}
		for _, p := range row.Pictures {
			cell, err := p.cell(dir)
			if err != nil {
				return out, fmt.Errorf("gallery %q, row %q: %w", g.Title, row.Label, err)
			}
			line.Cells = append(line.Cells, cell)
		}
		out.Rows = append(out.Rows, line)
	}
	return out, nil
}

func (p experimentPicture) cell(dir string) (cell viz.PictureCell, err error) {
	cell.Caption = p.Caption
	switch p.Mark {
	case "right":
		cell.Mark = viz.Right
	case "wrong":
		cell.Mark = viz.Wrong
	}
	if p.File == "" {
		return cell, nil
	}
	if cell.Picture, err = readPicture(dir, p.File); err != nil {
		return cell, err
	}
	cell.Relevance, err = readMap(dir, p.Relevance)
	return cell, err
}

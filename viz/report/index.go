package report

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"

	"github.com/robustvit/workbench/viz"
)

// IndexFile is the page over a folder of experiments.
const IndexFile = "index.html"

// entry is one experiment of a folder.
type entry struct {
	folder  string
	results *ExperimentResults
}

// WriteIndex writes the page of every experiment in the folders of dir, and
// index.html over them, and returns the path of the index. An experiment that
// cannot be read does not keep the others from the index: it is named there and
// in the error.
func WriteIndex(dir string) (path string, err error) { return Options{}.writeIndex(dir) }

func (o Options) writeIndex(dir string) (path string, err error) {
	folders, err := experimentFolders(dir)
	if err != nil {
		return "", err
	}
	if len(folders) == 0 {
		return "", fmt.Errorf("report: no folder in %s holds the results.json of an experiment: run one first (robustvit sweep)", dir)
	}
	var entries []entry
	var faults []error
	for _, folder := range folders {
		within := filepath.Join(dir, folder)
		r, err := o.writeIndexed(within)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		entries = append(entries, entry{folder, r})
	}
	page, err := index(entries, faults)
	if err != nil {
		return "", err
	}
	if path, err = o.writePage(dir, IndexFile, page); err != nil {
		return "", err
	}
	return path, errors.Join(faults...)
}

// writeIndexed writes the page of one experiment, with a link back.
func (o Options) writeIndexed(dir string) (*ExperimentResults, error) {
	page, err := Experiment(dir)
	if err != nil {
		return nil, err
	}
	indexed(&page)
	if _, err := o.writePage(dir, MainFile, page); err != nil {
		return nil, err
	}
	return ReadExperiment(dir)
}

// experimentFolders are the folders of dir that hold an experiment, by name, and
// those whose results cannot be read: they may have been one.
func experimentFolders(dir string) ([]string, error) {
	all, err := os.ReadDir(dir)
	if err != nil {
		return nil, fmt.Errorf("report: read folder %s: %w", dir, cause(err))
	}
	var folders []string
	for _, f := range all {
		if !f.IsDir() {
			continue
		}
		var r struct {
			Kind string `json:"kind"`
		}
		err := readJSON(filepath.Join(dir, f.Name()), resultsFile, &r)
		if err == nil && r.Kind == kindExperiment || err != nil && !errors.Is(err, os.ErrNotExist) {
			folders = append(folders, f.Name())
		}
	}
	return folders, nil
}

// index is the page: a table of all, then each with its claims and a plot.
func index(entries []entry, faults []error) (viz.Report, error) {
	page := viz.Report{Title: "Experiments", Subtitle: fmt.Sprintf("The paper's experiments, run again: %d.", len(entries))}
	var claims viz.Claims
	t := viz.Table{Corner: "experiment", Columns: []viz.Column{{Name: "page"}, {Name: "in the paper"}, {Name: "held"}, {Name: "partly"}, {Name: "not held"}, {Name: "not tested"}}}
	for _, e := range entries {
		mine := e.results.claims()
		claims = append(claims, mine...)
		cells := []viz.Cell{viz.Text(e.results.Title).To(e.page()), viz.Text(e.results.Paper)}
		for _, s := range []viz.Standing{viz.Held, viz.Partly, viz.NotHeld, viz.NotTested} {
			cells = append(cells, standingCell(mine, s))
		}
		t.Rows = append(t.Rows, viz.TableRow{Name: e.results.Name, Cells: cells})
		section, err := e.section()
		if err != nil {
			return page, fmt.Errorf("report: index, experiment %s: %w", e.results.Name, err)
		}
		page.Sections = append(page.Sections, section)
	}
	if counts := claims.Counts(); counts != "" {
		page.Subtitle += " Of the paper's claims: " + counts + "."
	}
	page.Lead = []viz.Fragment{t}
	if len(faults) > 0 {
		missing := viz.Callout{Tone: viz.Warning, Title: "Not shown"}
		for _, err := range faults {
			missing.Text = append(missing.Text, private(err.Error()))
		}
		page.Lead = append(page.Lead, missing)
	}
	return page, nil
}

func standingCell(claims viz.Claims, s viz.Standing) viz.Cell {
	n := 0
	for _, c := range claims {
		if c.Standing == s {
			n++
		}
	}
	if n == 0 {
		return viz.Cell{}
	}
	return viz.Number(float64(n), 0)
}

func (e entry) page() string { return e.folder + "/" + MainFile }

// section is what became of the claims, and a plot or the row that says most.
func (e entry) section() (viz.Section, error) {
	s := viz.Section{Title: e.results.Title, Lead: e.results.Question}
	note := ""
	if e.results.Paper != "" {
		note = "in the paper: " + e.results.Paper
	}
	s.Fragments = append(s.Fragments, viz.Links{{Text: "Open " + e.results.Name, Path: e.page(), Note: note}})
	if claims := e.results.claims(); len(claims) > 0 {
		s.Fragments = append(s.Fragments, claims)
	}
	key, err := e.results.key()
	if key != nil {
		s.Fragments = append(s.Fragments, key)
	}
	return s, err
}

// key is the first plot, small, or else the first total of the first table;
// collapsed sections do not count.
func (r *ExperimentResults) key() (viz.Fragment, error) {
	for _, s := range r.Sections {
		for _, p := range s.Plots {
			if s.Collapsed {
				continue
			}
			p.Caption = ""
			fragments, err := p.fragments(newSeriesColors(), plotSize{width: 520, height: 220})
			if err != nil || len(fragments) > 0 {
				return append(fragments, nil)[0], err
			}
		}
	}
	for _, s := range r.Sections {
		for _, t := range s.Tables {
			if row, ok := t.keyRow(); ok && !s.Collapsed {
				t.Rows, t.Note = []experimentRow{row}, ""
				return t.table(), nil
			}
		}
	}
	return nil, nil
}

// keyRow is the first mean or total, else the first row.
func (t experimentTable) keyRow() (row experimentRow, ok bool) {
	for _, row := range t.Rows {
		if row.Major {
			return row, true
		}
	}
	if len(t.Rows) == 0 {
		return row, false
	}
	return t.Rows[0], true
}

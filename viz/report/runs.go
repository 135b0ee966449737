package report

import (
	"errors"
	"fmt"
	"path"
	"strings"

	"github.com/robustvit/workbench/viz"
)

// kindNames are the kinds for readers: of one run, and the title over all.
var kindNames = map[string][2]string{
	kindMain:        {"main job", "Main jobs"},
	kindExperiment:  {"experiment", "Experiments"},
	kindEvaluation:  {"evaluation", "Evaluations"},
	kindExplanation: {"explanation", "Explanations"},
	kindMasks:       {"masks", "Masks"},
	kindFinetuning:  {"finetuning", "Finetunings"},
	kindPretraining: {"pretraining", "Pretrainings"},
	kindBench:       {"bench", "Benches"},
}

// WriteRuns writes index.html over the runs in the folders of dir, up to three
// deep, and the page of each, and returns the path of the index. Runs that belong to a sweep are counted, not
// shown. A run that cannot be read does not keep the others from the index: it
// is named there and in the error.
func WriteRuns(dir string) (path string, err error) {
	found, err := findRuns(dir)
	if err != nil {
		return "", err
	}
	return Options{}.writeRuns(dir, found)
}

func (o Options) writeRuns(dir string, found foundRuns) (path string, err error) {
	if len(found.runs)+len(found.faults) == 0 {
		return "", fmt.Errorf("report: no folder in %s holds a run: make one first (robustvit demo)", dir)
	}
	page := viz.Report{Title: "Runs"}
	overview := viz.Table{Corner: "run", Columns: []viz.Column{{Name: "page"}, {Name: "state"}}}
	for _, r := range found.runs {
		card, err := o.card(dir, r)
		if err != nil {
			found.faults = append(found.faults, fmt.Errorf("run %s: %w", inside(dir, r.path), err))
			continue
		}
		title := kindNames[r.kind][1]
		if n := len(page.Sections); n == 0 || page.Sections[n-1].Title != title {
			page.Sections = append(page.Sections, viz.Section{Title: title})
		}
		section := &page.Sections[len(page.Sections)-1]
		section.Fragments = append(section.Fragments, card)
		link := viz.Text(card.Kind)
		if card.Path != "" {
			link = link.To(card.Path)
		}
		overview.Rows = append(overview.Rows, viz.TableRow{Name: r.path, Cells: []viz.Cell{link, viz.Text(card.State)}})
	}
	page.Subtitle = found.subtitle(page.Sections)
	if len(overview.Rows) > 0 {
		page.Lead = append(page.Lead, overview)
	}
	page.Lead = append(page.Lead, notShown(dir, found.faults))
	if path, err = o.writePage(dir, IndexFile, page); err != nil {
		return "", err
	}
	return path, errors.Join(found.faults...)
}

// notShown names what is missing from the page; nil where nothing is.
func notShown(dir string, faults []error) viz.Fragment {
	if len(faults) == 0 {
		return nil
	}
	call := viz.Callout{Tone: viz.Warning, Title: "Not shown"}
	for _, err := range faults {
		call.Text = append(call.Text, privateOutside(strings.ReplaceAll(err.Error(), "report: ", ""), dir))
	}
	return call
}

// subtitle counts the runs of each kind.
func (found foundRuns) subtitle(sections []viz.Section) string {
	n := 0
	var parts []string
	for _, s := range sections {
		n += len(s.Fragments)
		name := strings.ToLower(s.Title)
		if card, ok := s.Fragments[0].(viz.RunCard); ok && len(s.Fragments) == 1 {
			name = card.Kind
		}
		parts = append(parts, fmt.Sprintf("%d %s", len(s.Fragments), name))
	}
	text := fmt.Sprintf("%s: %s.", plural(n, "run"), firstOf(strings.Join(parts, ", "), "none that can be read"))
	if found.points > 0 {
		text += fmt.Sprintf(" Beside them %s of sweeps and of searches for a rate, which are part of the results above and are not listed.", plural(found.points, "model"))
	}
	return strings.ToUpper(text[:1]) + text[1:]
}

// runPage writes the run's page and is its path relative to the root; "" where
// the run has none yet. A page that is there may be old, or of a program that
// did not shorten paths, so all are written.
func (o Options) runPage(root string, r runFolder) (string, error) {
	dir := inside(root, r.path)
	_, name := pageBuilder(r.kind)
	if needs := resultsOf[r.kind]; needs != "" && !exists(dir, needs) {
		return "", nil
	}
	if _, err := o.writeRun(dir, r.kind); err != nil {
		return "", err
	}
	return path.Join(r.path, name), nil
}

// resultsOf is the file that a page cannot do without.
var resultsOf = map[string]string{kindMain: resultsFile, kindEvaluation: resultsFile, kindExperiment: resultsFile,
	kindExplanation: explanationFile, kindMasks: masksFile, kindFinetuning: configFile, kindPretraining: configFile, kindBench: benchFile}

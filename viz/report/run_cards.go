package report

import (
	"errors"
	"fmt"
	"os"
	"strings"

	"github.com/robustvit/workbench/viz"
)

// card is one run on the page over many.
func (o Options) card(root string, r runFolder) (card viz.RunCard, err error) {
	dir := inside(root, r.path)
	card = viz.RunCard{Kind: kindNames[r.kind][0], Title: r.path, State: "finished", Unfinished: !finished(dir, r.kind)}
	if card.Unfinished {
		card.State = "not finished"
	}
	if card.Path, err = o.runPage(root, r); err != nil {
		return card, err
	}
	fill := map[string]func(string, *viz.RunCard) error{kindMain: mainCard, kindEvaluation: mainCard, kindExperiment: experimentCard,
		kindExplanation: explanationCard, kindMasks: masksCard, kindFinetuning: trainingCard, kindPretraining: trainingCard, kindBench: benchCard}[r.kind]
	if err := fill(dir, &card); err != nil {
		return card, err
	}
	if card.Unfinished && r.kind != kindFinetuning && r.kind != kindPretraining {
		card.Facts = append(card.Facts, "It was stopped half-way or is still under way. If it stands still, the same command again goes on.")
	}
	return card, nil
}

// mainCard is that of a main job or an evaluation.
func mainCard(dir string, card *viz.RunCard) error {
	var c config
	if err := readJSON(dir, configFile, &c); err != nil && !errors.Is(err, os.ErrNotExist) {
		return err
	}
	r, err := ReadResults(dir)
	if errors.Is(err, os.ErrNotExist) {
		return c.underWay(dir, card)
	}
	if err != nil {
		return err
	}
	card.Facts = append(card.Facts, c.subtitle(r))
	if c.Kind != kindEvaluation {
		card.Fragments = append(card.Fragments, verdicts(r)[0])
	}
	row, err := mainRow(dir, r)
	if len(row) > 0 {
		card.Fragments = append(card.Fragments, row)
	}
	card.Fragments = append(card.Fragments, keyRows(r))
	return err
}

// mainRow is the change plot and the first pair of heatmaps.
func mainRow(dir string, r *Results) (row viz.Row, err error) {
	if len(r.tuned()) > 0 && len(r.Sets) > 0 {
		plot := ChangePlot(r)
		plot.Width = 560
		row = append(row, plot)
	}
	pair, err := firstPair(dir, r)
	if pair != nil {
		row = append(row, pair)
	}
	return row, err
}

// keyRows is the mean over the shift sets or else the first set.
func keyRows(r *Results) viz.Table {
	if len(r.Sets) == 0 {
		t := SegmentationTable(r)
		t.Note = ""
		return t
	}
	t := MainTable(r)
	row := t.Rows[0]
	if last := t.Rows[len(t.Rows)-1]; last.Major {
		row = last
	}
	t.Rows, t.Note = []viz.TableRow{row}, ""
	return t
}

// firstPair is one picture with its maps before and after, a corrected one where
// there is one; nil where the job made no gallery.
func firstPair(dir string, r *Results) (viz.Fragment, error) {
	var g gallery
	err := readJSON(dir, galleryFile, &g)
	if errors.Is(err, os.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	for _, kind := range []string{"corrected", "same", "broken"} {
		items := g.ofKind(kind)
		if len(items) == 0 {
			continue
		}
		card, err := g.card(dir, items[0], r)
		if err != nil {
			return nil, fmt.Errorf("gallery picture %q: %w", items[0].ID, err)
		}
		return viz.Gallery{Items: []viz.GalleryItem{card}, Top: 1}, nil
	}
	return nil, nil
}

// underWay is what can be said of a main job or an evaluation without results.
func (c config) underWay(dir string, card *viz.RunCard) error {
	card.Unfinished, card.State = true, "not finished"
	if len(c.Arms) == 0 {
		card.Facts = append(card.Facts, fmt.Sprintf("%s on %s; there are no results yet.", plural(max(len(c.Models), 1), "model"), private(firstOf(c.Data, "unnamed data"))))
		return nil
	}
	r := &Results{Models: []Model{{Name: "before", Title: "Original"}}}
	done := 0
	for _, arm := range c.Arms {
		r.Models = append(r.Models, Model{Name: arm.Name, Title: firstOf(arm.Title, arm.Name)})
		if exists(dir, arm.Name+"/"+doneFile) {
			done++
		}
	}
	card.State = fmt.Sprintf("not finished: %d of %s finetuned", done, plural(len(c.Arms), "model"))
	card.Facts = append(card.Facts, fmt.Sprintf("%s, finetuned on %s; there are no results yet.", private(c.Model), private(firstOf(c.Data, "unnamed data"))))
	plots, _, err := LossCurves(dir, r)
	if len(plots) > 0 {
		card.Fragments = append(card.Fragments, viz.Row(plots[:min(2, len(plots))]))
	}
	return err
}

func trainingCard(dir string, card *viz.RunCard) error {
	t, err := readTraining(dir)
	if err != nil {
		return err
	}
	card.State = t.state()
	card.Facts = append(card.Facts, t.on())
	if !t.done {
		card.Facts = append(card.Facts, t.standing())
	}
	if len(t.log) > 0 {
		plot := t.totalPlot()
		plot.Title, plot.Height = "Loss", 200
		card.Fragments = append(card.Fragments, viz.Row{plot, t.keyTable()})
	}
	w, err := readWatched(dir)
	if err != nil {
		return err
	}
	pair, err := w.pair(dir)
	if pair != nil {
		card.Fragments = append(card.Fragments, pair)
	}
	return err
}

// claimsShown is up to how many claims a card lists; more are folded away.
const claimsShown = 3

func experimentCard(dir string, card *viz.RunCard) error {
	r, err := ReadExperiment(dir)
	if errors.Is(err, os.ErrNotExist) {
		card.Unfinished, card.State = true, "not finished"
		return nil
	}
	if err != nil {
		return err
	}
	card.Title = r.Title + " (" + card.Title + ")"
	card.Facts = append(card.Facts, r.Question)
	if on := r.on(); on != "" {
		card.Facts = append(card.Facts, on)
	}
	claims := r.claims()
	switch {
	case len(claims) > claimsShown:
		card.Fragments = append(card.Fragments, viz.Details{Summary: "The paper's claims: " + claims.Counts(), Fragments: []viz.Fragment{claims}})
	case len(claims) > 0:
		card.Fragments = append(card.Fragments, claims)
	}
	key, err := r.key()
	if key != nil {
		card.Fragments = append(card.Fragments, key)
	}
	return err
}

// on is what the experiment ran on.
func (r *ExperimentResults) on() string {
	var parts []string
	if text := factText(r.Settings["models"]); text != "" {
		parts = append(parts, text)
	}
	if text := factText(r.Settings["data"]); text != "" {
		parts = append(parts, "on "+text)
	}
	return private(strings.Join(parts, " "))
}

func explanationCard(dir string, card *viz.RunCard) error {
	var e explanation
	err := readJSON(dir, explanationFile, &e)
	if errors.Is(err, os.ErrNotExist) {
		card.Unfinished, card.State = true, "not finished"
		return nil
	}
	if err != nil {
		return err
	}
	card.Facts = append(card.Facts, e.subtitle())
	if len(e.Images) == 0 {
		return nil
	}
	item, err := e.item(dir, e.Images[0])
	card.Fragments = append(card.Fragments, viz.Gallery{Items: []viz.GalleryItem{item}, Top: 1, Side: 128})
	return err
}

func masksCard(dir string, card *viz.RunCard) error {
	var m madeMasks
	var c maskConfig
	err := readJSON(dir, masksFile, &m)
	if errors.Is(err, os.ErrNotExist) {
		card.Unfinished, card.State = true, "not finished"
		return nil
	}
	if err == nil {
		err = readJSON(dir, configFile, &c)
	}
	if err != nil {
		return err
	}
	card.Facts = append(card.Facts, c.subtitle(m))
	card.Fragments = append(card.Fragments, m.stats())
	for _, s := range m.Shown {
		if s.Rejected == "" {
			item, err := s.item(dir, c)
			if err != nil {
				return err
			}
			card.Fragments = append(card.Fragments, viz.Gallery{Items: []viz.GalleryItem{item}, Maps: c.mapName()})
			break
		}
	}
	return nil
}

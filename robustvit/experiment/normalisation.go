package experiment

import (
	"context"
	"fmt"
	"strings"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

var normalisationStudy = Experiment{
	Name: "deit-normalisation", Title: "DeiT under a foreign normalisation", Paper: beyondPaper + ": a control for the rows of DeiT in Tables 1 and 2", Minutes: 3,
	Question: "The released code prepares every model with mean and deviation 0.5, also DeiT, which was trained under ImageNet's. How much of a model's gain under a foreign normalisation is recovery from it, which any finetuning gives, without any relevance loss?",
	Reading: []string{
		"\"Own\" is the normalisation that the model was trained under, \"foreign\" the other: 0.5 for the published DeiT, ImageNet's mean and deviation for the embedded model of its kind, which was trained under 0.5, so that the case is mirrored.",
		"Under each normalisation all models are finetuned and measured with it, as in the released code. Nothing else differs, but where training images are chosen among those classified correctly, each normalisation chooses its own.",
	},
	Points:  normalisationPoints,
	Measure: Measure{Sets: true},
	Tell:    tellNormalisation,
}

// normalisationArms are the method and the controls that its claims need.
var normalisationArms = []Arm{CrossEntropy, CrossEntropyFinetuned, Confidence, ConfidenceFinetuned, Published, Ours}

// imageNet is the mean and deviation that most of torchvision and timm train under.
var imageNet = [2][3]float32{{0.485, 0.456, 0.406}, {0.229, 0.224, 0.225}}

// halfNormal is the original ViT's and the paper's.
var halfNormal = [2][3]float32{{0.5, 0.5, 0.5}, {0.5, 0.5, 0.5}}

// readings are a base under its own normalisation and under a foreign one.
// Resized is the foreign one with the own one's resizing, nil where they resize
// alike.
type readings struct{ own, foreign, resized *pool.Base }

// readings finds the models to look at: every one that was not trained under
// 0.5, or else the embedded DeiT.
func (w *Work) readings() ([]readings, error) {
	var pairs []readings
	for _, b := range w.Bases {
		if p, ok := foreignToPaper(b); ok {
			pairs = append(pairs, p)
		}
	}
	if len(pairs) > 0 {
		return pairs, nil
	}
	for _, b := range w.Bases {
		if b.Name == "deit" && w.embedded() {
			return []readings{mirrored(b)}, nil
		}
	}
	further, err := w.Open("deit")
	if err != nil || len(further) == 0 {
		return nil, err
	}
	return []readings{mirrored(further[0])}, nil
}

// embedded says whether the sweep works on the embedded data.
func (s *Setting) embedded() bool { return strings.HasPrefix(s.Bases[0].Model.Source, "demo:") }

// foreignToPaper is a base whose own normalisation is not 0.5, with it and with
// 0.5. The paper's protocol has its normalisation fixed: there the base is the
// foreign reading as it stands, and its own comes with the protocol native,
// which scores alike but keeps the whole short side; resized tells the two
// changes apart.
func foreignToPaper(b *pool.Base) (readings, bool) {
	v := b.Model.Variant
	if v.Mean == halfNormal[0] && v.Std == halfNormal[1] {
		return readings{}, false
	}
	if b.Finetune.Protocol != data.Paper().Name {
		return readings{own: b, foreign: under(b, "foreign", halfNormal)}, true
	}
	return readings{own: under(b, "own", [2][3]float32{v.Mean, v.Std}), foreign: b, resized: under(b, "resized", halfNormal)}, true
}

// mirrored is a base trained under 0.5, with it and with ImageNet's.
func mirrored(b *pool.Base) readings {
	return readings{own: b, foreign: under(b, "foreign", imageNet)}
}

// under is a copy of the base that reads images under another normalisation.
func under(b *pool.Base, name string, normalisation [2][3]float32) *pool.Base {
	other, model := *b, *b.Model
	model.Variant.Mean, model.Variant.Std = normalisation[0], normalisation[1]
	other.Model, other.Name, other.Title = &model, b.Name+"-"+name, b.Title+", "+name
	if other.Finetune.Protocol == data.Paper().Name { // its normalisation is fixed
		other.Finetune.Protocol = data.Native().Name
	}
	return &other
}

func normalisationPoints(_ context.Context, w *Work) ([]Point, error) {
	pairs, err := w.readings()
	if err != nil {
		return nil, err
	}
	var points []Point
	for _, p := range pairs {
		for _, b := range []*pool.Base{p.own, p.foreign} {
			if err := w.Pool.Add(b); err != nil {
				return nil, err
			}
			points = append(points, grid([]*pool.Base{b}, normalisationArms...)...)
		}
		if p.resized != nil {
			if err := w.Pool.Add(p.resized); err != nil {
				return nil, err
			}
			points = append(points, before(p.resized))
		}
	}
	return points, nil
}

const (
	recoveryClaim  = "DeiT's gain comes from the relevance loss, not from getting used to the foreign normalisation"
	recoverySource = "Tables 1 and 2, DeiT"
)

func tellNormalisation(ctx context.Context, o *Outcome) error {
	pairs, err := o.readings()
	if err != nil {
		return err
	}
	if len(pairs) == 0 {
		o.Say(untested(recoveryClaim, recoverySource, "Every model here was trained under mean and deviation 0.5; give a DeiT."))
		return nil
	}
	for _, p := range pairs {
		if err := o.tellReadings(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// recovery is what an arm does under the foreign normalisation.
type recovery struct {
	change evaluate.Difference // against the original under the foreign one
	to     evaluate.Difference // against the original under its own: 0 is full recovery
}

func (o *Outcome) recovery(ctx context.Context, p readings, point string, sets []string) (r recovery, err error) {
	if r.change, err = o.Delta(ctx, original(p.foreign), point, sets, nil); err != nil {
		return r, err
	}
	r.to, err = o.Delta(ctx, original(p.own), point, sets, nil)
	return r, err
}

func (o *Outcome) tellReadings(ctx context.Context, p readings) error {
	gains, err := o.gainTable(ctx, p)
	if err != nil {
		return err
	}
	levels, err := o.accuracyTable(ctx, "r1-"+p.own.Name, 1, append(o.of(p.own), o.of(p.foreign)...), nil)
	if err != nil {
		return err
	}
	levels.Note = ""
	section := Section{Title: p.foreign.Title, Lead: "Change against the original under the same normalisation; beside it how much of what the foreign normalisation costs is back.", Tables: []Table{gains}}
	plot, err := o.changePlot(ctx, p.foreign, o.of(p.foreign))
	if err != nil {
		return err
	}
	section.Plots = append(section.Plots, plot)
	o.Add(section)
	o.Add(Section{Title: p.foreign.Title + ": R@1", Tables: []Table{levels}, Collapsed: true})
	return o.claimRecovery(ctx, p)
}

// gainTable is the change of every arm under both normalisations.
func (o *Outcome) gainTable(ctx context.Context, p readings) (Table, error) {
	t := Table{Name: "recovery-" + p.own.Name, Title: p.foreign.Title + ": change in R@1, points", Corner: "model",
		Note: intervalNote + "First line: what the foreign normalisation costs the model as it is. Left of it: the finetuned model under the foreign normalisation minus the original under its own; 0 is full recovery."}
	parts := o.cleanAndMean()
	for _, group := range []string{"own", "foreign", "foreign, left of the cost"} {
		for _, part := range parts {
			t.Columns = append(t.Columns, Column{Name: part.title, Group: group})
		}
	}
	for _, b := range []*pool.Base{p.foreign, p.resized} {
		if b == nil {
			continue
		}
		cost, err := o.costRow(ctx, p, b)
		if err != nil {
			return t, err
		}
		t.Rows = append(t.Rows, cost)
	}
	for _, a := range normalisationArms {
		row := Row{Name: a.Title}
		var back []Cell
		for _, part := range parts {
			d, err := o.Delta(ctx, original(p.own), named(p.own, a), part.sets, nil)
			if err != nil {
				return t, err
			}
			row.Cells = append(row.Cells, change(d))
		}
		for _, part := range parts {
			r, err := o.recovery(ctx, p, named(p.foreign, a), part.sets)
			if err != nil {
				return t, err
			}
			row.Cells, back = append(row.Cells, change(r.change)), append(back, change(r.to))
		}
		row.Cells = append(row.Cells, back...)
		t.Rows = append(t.Rows, row)
	}
	return t, nil
}

// costRow is what another reading costs the model as it was trained.
func (o *Outcome) costRow(ctx context.Context, p readings, b *pool.Base) (Row, error) {
	row, parts := Row{Name: "original", Major: true}, o.cleanAndMean()
	if b == p.resized {
		row.Name = "original, resized as under its own"
	}
	for range 2 * len(parts) {
		row.Cells = append(row.Cells, words("–"))
	}
	for _, part := range parts {
		d, err := o.Delta(ctx, original(p.own), original(b), part.sets, nil)
		if err != nil {
			return row, err
		}
		row.Cells = append(row.Cells, change(d))
	}
	return row, nil
}

// cleanAndMean are the clean set and the mean over the shift sets.
func (w *Work) cleanAndMean() []part {
	parts := []part{{"clean", evaluate.Title(w.Clean()), []string{w.Clean()}}}
	if shifts := w.ShiftSets(); len(shifts) > 0 {
		parts = append(parts, part{"shift", shiftName(shifts), shifts})
	}
	return parts
}

// claimRecovery: how much of the gain under the foreign normalisation is there
// without any relevance loss.
func (o *Outcome) claimRecovery(ctx context.Context, p readings) error {
	shifts := o.ShiftSets()
	if len(shifts) == 0 {
		o.Say(untested(recoveryClaim, recoverySource, "There is no shift set."))
		return nil
	}
	for _, a := range method {
		foreign, err := o.gain(ctx, p.foreign, a, shifts, nil)
		if err != nil {
			return err
		}
		own, err := o.gain(ctx, p.own, a, shifts, nil)
		if err != nil {
			return err
		}
		without, err := o.Delta(ctx, original(p.foreign), named(p.foreign, foreign.control), shifts, nil)
		if err != nil {
			return err
		}
		o.Say(Claim{Claim: recoveryClaim + " (" + a.Title + ")", Source: recoverySource, Verdict: verdictOf(foreign),
			Text: fmt.Sprintf("Mean change over the shift sets. Foreign: %s. Own: %s. %s", foreign, own, shareWithout(foreign.change, without, foreign.control))})
	}
	return nil
}

// verdictOf is held where the method beats original and controls, partly where
// it beats the original alone.
func verdictOf(g gain) string {
	switch {
	case g.held():
		return Held
	case g.change.Low > 0 && g.margin.High > 0:
		return Partly
	}
	return NotHeld
}

// shareWithout is the part of a gain that a control without relevance loss has too.
func shareWithout(all, without evaluate.Difference, control Arm) string {
	if all.Points <= 0 || !all.Significant() {
		return fmt.Sprintf("There is no gain under the foreign normalisation to share out; %s alone changes %s.", control.Title, points(without))
	}
	return fmt.Sprintf("Of the gain of %+.1f under the foreign normalisation, %s without any relevance loss has %s: %.0f %%.", all.Points, control.Title, points(without), 100*without.Points/all.Points)
}

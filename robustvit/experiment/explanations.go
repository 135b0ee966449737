package experiment

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
	"github.com/robustvit/workbench/robustvit/run"
)

var explanationsStudy = Experiment{
	Name: "explanations", Title: "More faithful, or only prettier?", Paper: beyondPaper + ": Table 3 has overlap with masks alone, by one explainer", Minutes: 7,
	Question: "Finetuning makes GAE's maps cover the object. Do the maps also name the pixels that the model uses, and do explainers that were not trained on show the same?",
	Reading: []string{
		"Overlap: maps of the predicted class against the object's mask. Faithfulness: pixels are changed patch by patch in the order of the map. Deletion greys the most relevant first, so low is good; insertion brings them back first, so high is good; both are the mean probability of the predicted class along the way, percent.",
		"Lead: insertion minus deletion, less the same of a random order, in percent of the probability on the whole image. Dividing by that probability and subtracting the random order keep a model that is only more confident, or only more robust to grey, from looking more faithful.",
		"GAE is what is trained. Rollout and attention do not depend on the class. The input gradient has a value a pixel, the others one a patch.",
		"Images are spaced evenly over the map set (shapes: 200 for overlap, 100 for faithfulness; other data: 50 and 20).",
	},
	Points: func(_ context.Context, w *Work) ([]Point, error) {
		return grid(w.Bases, Published, Ours, CrossEntropyFinetuned, ConfidenceFinetuned), nil
	},
	Tell: tellExplanations,
}

// explanationSize is how much is explained.
type explanationSize struct {
	Set      string                `json:"set"`
	Masks    bool                  `json:"masks"`
	Overlap  int                   `json:"overlap"`
	Faithful int                   `json:"faithful"`
	Perturb  evaluate.Perturbation `json:"perturbation"`
	Seed     uint64                `json:"seed"` // of the random order
}

// explanationSize takes the map set, or without masks the clean set, on which
// only faithfulness can be measured.
func (o *Outcome) explanationSize(b *pool.Base) (explanationSize, error) {
	s := explanationSize{Set: o.Clean(), Overlap: 200, Faithful: 100, Perturb: evaluate.Perturbation{Patches: true, Steps: 16}, Seed: o.Seed}
	if !b.Embedded {
		s.Overlap, s.Faithful = 50, 20
	}
	d, err := b.Data.Segmentation()
	if err == nil && d != nil {
		s.Set, s.Masks = pool.MapSet, true
	}
	return s, err
}

// randomOrder is the control of faithfulness beside the explainers.
const randomOrder = "random"

// explained is what the explainers of one model gave, by their names.
type explained struct {
	point    Point
	maps     map[string][]evaluate.MapRecord
	faithful map[string][]evaluate.FaithfulRecord // randomOrder too
}

// explained measures a model by every explainer, or reads what an earlier call did.
func (o *Outcome) explained(ctx context.Context, p Point) (explained, error) {
	e := explained{p, map[string][]evaluate.MapRecord{}, map[string][]evaluate.FaithfulRecord{}}
	size, err := o.explanationSize(p.Base)
	if err != nil {
		return e, err
	}
	test, err := o.Test(ctx, p, size.Set)
	if err != nil {
		return e, err
	}
	kinds := append(explainerNames(), randomOrder)
	for i, kind := range kinds {
		if o.Listen.Count != nil {
			o.Listen.Count("explainers of "+p.Name, i, len(kinds))
		}
		if size.Masks && kind != randomOrder {
			some := data.Subset(test.Data, spaced(test.Data.Len(), size.Overlap), "")
			e.maps[kind], err = kept(ctx, o, p, "maps-"+kind, size, func(model *robustvit.Predictor) ([]evaluate.MapRecord, error) {
				return evaluate.SegmentRecordsBy(ctx, model, explainFunc(model, kind, size.Seed), some, test.Protocol, nil)
			})
			if err != nil {
				return e, err
			}
		}
		some := data.Subset(test.Data, spaced(test.Data.Len(), size.Faithful), "")
		e.faithful[kind], err = kept(ctx, o, p, "faithful-"+kind, size, func(model *robustvit.Predictor) ([]evaluate.FaithfulRecord, error) {
			return evaluate.FaithfulnessTest{Model: model, Explain: explainFunc(model, kind, size.Seed), Perturbation: size.Perturb}.Run(ctx, some, test.Protocol, nil)
		})
		if err != nil {
			return e, err
		}
	}
	return e, nil
}

// explainerNames are the explainers by name, that of the paper first.
func explainerNames() []string {
	var names []string
	for _, kind := range robustvit.Explainers() {
		names = append(names, kind.String())
	}
	return names
}

// explainFunc is an explainer of a model by its name.
func explainFunc(model *robustvit.Predictor, name string, seed uint64) evaluate.ExplainFunc {
	for _, kind := range robustvit.Explainers() {
		if kind.String() == name {
			return func(images []float32, classes []int32, n int) (robustvit.Explanation, error) {
				return model.ExplainWith(kind, images, classes, n)
			}
		}
	}
	return evaluate.RandomOrder(model.Variant(), seed)
}

// kept makes records of a model, or reads them from the experiment's folder: the
// file's name carries the model and the setting.
func kept[T any](ctx context.Context, o *Outcome, p Point, what string, setting any, make func(*robustvit.Predictor) ([]T, error)) ([]T, error) {
	text, err := json.Marshal(setting)
	if err != nil {
		return nil, err
	}
	sum := sha256.Sum256(text)
	model := p.Spec.SHA256()[:12] + "-" + hex.EncodeToString(sum[:])[:8]
	if name := run.RecordsName(what, model); o.Run.Has(name) {
		return run.ReadLines[T](o.Run, name)
	}
	var records []T
	err = o.Predict(ctx, p, func(predictor *robustvit.Predictor) (err error) {
		records, err = make(predictor)
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("%s of %s: %w", what, p.Name, err)
	}
	return records, run.WriteRecords(o.Run, what, model, records)
}

// leads are the images' leads over the random order: insertion minus deletion
// less that of the random order, in percent of the probability on the whole
// image.
func leads(records, random []evaluate.FaithfulRecord) ([]float64, error) {
	if len(records) != len(random) {
		return nil, fmt.Errorf("faithfulness: %d images, %d in the random order", len(records), len(random))
	}
	values := make([]float64, len(records))
	for i, r := range records {
		if r.ID != random[i].ID || len(r.Deletion) == 0 {
			return nil, fmt.Errorf("faithfulness: image %s stands beside %s of the random order", r.ID, random[i].ID)
		}
		whole := r.Deletion[0]
		values[i] = 100 * (r.InsertionAUC - r.DeletionAUC - random[i].InsertionAUC + random[i].DeletionAUC) / max(whole, 1e-6)
	}
	return values, nil
}

// lead is the mean lead of an explainer.
func (e explained) lead(kind string) (evaluate.Estimate, error) {
	values, err := leads(e.faithful[kind], e.faithful[randomOrder])
	return evaluate.MeanOf(values), err
}

// comparison is the change of an explainer's maps from one model to another.
type comparison struct {
	maps evaluate.MapChange
	lead evaluate.Estimate
}

func compareExplained(before, after explained, kind string) (c comparison, err error) {
	if len(before.maps[kind]) > 0 {
		if c.maps, err = evaluate.CompareMaps(before.maps[kind], after.maps[kind], nil); err != nil {
			return c, err
		}
	}
	was, err := leads(before.faithful[kind], before.faithful[randomOrder])
	if err != nil {
		return c, err
	}
	is, err := leads(after.faithful[kind], after.faithful[randomOrder])
	if err == nil {
		c.lead, err = evaluate.MeanChange(was, is)
	}
	return c, err
}

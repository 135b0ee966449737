package experiment

import (
	"cmp"
	"context"
	"fmt"
	"slices"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/gallery"
	"github.com/robustvit/workbench/robustvit/pool"
)

// Pictures of each choice.
const (
	figure1Pictures  = 3 // a model
	figure2Pictures  = 3 // a kind
	figure3Pictures  = 2 // a set
	figure15Classes  = 2 // a set
	figure15Pictures = 3 // a class
)

// chosen is a picture of a set by its place.
type chosen struct {
	set   string
	index int
	label string
}

// figure1 is the pretrained model's confident predictions with the least mass on
// the object.
func figure1(ctx context.Context, o *Outcome, b *pool.Base) (*Gallery, error) {
	masks, err := hasMasks(b)
	if err != nil || !masks {
		return nil, err
	}
	records, err := o.Records(ctx, original(b), pool.MapSet)
	if err != nil {
		return nil, err
	}
	maps, err := o.Maps(ctx, original(b), pool.MapSet)
	if err != nil {
		return nil, err
	}
	places, candidates, missing := leastOnObject(records, maps)
	var items []chosen
	for _, i := range places[:min(figure1Pictures, len(places))] {
		items = append(items, chosen{pool.MapSet, i, ""})
	}
	note := fmt.Sprintf("Rule: of the %d images predicted with at least the model's median confidence, right or wrong, the %d whose map has the least of its mass on the object. Small objects come first by it. Of these images %d have less than half of the mass on the object.", candidates, len(items), missing)
	return o.gallery(ctx, b, note, items)
}

// leastOnObject orders the confident predictions by the mass on the object, the
// least first, and counts those with less than half.
func leastOnObject(records []evaluate.Record, maps []evaluate.MapRecord) (places []int, candidates, missing int) {
	var confidences []float64
	for _, r := range records {
		confidences = append(confidences, r.Confidence[0])
	}
	if len(confidences) == 0 || len(records) != len(maps) {
		return nil, 0, 0
	}
	slices.Sort(confidences)
	median := confidences[len(confidences)/2]
	for i, r := range records {
		if r.Confidence[0] < median || r.Top[0] != maps[i].Predicted {
			continue
		}
		places = append(places, i)
		if maps[i].MassOnObject < 50 {
			missing++
		}
	}
	candidates = len(places)
	slices.SortStableFunc(places, func(i, j int) int { return cmp.Compare(maps[i].MassOnObject, maps[j].MassOnObject) })
	return places, candidates, missing
}

// figure2 is pictures of each kind of the clean set.
func figure2(ctx context.Context, o *Outcome, b *pool.Base) (*Gallery, error) {
	var items []chosen
	titles := map[string]string{gallery.Same: "kept", gallery.Corrected: "corrected", gallery.Broken: "broken"}
	for _, kind := range []string{gallery.Same, gallery.Corrected, gallery.Broken} {
		drawn, err := o.drawKind(ctx, b, o.Clean(), kind, figure2Pictures)
		if err != nil {
			return nil, err
		}
		for _, i := range drawn {
			items = append(items, chosen{o.Clean(), i, titles[kind]})
		}
	}
	return o.gallery(ctx, b, fmt.Sprintf("%s, up to %d of each kind. %s", evaluate.Title(o.Clean()), figure2Pictures, gallery.Rule), items)
}

// figure3 is corrected pictures of the shift sets.
func figure3(ctx context.Context, o *Outcome, b *pool.Base) (*Gallery, error) {
	var items []chosen
	for _, set := range o.ShiftSets() {
		drawn, err := o.drawKind(ctx, b, set, gallery.Corrected, figure3Pictures)
		if err != nil {
			return nil, err
		}
		for _, i := range drawn {
			items = append(items, chosen{set, i, evaluate.Title(set)})
		}
	}
	return o.gallery(ctx, b, fmt.Sprintf("Up to %d of each set. %s", figure3Pictures, gallery.Rule), items)
}

// drawKind draws pictures of a kind by the rule.
func (o *Outcome) drawKind(ctx context.Context, b *pool.Base, set, kind string, n int) ([]int, error) {
	was, is, err := o.joined(ctx, original(b), named(b, Ours), []string{set})
	if err != nil {
		return nil, err
	}
	return gallery.Draw(gallery.Kinds(was[0], is[0])[kind], was[0], n, fmt.Sprintf("%d/%s", o.Seed, set)), nil
}

// figure15 is the first broken pictures of the classes that lose most.
func figure15(ctx context.Context, o *Outcome, b *pool.Base) (*Gallery, error) {
	var items []chosen
	for _, set := range o.harmedSets() {
		was, is, err := o.joined(ctx, original(b), named(b, Ours), []string{set})
		if err != nil {
			return nil, err
		}
		changes, err := evaluate.PerClass(was[0], is[0])
		if err != nil {
			return nil, err
		}
		for _, c := range mostHarmed(changes, figure15Classes) {
			label := fmt.Sprintf("%s, %s: %+.0f points, %d images", evaluate.Title(set), className(b, c.Class), c.Points, c.N)
			for _, i := range firstBroken(was[0], is[0], c.Class, figure15Pictures) {
				items = append(items, chosen{set, i, label})
			}
		}
	}
	note := fmt.Sprintf("Rule: the %d classes of a set that lose most, and of each the first %d images that break. Losses of single classes are few images; the experiment per-class says which survive a correction.", figure15Classes, figure15Pictures)
	return o.gallery(ctx, b, note, items)
}

// harmedSets are the paper's two, one shifted far and one hardly, or the first
// sets of that sort.
func (o *Outcome) harmedSets() []string {
	var sets []string
	for _, set := range []string{"imagenet-a", "imagenet-v2"} {
		if slices.Contains(o.Sets, set) {
			sets = append(sets, set)
		}
	}
	if len(sets) > 0 {
		return sets
	}
	if shifts := o.ShiftSets(); len(shifts) > 0 {
		sets = append(sets, shifts[0])
	}
	return append(sets, o.Clean())
}

// mostHarmed are the n classes that lose most, the worst first.
func mostHarmed(changes []evaluate.ClassChange, n int) []evaluate.ClassChange {
	var harmed []evaluate.ClassChange
	for _, c := range slices.Backward(changes) {
		if c.Points < 0 && len(harmed) < n {
			harmed = append(harmed, c)
		}
	}
	return harmed
}

// firstBroken are the first n images of a class, in the set's order, that were
// right and became wrong.
func firstBroken(was, is []evaluate.Record, class, n int) []int {
	var broken []int
	for i, old := range was {
		if old.Class == class && old.Correct(1) && !is[i].Correct(1) && len(broken) < n {
			broken = append(broken, i)
		}
	}
	return broken
}

package experiment

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

// sizedImages are the masks of each class that tell how large its objects are.
const sizedImages = 10

// objectSizes says of each base with masks which of its classes have the smaller
// objects, by the mean area of their masks in the segmentation test.
func (o *Outcome) objectSizes(ctx context.Context) (map[string]func(class int) bool, error) {
	small := map[string]func(int) bool{}
	for _, b := range o.Bases {
		masks, err := hasMasks(b)
		if err != nil {
			return nil, err
		}
		if !masks {
			continue
		}
		areas, err := o.areas(ctx, b)
		if err != nil {
			return nil, err
		}
		if half := smallerHalf(areas); len(half) > 0 {
			small[b.Name] = func(class int) bool { return half[class] }
		}
	}
	return small, nil
}

// areas are the mean share of the picture that a class's objects take, kept in
// the experiment's folder.
func (o *Outcome) areas(ctx context.Context, b *pool.Base) (map[int]float64, error) {
	name := fmt.Sprintf("areas-%s-%s.json", b.Name, b.Before().SHA256()[:12])
	areas := map[int]float64{}
	if o.Run.Has(name) {
		return areas, o.Run.ReadJSON(name, &areas)
	}
	test, err := o.Pool.Test(ctx, b.Name, pool.MapSet)
	if err != nil {
		return nil, err
	}
	counts := map[int]float64{}
	for i := range test.Data.Len() {
		class := test.Data.Entry(i).Class
		if class < 0 || counts[class] >= sizedImages {
			continue
		}
		if ctx.Err() != nil {
			return nil, context.Cause(ctx)
		}
		sample, err := test.Data.Load(i)
		if err != nil {
			return nil, err
		}
		if sample.Mask == nil || len(sample.Mask.Pix) == 0 {
			continue
		}
		inside := 0.0
		for _, m := range sample.Mask.Pix {
			if m > 0 {
				inside++
			}
		}
		areas[class] += inside / float64(len(sample.Mask.Pix))
		counts[class]++
	}
	for class, n := range counts {
		areas[class] /= n
	}
	return areas, o.Run.WriteJSON(name, areas)
}

// smallerHalf are the classes below the median area; ties by class.
func smallerHalf(areas map[int]float64) map[int]bool {
	var classes []int
	for class := range areas {
		classes = append(classes, class)
	}
	slices.SortFunc(classes, func(a, b int) int { return cmp.Or(cmp.Compare(areas[a], areas[b]), a-b) })
	half := map[int]bool{}
	for _, class := range classes[:len(classes)/2] {
		half[class] = true
	}
	return half
}

// claimSmall: classes with small objects gain more.
func (o *Outcome) claimSmall(ctx context.Context, small map[string]func(int) bool) error {
	for _, a := range method {
		n, of, text := 0, 0, []string{}
		for _, b := range o.Bases {
			if small[b.Name] == nil {
				continue
			}
			c, err := o.parts(ctx, []*pool.Base{b}, a, o.ShiftSets(), 1, func(*pool.Base) func(int) bool { return small[b.Name] })
			if err != nil {
				return err
			}
			if of++; c.Gap.Low > 0 {
				n++
			}
			text = append(text, b.Title+" "+toldSizes(c))
		}
		o.Say(Claim{Claim: "Classes with small objects benefit more (" + a.Title + ")", Source: "Appendix J", Verdict: share(n, of),
			Text: "Mean change in R@1 over the shift sets of the half of the classes with the smaller objects (mean area of their masks), of the others, and the difference, interval over images: " + strings.Join(text, "; ") + "."})
	}
	return nil
}

func toldSizes(c evaluate.PartsChange) string {
	if c.Gap.N == 0 {
		return "has no set with classes of both"
	}
	return fmt.Sprintf("%s, %s, difference %s", estimate(c.Inside), estimate(c.Outside), estimate(c.Gap))
}

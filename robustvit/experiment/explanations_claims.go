package experiment

import (
	"fmt"
	"strings"

	"github.com/robustvit/workbench/robustvit/pool"
)

// claimsExplanations judges whether the maps are more faithful, and whether other
// explainers agree.
func (o *Outcome) claimsExplanations(found map[string]explained) error {
	const prettier, faithful, agree = "Maps cover the object better", "Maps are more faithful to the model, not only prettier", "Explainers that were not trained on cover the object better too"
	covered, better, carried, explainers, text, others := 0, 0, 0, 0, "", ""
	masks := false
	for _, b := range o.Bases {
		c, err := compareExplained(found[original(b)], found[named(b, Ours)], gaeName)
		if err != nil {
			return err
		}
		masks = masks || c.maps.MeanIoU.N > 0
		beaten, said, err := o.beatsControls(b, found)
		if err != nil {
			return err
		}
		if c.maps.MeanIoU.Low > 0 && beaten.overlap {
			covered++
		}
		if c.lead.Low > 0 && beaten.lead {
			better++
		}
		text += fmt.Sprintf("%s: mIoU %s, lead %s; %s. ", b.Title, spelled(c.maps.MeanIoU), spelled(c.lead), said)
		for _, kind := range explainerNames()[1:] {
			c, err := compareExplained(found[original(b)], found[named(b, Ours)], kind)
			if err != nil {
				return err
			}
			if explainers++; c.maps.MeanIoU.Low > 0 {
				carried++
			}
			others += fmt.Sprintf("%s, %s %s. ", b.Title, kind, spelled(c.maps.MeanIoU))
		}
	}
	n := len(o.Bases)
	note := "Ours against the original, and against its controls on the same images."
	if masks {
		o.Say(Claim{Claim: prettier, Source: "Table 3", Verdict: share(covered, n), Text: text + note})
		o.Say(Claim{Claim: agree, Source: beyondPaper, Verdict: share(carried, explainers), Text: fmt.Sprintf("Change of the mIoU by ours: %s%d of %d rise with their interval. Controls are not asked here.", others, carried, explainers)})
	} else {
		o.Say(untested(prettier, "Table 3", "The data have no masks to test maps against."))
		o.Say(untested(agree, beyondPaper, "The data have no masks to test maps against."))
	}
	o.Say(Claim{Claim: faithful, Source: beyondPaper, Verdict: share(better, n), Text: text + note})
	return nil
}

// beats says in what ours beats both controls with the interval.
type beats struct{ overlap, lead bool }

func (o *Outcome) beatsControls(b *pool.Base, found map[string]explained) (beats, string, error) {
	all, text := beats{true, true}, ""
	for _, a := range controlsOf(Ours) {
		c, err := compareExplained(found[named(b, a)], found[named(b, Ours)], gaeName)
		if err != nil {
			return all, "", err
		}
		all.overlap, all.lead = all.overlap && c.maps.MeanIoU.Low > 0, all.lead && c.lead.Low > 0
		text += fmt.Sprintf("against %s mIoU %s, lead %s; ", a.Title, spelled(c.maps.MeanIoU), spelled(c.lead))
	}
	return all, strings.TrimSuffix(text, "; "), nil
}

package mainjob

import (
	"fmt"
	"math"
	"strings"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

// Sentence is one plain statement about the results.
type Sentence struct {
	Model string `json:"model"`
	Kind  string `json:"kind"` // "rose", "fell" or "noise"
	Text  string `json:"text"`
}

// verdict says what rose, what fell and what lies within the noise, for every
// finetuned model. A change counts only where its 95 % interval excludes 0.
func verdict(r *Results) []Sentence {
	var sentences []Sentence
	for _, m := range r.Models[1:] {
		add := func(kind, format string, args ...any) {
			sentences = append(sentences, Sentence{m.Name, kind, m.Title + ": " + fmt.Sprintf(format, args...)})
		}
		shift := r.Shift[m.Name]
		if shift.N > 0 {
			var better, worse []string
			for _, set := range r.Sets {
				if d := set.Delta[m.Name]; set.Shift && d.Significant() {
					if d.Points > 0 {
						better = append(better, set.Title)
					} else {
						worse = append(worse, set.Title)
					}
				}
			}
			add(kind(shift), "accuracy over the shift sets %s%s%s.", change(shift), listed(better, "rose"), listed(worse, "fell"))
			add(kind(r.ShiftB[m.Name]), "on classes it was never finetuned on (set B) shift accuracy %s; on the finetuned ones (set A) it %s.",
				change(r.ShiftB[m.Name]), change(r.ShiftA[m.Name]))
		}
		if len(r.Sets) > 0 {
			clean := r.Sets[0]
			add(kind(clean.Delta[m.Name]), "accuracy on %s %s.", clean.Title, change(clean.Delta[m.Name]))
		}
		if before, ok := r.Segmentation[Before]; ok {
			after := r.Segmentation[m.Name]
			add("noise", "the relevance map overlaps the object with mIoU %.1f, before %.1f.", after.MeanIoU, before.MeanIoU)
			sentences[len(sentences)-1].Kind = direction(after.MeanIoU-before.MeanIoU, 0.5)
		}
	}
	return sentences
}

func kind(d evaluate.Difference) string {
	if !d.Significant() {
		return "noise"
	}
	return direction(d.Points, 0)
}

func direction(change, least float64) string {
	switch {
	case change > least:
		return "rose"
	case change < -least:
		return "fell"
	}
	return "noise"
}

// change is a difference in words: "rose by 4.2 points (95 % interval 3.1 to 5.3)".
func change(d evaluate.Difference) string {
	interval := fmt.Sprintf("(95 %% interval %+.1f to %+.1f)", noZero(d.Low), noZero(d.High))
	switch kind(d) {
	case "rose":
		return fmt.Sprintf("rose by %.1f points %s", d.Points, interval)
	case "fell":
		return fmt.Sprintf("fell by %.1f points %s", -d.Points, interval)
	}
	return fmt.Sprintf("changed by %+.1f points, within the noise %s", noZero(d.Points), interval)
}

func listed(sets []string, verb string) string {
	switch len(sets) {
	case 0:
		return ""
	case 1:
		return fmt.Sprintf("; %s %s beyond the noise", sets[0], verb)
	}
	return fmt.Sprintf("; %d sets %s beyond the noise (%s)", len(sets), verb, strings.Join(sets, ", "))
}

// noZero spares the reader a "-0.0".
func noZero(points float64) float64 {
	if math.Abs(points) < 0.05 {
		return 0
	}
	return points
}

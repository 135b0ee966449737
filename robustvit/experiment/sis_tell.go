package experiment

import (
	"errors"
	"fmt"

	"github.com/robustvit/workbench/robustvit/evaluate"
)

const (
	sisClaim  = "In any image there is a subset of pixels that makes the model say any label confidently"
	sisSource = "Appendix A, Figure 5"
)

func (o *Outcome) tellSubsets(all []sisFound) error {
	growth, err := growthTable(all)
	if err != nil {
		return err
	}
	o.Add(Section{Title: "Subsets that suffice", Lead: "For the class that the model predicts, and for labels drawn at random.", Tables: []Table{subsetTable(all), growth}, Plots: []Plot{subsetPlot(all)}})
	for _, f := range all {
		o.Add(Section{Title: f.base.Title + ": pictures", Galleries: []Gallery{f.gallery()}})
		for i, image := range f.targets.images[:min(galleryImages, len(f.targets.images))] {
			if err := o.savePicture(f.imageFile(i), image.picture); err != nil {
				return err
			}
		}
	}
	return o.claimSubsets(all)
}

// sizes are the shares of pixels of the found subsets.
func sizes(subsets []evaluate.Subset) (found []float64) {
	for _, s := range subsets {
		if s.Found {
			found = append(found, s.Share)
		}
	}
	return found
}

// subsetTable is how many subsets were found, their size and confidence.
func subsetTable(all []sisFound) Table {
	t := Table{Name: "subsets", Title: "Subsets with p at least 0.9", Corner: "model",
		Note: "Pixels: mean over the found subsets, percent of the image. Confidence: mean over all targets, of the highest reached where none suffices. Refined: found only by refinement. On the whole image: mean p of the label asked for."}
	for _, group := range []string{"predicted class", "random label"} {
		for _, name := range []string{"found", "refined", "pixels, %", "confidence", "on the whole image"} {
			t.Columns = append(t.Columns, Column{Name: name, Group: group})
		}
	}
	for i, f := range all {
		for j, p := range f.points {
			row := Row{Name: p.Base.Title + ", " + p.Title, Rule: i > 0 && j == 0}
			for _, random := range []bool{false, true} {
				some := f.kind(p, random)
				found, refined, confidence, whole := 0, 0, 0.0, 0.0
				for _, s := range some {
					if s.Found {
						found++
						if s.Refined {
							refined++
						}
					}
					confidence, whole = confidence+s.Confidence, whole+s.Whole
				}
				n := float64(max(len(some), 1))
				row.Cells = append(row.Cells, words(fmt.Sprintf("%d of %d", found, len(some))), number(float64(refined), 0), level(evaluate.MeanOf(sizes(some)), 1), number(confidence/n, 2), number(whole/n, 2))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t
}

// growth is how much larger the random labels' subsets of a model are than those
// of another.
type growth struct {
	both evaluate.Estimate // where both were found, points of the image's pixels
	all  evaluate.Estimate // all targets, one that was not found counted as the whole image
}

func growthOf(before, after []evaluate.Subset) (g growth, err error) {
	var was, is, wasAll, isAll []float64
	whole := func(s evaluate.Subset) float64 {
		if s.Found {
			return s.Share
		}
		return 100
	}
	if len(before) != len(after) {
		return g, errors.New("subsets of other targets")
	}
	for i, s := range before {
		wasAll, isAll = append(wasAll, whole(s)), append(isAll, whole(after[i]))
		if s.Found && after[i].Found {
			was, is = append(was, s.Share), append(is, after[i].Share)
		}
	}
	if g.both, err = evaluate.MeanChange(was, is); err != nil {
		return g, err
	}
	g.all, err = evaluate.MeanChange(wasAll, isAll)
	return g, err
}

// growthTable compares each finetuned model with the original.
func growthTable(all []sisFound) (Table, error) {
	t := Table{Name: "subset-growth", Title: "Size of the subsets against the original, points of the image's pixels", Corner: "model",
		Note: intervalNote + "All: a subset that was not found counts as the whole image, which a weaker search moves too."}
	for _, group := range []string{"predicted class", "random label"} {
		t.Columns = append(t.Columns, Column{Name: "found in both", Group: group}, Column{Name: "pairs", Group: group}, Column{Name: "all", Group: group})
	}
	for i, f := range all {
		for j, p := range f.points[1:] {
			row := Row{Name: p.Base.Title + ", " + p.Title, Rule: i > 0 && j == 0}
			for _, random := range []bool{false, true} {
				g, err := growthOf(f.kind(f.points[0], random), f.kind(p, random))
				if err != nil {
					return t, err
				}
				row.Cells = append(row.Cells, moved(g.both, 1), number(float64(g.both.N), 0), moved(g.all, 1))
			}
			t.Rows = append(t.Rows, row)
		}
	}
	return t, nil
}

func subsetPlot(all []sisFound) Plot {
	plot := Plot{Kind: Bars, Title: "Size of the subsets that were found", Y: "pixels, %", Caption: "95 % bootstrap over targets; 0 where none was found."}
	series := []Series{{Name: "predicted class"}, {Name: "random label"}}
	for _, f := range all {
		for _, p := range f.points {
			plot.Names = append(plot.Names, p.Base.Title+", "+p.Title)
			for k := range series {
				e := evaluate.MeanOf(sizes(f.kind(p, k == 1)))
				s := &series[k]
				s.Y, s.Low, s.High = append(s.Y, round2(e.Value)), append(s.Low, round2(e.Low)), append(s.High, round2(e.High))
			}
		}
	}
	plot.Series = series
	return plot
}

// galleryImages is the number of images that are shown.
const galleryImages = 4

func (f sisFound) imageFile(i int) string {
	return fmt.Sprintf("pictures/sis-%s-%d.png", f.base.Name, i+1)
}

// gallery shows the subsets of the original and of ours, for the predicted class
// and for the first random label.
func (f sisFound) gallery() Gallery {
	g := Gallery{Title: f.base.Title, Columns: []string{"Image"},
		Note: "Kept pixels on the colour that the model sees in place of the others. A tick: it suffices for the label below."}
	shown := f.points[:min(2, len(f.points))] // the original and ours
	for _, kind := range []string{"predicted", "random label"} {
		for _, p := range shown {
			g.Columns = append(g.Columns, kind+", "+p.Title)
		}
	}
	step := 1 + f.targets.size.Labels
	for i, image := range f.targets.images[:min(galleryImages, len(f.targets.images))] {
		row := GalleryRow{Label: image.ID, Pictures: []Picture{{File: f.imageFile(i), Caption: f.points[0].className(f.targets.test, image.Class)}}}
		for kind := range min(2, step) {
			for _, p := range shown {
				k := i*step + kind
				if k >= len(f.subsets[p.Name]) {
					continue
				}
				s, mark := f.subsets[p.Name][k], "wrong"
				if s.Found {
					mark = "right"
				}
				row.Pictures = append(row.Pictures, Picture{File: f.targets.picture(p, k), Mark: mark,
					Caption: fmt.Sprintf("%s, p %.2f, %.1f %% of the pixels", p.className(f.targets.test, s.Class), s.Confidence, s.Share)})
			}
		}
		g.Rows = append(g.Rows, row)
	}
	return g
}

// claimSubsets judges the appendix on the original models, and asks whether the
// subsets of random labels grow.
func (o *Outcome) claimSubsets(all []sisFound) error {
	found, of, text := 0, 0, ""
	larger, grown := 0, ""
	for _, f := range all {
		random := f.kind(f.points[0], true)
		n := len(sizes(random))
		found, of = found+n, of+len(random)
		text += fmt.Sprintf("%s %d of %d, with %.1f %% of the pixels on average (predicted class: %.1f %%). ", f.base.Title, n, len(random), evaluate.MeanOf(sizes(random)).Value, evaluate.MeanOf(sizes(f.kind(f.points[0], false))).Value)
		held, said, err := f.judgeGrowth()
		if err != nil {
			return err
		}
		if held {
			larger++
		}
		grown += said
	}
	o.Say(Claim{Claim: sisClaim, Source: sisSource, Verdict: share(found, of),
		Text: "Random labels on the original models, p at least 0.9: " + text + "The paper shows five images with five labels and finds all; which of its models it does not say."})
	o.Say(Claim{Claim: "Finetuning makes the subsets of random labels larger", Source: beyondPaper, Verdict: share(larger, len(all)),
		Text: "Ours, points of the image's pixels where both were found: " + grown + "Held where the size rises with its interval against the original and the control."})
	return nil
}

// judgeGrowth compares ours with the original and the controls.
func (f sisFound) judgeGrowth() (held bool, text string, err error) {
	held = true
	ours := -1
	for i, p := range f.points {
		if p.Name == named(f.base, Ours) {
			ours = i
		}
	}
	text = f.base.Title + ":"
	for i, p := range f.points {
		if i == ours {
			continue
		}
		g, err := growthOf(f.kind(p, true), f.kind(f.points[ours], true))
		if err != nil {
			return false, "", err
		}
		held = held && g.both.N > 0 && g.both.Low > 0
		text += fmt.Sprintf(" against %s %s (%d pairs);", p.Title, spelled(g.both), g.both.N)
	}
	return held, text + " ", nil
}

package report

import (
	"fmt"

	"github.com/robustvit/workbench/viz"
)

func (c config) subtitle(r *Results) string {
	if c.Model == "" || c.Data == "" {
		return fmt.Sprintf("%d models on %s.", len(r.Models), sets(len(r.Sets)))
	}
	return fmt.Sprintf("%s, finetuned so that its relevance lies on the object for %d of %d classes (data: %s), compared on %s with the original and a control that saw the same images.",
		c.Model, len(r.SetA), len(r.SetA)+len(r.SetB), c.Data, sets(len(r.Sets)))
}

func sets(n int) string {
	if n == 1 {
		return "one evaluation set"
	}
	return fmt.Sprintf("%d evaluation sets", n)
}

// limits says what the numbers are and what they are not.
func (c config) limits(r *Results) viz.Callout {
	call := viz.Callout{Tone: viz.Warning, Title: "What this is, and what it is not"}
	if c.Data == demonstration {
		call.Text = append(call.Text, fmt.Sprintf("A constructed demonstration of when the method helps: %d generated silhouettes whose background gives the class away in training. The sets mirror the paper's columns and carry their names, but they are generated; nothing here is a result on ImageNet.", len(r.SetA)+len(r.SetB)))
	} else {
		call.Text = append(call.Text, fmt.Sprintf("One run on %s: one model, one draw of images, one seed.", firstOf(c.Data, "one data set")))
	}
	if hasModel(r, ours) && hasModel(r, published) {
		call.Text = append(call.Text, "One model departs from the paper: its confidence term is a softmax over the finetuned classes only. The published term goes over all classes; with few classes it pushes the others down, and they are forgotten. Both are shown, so that the difference can be seen.")
	}
	call.Text = append(call.Text,
		"Better maps need not mean better accuracy. What counts is the change on the shift sets against the control, which saw the same images for as many steps.",
		"The intervals hold the chance in the evaluated images, not that of another seed, another half of the classes or another pretrained model.")
	return call
}

func hasModel(r *Results, name string) bool {
	for _, m := range r.Models {
		if m.Name == name {
			return true
		}
	}
	return false
}

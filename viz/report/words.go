package report

import (
	"fmt"
	"strings"

	"github.com/robustvit/workbench/viz"
)

func (c config) subtitle(r *Results) string {
	if c.Kind == kindEvaluation || c.Model == "" {
		text := fmt.Sprintf("%s on %s", plural(len(r.Models), "model"), plural(len(r.Sets), "evaluation set"))
		if c.Data != "" {
			text += " of " + private(c.Data)
		}
		return text + "."
	}
	against := "the original"
	if hasModel(r, control) {
		against += " and a control that saw the same images"
	}
	return fmt.Sprintf("%s, finetuned so that its relevance lies on the object for %d of %d classes (data: %s), compared on %s with %s.",
		private(c.Model), len(r.SetA), len(r.SetA)+len(r.SetB), private(firstOf(c.Data, "unnamed")), plural(len(r.Sets), "evaluation set"), against)
}

func plural(n int, what string) string {
	if n == 1 {
		return "one " + what
	}
	if strings.HasSuffix(what, "ss") {
		what += "e"
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// limits says what the numbers are and what they are not.
func (c config) limits(r *Results) viz.Callout {
	call := viz.Callout{Tone: viz.Warning, Title: "What this is, and what it is not"}
	if c.demonstration() {
		call.Text = append(call.Text, fmt.Sprintf("A constructed demonstration of when the method helps: %d generated silhouettes whose background gives the class away in training. The sets mirror the paper's columns and carry their names, but they are generated; nothing here is a result on ImageNet.", len(r.SetA)+len(r.SetB)))
	} else {
		call.Text = append(call.Text, fmt.Sprintf("One run on %s: one model, one draw of images, one seed.", private(firstOf(c.Data, "one data set"))))
	}
	if hasModel(r, ours) && hasModel(r, published) {
		call.Text = append(call.Text, "One model departs from the paper: its confidence term is a softmax over the finetuned classes only. The published term goes over all classes, so it also lowers the outputs of the classes that are not finetuned. Both are shown: what it costs those classes stands in the rows of set B.")
	}
	better := "Better maps need not mean better accuracy."
	if hasModel(r, control) && r.shiftSets() > 0 {
		better += " What counts is the change on the shift sets against the control, which saw the same images for as many steps."
	}
	call.Text = append(call.Text, better,
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

package experiment

import (
	"github.com/robustvit/workbench/robustvit/experiment/paper"
	"github.com/robustvit/workbench/robustvit/pool"
)

// paperModel is the paper's model that a base stands for: itself, or for an
// embedded one the base model of its family.
func paperModel(b *pool.Base) (paper.Model, bool) {
	for _, name := range []string{b.Model.Variant.Name, b.Name, b.Title} {
		if m, _, ok := paper.ModelOf(name); ok {
			return m, true
		}
	}
	return "", false
}

// paperMethods are the rows of Tables 1 and 2 by arm. Our departure and the
// controls have none.
var paperMethods = map[string]paper.Method{
	"original": paper.Original, Published.Name: paper.Ours, PublishedTokenCut.Name: paper.OursTokenCut,
	gradMaskReleasedName: paper.GradMask, rrrReleasedName: paper.RRR, // the published numbers come from the released code
}

// armName is the arm of a point: its name without the base's.
func armName(p Point) string { return p.Name[len(p.Base.Name)+1:] }

// paperTop is the published top-k beside a point's, where the paper has it.
func paperTop(k int) lookup {
	return func(p Point, set string) (float64, bool) {
		m, ok := paperModel(p.Base)
		method, known := paperMethods[armName(p)]
		if !ok || !known {
			return 0, false
		}
		return paper.Accuracy(paper.Main, m, method, paper.Set(set), k)
	}
}

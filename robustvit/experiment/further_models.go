package experiment

import (
	"slices"
	"strings"

	"github.com/robustvit/workbench/robustvit/pool"
	"github.com/robustvit/workbench/robustvit/recipe"
	"github.com/robustvit/workbench/weights/demo"
)

// demoBase is the embedded model that further embedded ones are set beside, nil
// where the sweep works on others.
func (w *Work) demoBase() *pool.Base {
	if w.Data != recipe.Shapes {
		return nil
	}
	for _, b := range w.Bases {
		if b.Model.Source == embedded[0] {
			return b
		}
	}
	return nil
}

// besides are the sweep's embedded model and further ones of these families;
// missing are families that this program does not hold. Elsewhere there is none
// of either.
func (w *Work) besides(families ...string) (bases []*pool.Base, missing []string, err error) {
	first := w.demoBase()
	if first == nil {
		return nil, nil, nil
	}
	var held []string
	for _, family := range families {
		if slices.Contains(demo.Families(), family) {
			held = append(held, family)
		} else {
			missing = append(missing, "demo:"+family)
		}
	}
	further, err := w.Open(held...)
	return append([]*pool.Base{first}, further...), missing, err
}

// absent says which models are not there, "" where all are.
func absent(missing []string) string {
	if len(missing) == 0 {
		return ""
	}
	return " This program does not embed " + strings.Join(missing, " and ") + ": left out."
}

package experiment

import (
	"fmt"

	"github.com/robustvit/workbench/robustvit/evaluate"
	"github.com/robustvit/workbench/robustvit/pool"
)

// mapStudies look closer at the models of the main results: other draws, maps,
// halves of the classes, single classes, pictures.
var mapStudies = []Experiment{draws, table3, halves, perClass, figures}

// hasMasks says whether the base's data can test maps against masks.
func hasMasks(b *pool.Base) (bool, error) {
	d, err := b.Data.Segmentation()
	if err != nil {
		return false, fmt.Errorf("masks of %s: %w", b.Data.Name(), err)
	}
	return d != nil, nil
}

// interval is "+2.4 [1.5, 3.3]".
func interval(value, low, high float64) string {
	return points(evaluate.Difference{Points: value, Low: low, High: high})
}

func estimate(e evaluate.Estimate) string { return interval(e.Value, e.Low, e.High) }

// className is the data's name of a class; a model may know more classes.
func className(b *pool.Base, class int) string {
	if names := b.Data.Classes(); class >= 0 && class < len(names) {
		return names[class]
	}
	return b.Model.ClassName(class)
}

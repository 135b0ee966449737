package recipe

import (
	"slices"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
)

// shapesClasses are the embedded data with more classes, by name.
var shapesClasses = map[string]int{Shapes + "40": 40, Shapes + "80": 80}

// isShapes says whether the source is the embedded data.
func isShapes(source string) bool { return source == Shapes || shapesClasses[source] > 0 }

// openShapes opens the embedded data with the classes that the name says, the
// options ask for or the model has, in this order.
func openShapes(source string, o DataOptions) (data.Collection, error) {
	options := o.Shapes
	if named := shapesClasses[source]; named > 0 {
		options.Classes = named
	} else if options.Classes == 0 {
		options.Classes = modelClasses(o)
	}
	if err := options.Validate(); err != nil {
		return nil, err
	}
	return shapes.NewCollection(options), nil
}

// modelClasses is 40 or 80 where the model's classes are those of the embedded
// data, and otherwise 0, so that a foreign model is refused by its class names.
func modelClasses(o DataOptions) int {
	for _, n := range shapesClasses {
		if o.Outputs == n && (len(o.Classes) == 0 || slices.Equal(o.Classes, shapes.NewCollection(shapes.Options{Classes: n}).Classes())) {
			return n
		}
	}
	return 0
}

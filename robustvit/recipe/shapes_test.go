package recipe

import (
	"strings"
	"testing"

	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// The embedded data come with the classes of the model, unless the name says how many.
func TestShapesFollowTheModel(t *testing.T) {
	names := func(classes int) []string {
		return shapes.NewCollection(shapes.Options{Classes: classes}).Classes()
	}
	foreign := names(80)[:40]
	foreign[3] = "horse"
	for name, test := range map[string]struct {
		source  string
		outputs int
		classes []string
		want    string
	}{
		"20 classes":           {"shapes", 20, names(20), "shapes"},
		"40 classes":           {"shapes", 40, names(40), "shapes40"},
		"80 without names":     {"shapes", 80, nil, "shapes80"},
		"40 foreign classes":   {"shapes", 40, foreign, "shapes"},
		"ImageNet":             {"shapes", 1000, nil, "shapes"},
		"no model":             {"shapes", 0, nil, "shapes"},
		"named":                {"shapes40", 0, nil, "shapes40"},
		"named, another model": {"shapes80", 20, names(20), "shapes80"},
	} {
		m := &pretrained.Model{Variant: robustvit.Variant{Classes: test.outputs}, Classes: test.classes}
		c, err := OpenData(test.source, ModelData(m, shapes.Options{EvalImages: 3}))
		if err != nil || c.Name() != test.want {
			t.Errorf("%s: %v, %v, expected %s", name, c, err, test.want)
			continue
		}
		set, err := c.Set("val")
		if err != nil || set.Len() != 3 {
			t.Errorf("%s: the options are lost: %v", name, err)
		}
	}
	if _, err := OpenData("shapes", DataOptions{Shapes: shapes.Options{Classes: 60}}); err == nil || !strings.Contains(err.Error(), "20, 40 or 80") {
		t.Errorf("60 classes: error %v", err)
	}
}

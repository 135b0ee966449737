package evaluate

import (
	"strings"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shift"
)

// titles are the paper's columns, and sets beside them.
var titles = map[string]string{
	"imagenet-s-val": "INet-S val", "imagenet-v2-threshold": "INet-v2 thr.", "imagenet-v2-top": "INet-v2 top",
	"val": "INet val", "imagenet-a": "INet-A", "imagenet-r": "INet-R", "imagenet-sketch": "Sketch", "imagenet-v2": "INet-v2",
	"objectnet": "ObjectNet", "si-location": "SI-loc.", "si-rotation": "SI-rot.", "si-size": "SI-size",
}

// Title is the paper's name of an evaluation set.
func Title(set string) string {
	if title, ok := titles[set]; ok {
		return title
	}
	if title, ok := shift.Title(set); ok {
		return title
	}
	return set
}

// IsShift leaves out the sets that are distributed like the training images.
func IsShift(set string) bool {
	return set != "val" && set != "test" && set != "imagenet-s-val" && !strings.HasPrefix(set, "imagenet-v2")
}

// Files is what became of the files of the named sets, and under [MapsName] of
// those of the segmentation test where there is one.
func Files(c data.Collection, sets []string, segment bool) (map[string]data.Tally, error) {
	files := map[string]data.Tally{}
	for _, name := range sets {
		d, err := c.Set(name)
		if err != nil {
			return nil, err
		}
		files[name] = data.TallyOf(d)
	}
	if !segment {
		return files, nil
	}
	d, err := c.Segmentation()
	if err == nil && d != nil {
		files[MapsName] = data.TallyOf(d)
	}
	return files, err
}

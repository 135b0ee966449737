package recipe

import (
	"fmt"
	"strconv"
	"strings"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/shapes"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// OpenSample opens one image for a model: an image file, or one of the embedded
// data by set and number ("shapes:val/12"), which has a class and a mask.
func OpenSample(source string, m *pretrained.Model) (data.Sample, error) {
	address, embedded := strings.CutPrefix(source, Shapes+":")
	if !embedded {
		img, err := data.ReadImage(source)
		return data.Sample{Entry: data.Entry{ID: source, Class: data.NoClass}, Image: img}, err
	}
	set, text, _ := strings.Cut(address, "/")
	number, err := strconv.Atoi(text)
	if err != nil {
		return data.Sample{}, fmt.Errorf("image %q: expected a file, or %s:SET/NUMBER such as %s:val/12", source, Shapes, Shapes)
	}
	c, err := OpenData(Shapes, ModelData(m, shapes.Options{}))
	if err != nil {
		return data.Sample{}, err
	}
	d, err := c.Set(set)
	if err != nil {
		return data.Sample{}, fmt.Errorf("image %q: %w", source, err)
	}
	sample, err := d.Load(number)
	if err == nil && len(m.Classes) > 0 && MatchClasses(m, c) != nil {
		sample.Class = data.NoClass // a model of other classes cannot be right about it
	}
	return sample, err
}

package recipe

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/robustvit/workbench/data"
	"github.com/robustvit/workbench/data/imagenet"
	"github.com/robustvit/workbench/robustvit/pretrained"
)

// ClassIndices turns the user's class names or numbers into sorted indices.
func ClassIndices(asked, names []string) ([]int, error) {
	var indices []int
	for _, word := range asked {
		index := slices.Index(names, word)
		if number, err := strconv.Atoi(word); index < 0 && err == nil && number >= 0 && number < len(names) {
			index = number
		}
		if index < 0 {
			return nil, fmt.Errorf("class %q is none of the %d classes (%s); name a class or its number from 0 to %d", word, len(names), some(names), len(names)-1)
		}
		indices = append(indices, index)
	}
	slices.Sort(indices)
	return slices.Compact(indices), nil
}

// Fraction draws this share of the data's classes by the seed, at least one,
// among those with perClass images: the paper's set A is half of them.
func Fraction(share float64, d data.Dataset, perClass int, seed uint64) ([]int, error) {
	if !(share > 0 && share <= 1) {
		return nil, fmt.Errorf("fraction of classes %g must be above 0 and at most 1; give a share such as 0.5", share)
	}
	return data.DrawClasses(d, perClass, max(1, int(math.Round(share*float64(len(d.Classes()))))), seed), nil
}

// MatchClasses refuses data whose classes are not the model's: a shifted class
// list gives numbers that look like results. Data without classes is refused too.
func MatchClasses(m *pretrained.Model, d data.Collection) error {
	names := d.Classes()
	if len(names) == 0 { // a test set alone says what it is good for
		_, err := d.Train()
		return err
	}
	if len(names) > m.Variant.Outputs() {
		return fmt.Errorf("%s has %d classes, the model %s only %d; use a model that was trained on these classes", d.Name(), len(names), m.Source, m.Variant.Outputs())
	}
	if imagenet.IsList(names) && imagenet.IsList(m.Classes) {
		return nil // WordNet ids here, words there, or the other way round
	}
	if m.Variant.Classes > 0 && m.Classes == nil && m.Variant.Classes != len(names) && wordNetIDs(names) {
		return fmt.Errorf("%s has %d classes of ImageNet-1k, the model %s has %d outputs without names; use a model of the 1000 classes, or one trained on exactly these", d.Name(), len(names), m.Source, m.Variant.Classes)
	}
	for i, name := range names {
		if i >= len(m.Classes) || m.Classes[i] == name {
			continue
		}
		if slices.Contains(m.Classes, name) {
			return fmt.Errorf("class %d of %s is %q, of the model %s %q; put the model's class names in that order into classes.txt beside the sets", i, d.Name(), name, m.Source, m.Classes[i])
		}
		return fmt.Errorf("class %d of %s is %q, of the model %s %q; use a model that was trained on these classes", i, d.Name(), name, m.Source, m.Classes[i])
	}
	return nil
}

// wordNetIDs says whether all names are classes of ImageNet-1k.
func wordNetIDs(names []string) bool {
	for _, name := range names {
		if _, ok := imagenet.Index(name); !ok {
			return false
		}
	}
	return len(names) > 0
}

// some lists the first names.
func some(names []string) string {
	const most = 24
	if len(names) > most {
		return strings.Join(names[:most], ", ") + ", ..."
	}
	return strings.Join(names, ", ")
}

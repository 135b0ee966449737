package shift

import (
	"fmt"
	"strings"

	"github.com/robustvit/workbench/data"
)

// Kind is one way to shift a set; its name is the set's folder.
type Kind struct {
	Name  string
	Title string // in tables
	Mask  bool   // needs the object's mask
	apply func(t task) (outcome, error)
}

// Original is the kind that changes nothing: the same images to compare with.
const Original = "original"

// Kinds lists all, the unchanged copy first, in the order of the tables.
func Kinds() []Kind {
	return []Kind{
		{Original, "Original", false, unchanged},
		{"bg-blurred", "Background blurred", true, backgroundBlurred},
		{"bg-replaced", "Background replaced", true, backgroundReplaced},
		{"bg-gray", "Background gray", true, backgroundGray},
		{"object-moved", "Object moved", true, objectMoved},
		{"rotated", "Rotated", false, rotated},
		{"moved", "Picture moved", false, moved},
		{"gray", "Gray", false, gray},
		{"noise", "Noise", false, noise},
	}
}

// Title is the name of a set in tables.
func Title(set string) (string, bool) {
	for _, k := range Kinds() {
		if k.Name == set {
			return k.Title, true
		}
	}
	return "", false
}

// choose finds kinds by name; nil takes all, without masks those that need none.
func choose(names []string, masks bool) ([]Kind, error) {
	if names == nil {
		var all []Kind
		for _, k := range Kinds() {
			if masks || !k.Mask {
				all = append(all, k)
			}
		}
		return all, nil
	}
	var chosen []Kind
	for _, name := range names {
		k, err := kindByName(name)
		if err != nil {
			return nil, err
		}
		if k.Mask && !masks {
			return nil, fmt.Errorf("kind %s needs masks and the set has none; make masks with `robustvit masks`, or leave it out", name)
		}
		chosen = append(chosen, k)
	}
	return chosen, nil
}

func kindByName(name string) (Kind, error) {
	var names []string
	for _, k := range Kinds() {
		if k.Name == name {
			return k, nil
		}
		names = append(names, k.Name)
	}
	return Kind{}, fmt.Errorf("kind of shift %q is unknown; use some of %s", name, strings.Join(names, ", "))
}

// task is one sample to shift.
type task struct {
	sample data.Sample
	draws  *data.Draws
	donor  func(d *data.Draws) (data.Sample, error) // another sample with a mask
}

// outcome is the shifted sample and the numbers that made it, or the reason
// why there is none.
type outcome struct {
	image  *data.Image
	mask   *data.Mask
	params map[string]any
	skip   string
}

func skipped(reason string) (outcome, error) { return outcome{skip: reason}, nil }

func unchanged(t task) (outcome, error) {
	return outcome{image: t.sample.Image, mask: t.sample.Mask}, nil
}
